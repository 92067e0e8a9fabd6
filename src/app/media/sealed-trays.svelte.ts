/** Trays of private talks: what lies in them leaves sealed, each file as a line of its own once the city has it. */
import type { SealedPost } from '#client/direct/sealed-post.ts';
import type { FileTray } from '#features/chat/index.ts';
import type { Trays } from '#features/media/index.ts';
import { peopleOf } from '#protocol/direct/rumors.ts';
import { fail, ok } from '#shared/result.ts';
import { DAY, HOUR } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';

/** How long the city may keep a sealed file, seconds; 0: until somebody takes it back. */
export const KEEPING = [0, 30 * DAY, 7 * DAY, DAY, HOUR] as const;

interface SealedTrayPorts {
  readonly trays: Trays;
  readonly post: Pick<SealedPost, 'send'>;
  readonly clock: Clock;
  /** A file did not leave, and why, in a sentence. */
  readonly onfailed: (name: string, words: string) => void;
}

export class SealedTrays {
  /** The choice for what leaves next. */
  keeping = $state<number>(KEEPING[0]);
  readonly trays: Trays;
  readonly #ports: SealedTrayPorts;

  constructor(ports: SealedTrayPorts) {
    this.#ports = ports;
    this.trays = ports.trays;
  }

  /** A talk's tray; `place` begins with the talk's name, an answer's thread may follow. */
  of(place: string): FileTray {
    const tray = this.trays.of(place);
    const people = peopleOf(place.split(' ')[0] ?? '') ?? [];
    return {
      get isEmpty() {
        return tray.isEmpty;
      },
      get isReady() {
        return tray.isReady;
      },
      add: (files, waveform) => tray.add(files, waveform),
      take: () => {
        const leaving = tray.leaving();
        if (!leaving) return Promise.resolve(fail('not-ready', 'a file is not ready'));
        tray.empty();
        void this.#sendAll(leaving, people);
        return Promise.resolve(ok([]));
      },
      putBack: () => undefined,
      sent: () => undefined,
    };
  }

  /** One after the other, so that they stand in their order. */
  async #sendAll(
    files: readonly Parameters<SealedPost['send']>[0][],
    people: readonly string[],
  ): Promise<void> {
    const { post, clock, onfailed } = this.#ports;
    const expires = this.keeping === 0 ? {} : { expires: clock.now() + this.keeping };
    for (const file of files) {
      const sent = await post.send(file, people, expires);
      if (!sent.ok && sent.error.code !== 'stopped') onfailed(file.name, sent.error.message);
    }
  }
}

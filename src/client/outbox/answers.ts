/** Waiting for how a signed event ends, in whichever tab it is sent. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { discardedKey, expiredKey } from '../store/log-keys.ts';
import type { Queue } from '../store/queue.ts';

/** How an outgoing event ended: accepted, or refused with the relay's own words. */
export type Ending = Result<{ readonly note: string }, Failure<'refused' | 'discarded'>>;

/** What the log and the queue know of an event. */
export interface AnswerPorts {
  readonly queue: Queue;
  acceptanceOf(id: string): Promise<string | undefined>;
  known(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

interface Pending {
  readonly promise: Promise<Ending>;
  settle(ending: Ending): void;
}

export class Answers {
  readonly #ports: AnswerPorts;
  readonly #pending = new Map<string, Pending>();
  readonly #stopWatching: () => void;

  constructor(ports: AnswerPorts) {
    this.#ports = ports;
    this.#stopWatching = ports.queue.watch(() => this.#check([...this.#pending.keys()]));
  }

  /** Resolves when a relay accepted it, all have refused it, or the person gave it up; at once if that has happened. */
  of(id: string): Promise<Ending> {
    const known = this.#pending.get(id);
    if (known) return known.promise;
    let settle: Pending['settle'] = () => undefined;
    const promise = new Promise<Ending>((resolve) => (settle = resolve));
    this.#pending.set(id, { promise, settle });
    this.#check([id]);
    return promise;
  }

  stop(): void {
    this.#stopWatching();
  }

  #check(ids: readonly string[]): void {
    for (const id of ids)
      this.#endingOf(id).then(
        (ending) => {
          if (!ending) return;
          this.#pending.get(id)?.settle(ending);
          this.#pending.delete(id);
        },
        (cause: unknown) => console.error('Looking for an answer failed', cause),
      );
  }

  async #endingOf(id: string): Promise<Ending | undefined> {
    const note = await this.#ports.acceptanceOf(id);
    if (note !== undefined) return ok({ note });
    if ((await this.#ports.known([discardedKey(id), expiredKey(id)])).size > 0)
      return fail('discarded', 'given up');
    const entries = await this.#ports.queue.entriesOf(id);
    const first = entries[0];
    return first && entries.every(({ state }) => state === 'refused')
      ? fail('refused', first.reason)
      : undefined;
  }
}

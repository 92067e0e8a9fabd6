/** Files between people: sealed, sent, and told of once the city has all of one. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord, parseJson } from '#shared/json.ts';
import type { Failure, Result } from '#shared/result.ts';
import { makeSealedFile } from '#protocol/media/sealed-files.ts';
import type { SealedFile } from '#protocol/media/sealed-files.ts';
import type { Published } from '../city/city.ts';
import type { MediaDesk, PreparedFile, SealOptions } from '../media/media.ts';
import type { Letters } from './letters.ts';

interface SealedPostPorts {
  readonly desk: Pick<MediaDesk, 'seal' | 'watchSealed'>;
  readonly letters: Pick<Letters, 'send'>;
}

/** Who a file is for, as it is kept beside it until it is told of. */
const noteFor = (people: readonly string[]): string => JSON.stringify({ v: 1, people });

const peopleOfNote = (note: string): readonly string[] | undefined => {
  const json = parseJson(note);
  if (!json.ok || !isRecord(json.value) || !Array.isArray(json.value['people'])) return undefined;
  const people: unknown[] = json.value['people'];
  return people.length > 0 && people.every(isHex64) ? people : undefined;
};

export class SealedPost {
  readonly #ports: SealedPostPorts;

  constructor(ports: SealedPostPorts) {
    this.#ports = ports;
  }

  /** Tells of files that were on their way when the page went away. Returns the way to stop. */
  start(): () => void {
    return this.#ports.desk.watchSealed(async (file, note) => {
      const people = peopleOfNote(note);
      if (!people) return;
      const told = await this.#tell(file, people);
      // Told again at the next opening.
      if (!told.ok) throw new Error(told.error.message, { cause: told.error });
    });
  }

  /** Seals a file for these people, sends it, and says so in their talk. Fails as sealing and as writing a line do. */
  async send(
    file: PreparedFile,
    people: readonly string[],
    options: Omit<SealOptions, 'note'> = {},
  ): Promise<Result<Published, Failure>> {
    const sealed = await this.#ports.desk.seal(file, { ...options, note: noteFor(people) });
    return sealed.ok ? this.#tell(sealed.value, people) : sealed;
  }

  #tell(file: SealedFile, people: readonly string[]): Promise<Result<Published, Failure>> {
    return this.#ports.letters.send(makeSealedFile(file, people), people);
  }
}

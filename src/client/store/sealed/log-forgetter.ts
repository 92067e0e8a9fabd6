/** Taking words out of the log: at once for what an append says is to be forgotten, in portions for what a replay finds. */
import { afterForgetting, forgettableIds, isForgotten } from '../forgetting.ts';
import type { LocalEvent } from '../local-events.ts';
import { carrierKeys } from '../log-keys.ts';
import type { HashIndex } from '../pages/hash-index.ts';
import type { ChunkRecord, Disk, DiskWrites } from './disk.ts';
import type { LogBook } from './log-book.ts';

const IDS_A_WRITE = 500;

interface ForgetterPorts {
  readonly log: LogBook;
  /** Numbers by `logKey`. */
  readonly seen: HashIndex;
  readonly disk: Disk;
}

/** What is about to be appended. */
interface Fresh {
  readonly events: readonly LocalEvent[];
  readonly chunks: readonly ChunkRecord[];
  /** The log's last number before them. */
  readonly last: number;
}

export class LogForgetter {
  /** True when words were taken out since the log was last compacted. */
  isThinned = false;
  readonly #ports: ForgetterPorts;
  /** Met in a replay, and nothing left of them. */
  readonly #husks = new Set<string>();
  /** A replay says that these are to be forgotten. */
  readonly #wanted = new Set<string>();

  constructor(ports: ForgetterPorts) {
    this.#ports = ports;
  }

  /** What goes into the log with new events, where some words are to be forgotten: theirs, or those of earlier ones. */
  async writes(forgotten: readonly string[], { events, chunks, last }: Fresh): Promise<DiskWrites> {
    if (forgotten.length === 0) return { chunks };
    const ids = new Set(forgotten);
    const kept = events.map((event) => afterForgetting(event, ids));
    const isSame = kept.every((event, at) => event === events[at]);
    return {
      chunks: isSame ? chunks : await this.#ports.log.seal(kept, last),
      resealed: await this.#thinner(ids),
    };
  }

  /** A replay reads this, before it is projected. */
  meet(events: readonly (LocalEvent | undefined)[]): void {
    for (const event of events)
      for (const id of event ? forgettableIds(event) : [])
        if (event && isForgotten(event)) this.#husks.add(id);
        else this.#husks.delete(id);
  }

  /** A replay's projections want these forgotten. */
  want(ids: readonly string[]): void {
    for (const id of ids) if (!this.#husks.has(id)) this.#wanted.add(id);
  }

  /** Forgets what a replay found: the words may still be there, where an earlier build did not know that they had to go. */
  async forgetWanted(): Promise<void> {
    const ids = [...this.#wanted];
    this.#wanted.clear();
    this.#husks.clear();
    for (let at = 0; at < ids.length; at += IDS_A_WRITE) {
      const resealed = await this.#thinner(new Set(ids.slice(at, at + IDS_A_WRITE)));
      if (resealed.length > 0) await this.#ports.disk.write({ resealed });
    }
  }

  /** The chunks that hold these events, without their words. */
  async #thinner(ids: ReadonlySet<string>): Promise<ChunkRecord[]> {
    const { seen, log } = this.#ports;
    const numbers = [...ids].flatMap((id) => carrierKeys(id).flatMap((key) => seen.get(key) ?? []));
    const chunks = await log.withoutWords(numbers, ids);
    this.isThinned = true;
    return chunks;
  }
}

/** The log on the disk: sealed chunks of up to fifty events, each under the number of its last one. */
import { isRecord } from '#shared/json.ts';
import type { LocalEvent } from '../local-events.ts';
import type { ChunkRecord, Disk } from './disk.ts';
import type { Vessel } from './vessel.ts';

const CHUNK_EVENTS = 50;
const CHUNKS_A_READ = 40;
const TABLE = 'log';

/** A stretch of the log, in order. */
export interface Stretch {
  /** The number of the first of its events. */
  readonly from: number;
  /** As many as there are numbers; undefined for those that are lost. */
  readonly events: readonly (LocalEvent | undefined)[];
}

/** Events that a damaged chunk has taken away: from one number to another. */
export interface Loss {
  readonly from: number;
  readonly to: number;
}

export class LogBook {
  /** What could not be read so far. */
  readonly losses: Loss[] = [];
  readonly #disk: Disk;
  readonly #vessel: Vessel;

  constructor(disk: Disk, vessel: Vessel) {
    this.#disk = disk;
    this.#vessel = vessel;
  }

  /** Chunks for events that follow on number `last`. */
  seal(events: readonly LocalEvent[], last: number): Promise<ChunkRecord[]> {
    const chunks: Promise<ChunkRecord>[] = [];
    for (let at = 0; at < events.length; at += CHUNK_EVENTS) {
      const some = events.slice(at, at + CHUNK_EVENTS);
      const seq = last + at + some.length;
      chunks.push(this.#vessel.put({ table: TABLE, key: seq }, some).then((sealed) => ({ seq, sealed })));
    }
    return Promise.all(chunks);
  }

  /** Everything above a number, stretch by stretch. A damaged chunk is a loss, never the end. */
  async *read(after: number): AsyncGenerator<Stretch> {
    for (let last = after; ;) {
      const records = await this.#disk.chunks(last, CHUNKS_A_READ);
      if (records.length === 0) return;
      const chunks = await Promise.all(records.map((record) => this.#open(record)));
      const from = last + 1;
      const events: (LocalEvent | undefined)[] = [];
      records.forEach(({ seq }, at) => {
        const count = seq - last;
        // A chunk may begin before `after`: a checkpoint can stand in its middle.
        const found = chunks[at]?.slice(-count) ?? [];
        if (found.length < count) this.#lose({ from: last + 1, to: seq });
        for (let i = 0; i < count; i++) events.push(found[i]);
        last = seq;
      });
      yield { from, events };
    }
  }

  async #open({ seq, sealed }: ChunkRecord): Promise<LocalEvent[] | undefined> {
    const taken = await this.#vessel.take({ table: TABLE, key: seq }, sealed);
    if (!taken.ok || !Array.isArray(taken.value)) return undefined;
    return taken.value.filter((one): one is LocalEvent => isRecord(one) && typeof one['type'] === 'string');
  }

  #lose(loss: Loss): void {
    if (this.losses.some(({ from }) => from === loss.from)) return;
    this.losses.push(loss);
  }
}

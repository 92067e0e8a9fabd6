/** The log on the disk: sealed chunks of up to fifty events, each under the number of its last one. */
import { afterForgetting } from '../forgetting.ts';
import { isLocalEvent, variantName } from '../local-events.ts';
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
  /** As many as there are numbers; undefined for those that are lost, and for those that only a newer build reads. */
  readonly events: readonly (LocalEvent | undefined)[];
}

/** Events that a damaged chunk has taken away: from one number to another. */
export interface Loss {
  readonly from: number;
  readonly to: number;
}

/** A chunk, opened. */
export interface OpenChunk {
  /** The number of the last of them. */
  readonly seq: number;
  /** As they were written, by this build or a newer one; undefined where the chunk is damaged. */
  readonly values: readonly unknown[] | undefined;
}

export class LogBook {
  /** What could not be read so far. */
  readonly losses: Loss[] = [];
  /** Names of the variants met that only a newer build reads. */
  readonly strangers = new Set<string>();
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
      chunks.push(this.sealOne(last + at + some.length, some));
    }
    return Promise.all(chunks);
  }

  /** One chunk, as it is to lie under a number. */
  async sealOne(seq: number, values: readonly unknown[]): Promise<ChunkRecord> {
    return { seq, sealed: await this.#vessel.put({ table: TABLE, key: seq }, values) };
  }

  /** Everything above a number, stretch by stretch. A damaged chunk is a loss, never the end. */
  async *read(after: number): AsyncGenerator<Stretch> {
    for (let last = after; ;) {
      const chunks = await this.open(last, CHUNKS_A_READ);
      if (chunks.length === 0) return;
      const from = last + 1;
      const events: (LocalEvent | undefined)[] = [];
      for (const { seq, values } of chunks) {
        const count = seq - last;
        // A chunk may begin before `after`: a checkpoint can stand in its middle. One that was lost leaves a gap in front.
        const found = values?.slice(-count) ?? [];
        const missing = count - found.length;
        if (missing > 0) this.#lose({ from: last + 1, to: last + missing });
        for (let i = 0; i < missing; i++) events.push(undefined);
        for (const value of found) events.push(this.#known(value));
        last = seq;
      }
      yield { from, events };
    }
  }

  /** Chunks whose last number is above `after`, at most so many. */
  async open(after: number, limit: number): Promise<OpenChunk[]> {
    const records = await this.#disk.chunks(after, limit);
    return Promise.all(
      records.map(async ({ seq, sealed }) => {
        const taken = await this.#vessel.take({ table: TABLE, key: seq }, sealed);
        return { seq, values: taken.ok && Array.isArray(taken.value) ? taken.value : undefined };
      }),
    );
  }

  /**
   * The chunks that hold these numbers, sealed anew without the words of these events; only those in which there was something to
   * forget. What this build cannot read stays as it is.
   */
  async withoutWords(numbers: readonly number[], ids: ReadonlySet<string>): Promise<ChunkRecord[]> {
    const thinner: ChunkRecord[] = [];
    let done = 0;
    for (const number of [...numbers].sort((a, b) => a - b)) {
      if (number <= done) continue;
      const [chunk] = await this.open(number - 1, 1);
      if (!chunk) break;
      done = chunk.seq;
      if (!chunk.values) continue;
      const { values } = chunk;
      const kept = values.map((value) => (isLocalEvent(value) ? afterForgetting(value, ids) : value));
      if (kept.some((value, at) => value !== values[at])) thinner.push(await this.sealOne(chunk.seq, kept));
    }
    return thinner;
  }

  /** One chunk takes the place of several that follow on each other; `values` are all of theirs. */
  async join(seqs: readonly number[], values: readonly unknown[]): Promise<void> {
    const seq = Math.max(...seqs);
    const stub = await this.sealOne(seq, values);
    await this.#disk.write({ resealed: [stub], droppedChunks: seqs.filter((one) => one !== seq) });
  }

  #known(value: unknown): LocalEvent | undefined {
    if (isLocalEvent(value)) return value;
    this.strangers.add(variantName(value));
    return undefined;
  }

  #lose(loss: Loss): void {
    if (this.losses.some(({ from }) => from === loss.from)) return;
    this.losses.push(loss);
  }
}

/**
 * A request's body straight into a file: read as it comes, while what came before is being written. Nothing that arrived waits in streams
 * between, where a cut would lose it.
 */
import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { writeAll } from './pour.ts';
import type { Poured } from './pour.ts';

/** Bytes of one write. */
const BATCH_BYTES = 1 << 20;
/** So many bytes wait for the disk; then the sender waits too. */
const MOST_WAITING = 4 << 20;

/** More came than may. */
export class TooMuch extends Error {}
/** The connection was cut. */
export class BrokenOff extends Error {}

export interface Receiving {
  readonly handle: FileHandle;
  /** Where in the file it begins. */
  readonly from: number;
  /** Most bytes that are taken. */
  readonly most: number;
  /** Hears every byte that was written, in order. */
  readonly hash?: Hash;
  /** Nothing is waited for any more; what came stays. */
  readonly signal: AbortSignal;
}

/** What has come and was not taken yet. */
class Inbox {
  readonly #source: Readable;
  #most: number;
  #chunks: Buffer[] = [];
  #gathered = 0;
  #isOver = false;
  #broke: unknown;
  #wake: () => void = () => undefined;

  constructor(source: Readable, most: number, signal: AbortSignal) {
    this.#source = source;
    this.#most = most;
    const cut = () => this.#end(source.readableEnded ? undefined : new BrokenOff());
    source
      .on('end', () => this.#end())
      .on('error', cut)
      .on('close', cut);
    signal.addEventListener('abort', () => this.#end(), { once: true });
    if (source.destroyed) cut();
    else source.on('data', this.#take);
  }

  get broke(): unknown {
    return this.#broke;
  }

  /** Enough for a write, or the rest; undefined at the end. */
  async next(): Promise<readonly Buffer[] | undefined> {
    if (!this.#isOver && this.#gathered < BATCH_BYTES)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#gathered === 0) return undefined;
    const chunks = this.#chunks;
    [this.#chunks, this.#gathered] = [[], 0];
    if (!this.#isOver) this.#source.resume();
    return chunks;
  }

  /** Takes nothing more. */
  close(): void {
    this.#end();
  }

  readonly #take = (chunk: Buffer): void => {
    this.#most -= chunk.length;
    if (this.#most < 0) return this.#end(new TooMuch());
    this.#chunks.push(chunk);
    this.#gathered += chunk.length;
    if (this.#gathered >= BATCH_BYTES) this.#wake();
    if (this.#gathered >= MOST_WAITING) this.#source.pause();
  };

  #end(cause?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#broke = cause;
    this.#source.off('data', this.#take).pause();
    this.#wake();
  }
}

/**
 * Writes all that comes. A body that breaks off keeps what came; a disk that fails keeps what was whole (the rest is cut off again).
 * Throws when the file cannot even be cut.
 */
export const receive = async (
  source: Readable,
  { handle, from, most, hash, signal }: Receiving,
): Promise<Poured> => {
  const inbox = new Inbox(source, most, signal);
  let position = from;
  try {
    for (let chunks = await inbox.next(); chunks; chunks = await inbox.next()) {
      const written = await writeAll(handle, chunks, position);
      for (const chunk of chunks) hash?.update(chunk);
      position += written;
    }
  } catch (broke) {
    inbox.close();
    await handle.truncate(position);
    return { position, broke };
  }
  return inbox.broke === undefined ? { position } : { position, broke: inbox.broke };
};

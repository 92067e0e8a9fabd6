/** Small files that many ask for, kept whole in memory for a while: the one asked for longest ago goes first. */
import type { Readable } from 'node:stream';
import { ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { BlobStore } from '../storing/blob-store.ts';

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_EACH = 2 * 1024 * 1024;
/** The first one to ask gets a stream: what is asked for once needs no memory. */
const ASKED_BEFORE = 4096;

const whole = async (stream: Readable): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

export class HotBytes {
  readonly #store: BlobStore;
  readonly #kept = new Map<string, Buffer>();
  readonly #asked = new Set<string>();
  #bytes = 0;

  constructor(store: BlobStore) {
    this.#store = store;
  }

  /** All bytes of a file that was asked for before and is small; undefined for every other. */
  async find(hash: string, size: number): Promise<Result<Buffer, Failure<'missing' | 'away'>> | undefined> {
    const kept = this.#kept.get(hash);
    if (kept) {
      this.#kept.delete(hash);
      this.#kept.set(hash, kept);
      return ok(kept);
    }
    if (size > MOST_EACH || !this.#wasAsked(hash)) return undefined;
    const opened = await this.#store.open(hash);
    if (!opened.ok) return opened;
    const bytes = await whole(opened.value);
    if (bytes.length === size) this.#keep(hash, bytes);
    return ok(bytes);
  }

  forget(hash: string): void {
    this.#bytes -= this.#kept.get(hash)?.length ?? 0;
    this.#kept.delete(hash);
    this.#asked.delete(hash);
  }

  #wasAsked(hash: string): boolean {
    if (this.#asked.has(hash)) return true;
    if (this.#asked.size >= ASKED_BEFORE) this.#asked.clear();
    this.#asked.add(hash);
    return false;
  }

  #keep(hash: string, bytes: Buffer): void {
    if (this.#kept.has(hash)) return;
    this.#kept.set(hash, bytes);
    this.#bytes += bytes.length;
    for (const [oldest] of this.#kept) {
      if (this.#bytes <= MOST_BYTES) return;
      this.forget(oldest);
    }
  }
}

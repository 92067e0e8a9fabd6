/**
 * A file sealed in chunks, opened while it arrives: each chunk authenticates itself and is kept sealed on this device at once, so that a
 * film can begin before its end is here and a cut or a reload costs one chunk. The whole is held against its hash at the end.
 */
import { CHUNK_BYTES, FileSealer, sealedSize, TAG_BYTES } from '#protocol/media/sealing.ts';
import type { FileKey } from '#protocol/media/sealing.ts';
import { fail, ok } from '#shared/result.ts';
import { download } from './download.ts';
import type { DownloadPorts } from './download.ts';
import type { Loaded, OnProgress } from './source.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;

/** Where chunks are kept, by their number; plain ones go in and come out. */
export interface ChunkShelf {
  has(number: number): boolean;
  put(number: number, bytes: Bytes): Promise<boolean>;
  get(number: number): Promise<Bytes | undefined>;
}

/** A running SHA-256. */
export interface RunningHash {
  update(bytes: Bytes): void;
  digest(): string;
}

export interface StreamOptions {
  readonly url: string;
  /** Of the sealed bytes. */
  readonly hash: string;
  readonly key: FileKey;
  /** Plain bytes. */
  readonly size: number;
  readonly shelf: ChunkShelf;
  readonly startHash: () => Promise<RunningHash>;
  readonly signal?: AbortSignal | undefined;
  readonly onprogress?: OnProgress | undefined;
}

/** Cuts what arrives into chunks of the sealed size. */
class Cutter {
  readonly #buffer = new Uint8Array(SEALED_CHUNK);
  #filled = 0;

  /** Chunks that are whole now; the rest waits. The last chunk may be shorter and comes from `rest`. */
  *cut(bytes: Bytes): Generator<Bytes> {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + SEALED_CHUNK - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < SEALED_CHUNK) continue;
      this.#filled = 0;
      yield this.#buffer.slice();
    }
  }

  rest(): Bytes | undefined {
    return this.#filled === 0 ? undefined : this.#buffer.slice(0, this.#filled);
  }
}

/** How many chunks from the beginning are here already. */
const kept = (shelf: ChunkShelf, count: number): number => {
  let number = 0;
  while (number < count && shelf.has(number)) number++;
  return number;
};

/** Fetches what is not here yet. Resolves when every chunk is here and the whole was held against its hash. */
export const fetchStream = async (
  { url, hash, key, size, shelf, startHash, signal, onprogress }: StreamOptions,
  ports: DownloadPorts,
): Promise<Loaded<undefined>> => {
  const sealer = await FileSealer.open(key);
  const total = sealedSize(size, key.algorithm);
  const count = Math.ceil(total / SEALED_CHUNK);
  const running = await startHash();
  // A chunk sealed again gives the same bytes: so the hash can go on after a reload without asking for them.
  let next = 0;
  for (const until = kept(shelf, count); next < until; next++) {
    const bytes = await shelf.get(next);
    if (!bytes) break;
    running.update(await sealer.sealChunk(bytes, next, next === count - 1));
  }
  const open = async (sealed: Bytes): Promise<Loaded<undefined>> => {
    const opened = await sealer.openChunk(sealed, next, next === count - 1);
    if (!opened.ok) return opened;
    running.update(sealed);
    if (!(await shelf.put(next, opened.value))) return fail('too-big', 'There is no room for it here.');
    next++;
    return ok(undefined);
  };
  const cutter = new Cutter();
  const take = async (bytes: Bytes): Promise<Loaded<undefined>> => {
    for (const chunk of cutter.cut(bytes)) {
      const opened = await open(chunk);
      if (!opened.ok) return opened;
    }
    return ok(undefined);
  };
  if (next < count) {
    const from = next * SEALED_CHUNK;
    const done = await download(url, { max: total, from, signal, onprogress, take }, ports);
    if (!done.ok) return done;
    const rest = cutter.rest();
    const last = rest === undefined ? ok(undefined) : await open(rest);
    if (!last.ok) return last;
  }
  if (next < count) return fail('damaged', 'The file ends before its end.');
  return running.digest() === hash ? ok(undefined) : fail('damaged', 'What came is not what was sent.');
};

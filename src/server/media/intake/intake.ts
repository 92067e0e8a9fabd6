/** From a whole file on the local disk to one that the city keeps: type, limits, room, bytes, owner. */
import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import { HOUR } from '#shared/time.ts';
import { OPEN_MAX, SEALED_BYTES_MAX, SEALED_TYPE } from '#protocol/media/types.ts';
import type { Blob, BlobBook } from '../book/book.ts';
import { SNIFF_BYTES, sniffTail, sniffType } from '../sniffing/sniff.ts';
import type { BlobStore } from '../storing/blob-store.ts';
import { tooLarge } from './gather.ts';
import type { Gathered } from './gather.ts';

/** Most bytes of a file of such a type, as they are sent. */
export const mostBytes = (type: string): number => (type === SEALED_TYPE ? SEALED_BYTES_MAX : OPEN_MAX);

/** What somebody says of a file. */
export interface Wanted {
  readonly pubkey: string;
  /** Undefined: the bytes alone tell. */
  readonly type: string | undefined;
  /** Unix seconds. */
  readonly expires?: number;
  /** The resumable upload that brought it. */
  readonly upload?: string;
}

export interface Kept {
  readonly blob: Blob;
  /** It was not here before. */
  readonly isNew: boolean;
}

export type KeepFailure = Failure<
  'type' | 'too-large' | 'quota' | 'city-full' | 'removed' | 'full' | 'away' | 'busy'
>;

/** How long bytes may lie without an owner while they are being stored, in seconds. */
const STORING = 6 * HOUR;
const TRIES = 3;
const TAIL_BYTES = 66_000;

const readPart = async (path: string, from: number, length: number): Promise<Uint8Array> => {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
};

const typeOf = async (
  { path, size }: Gathered,
  said: string | undefined,
): Promise<Result<string, Failure<'type'>>> => {
  const declared = said ?? (await fileTypeFromFile(path))?.mime ?? SEALED_TYPE;
  const sniffed = await sniffType(await readPart(path, 0, SNIFF_BYTES), declared);
  if (!sniffed.ok) return sniffed;
  const { type } = sniffed.value;
  if (type !== SEALED_TYPE) {
    const length = Math.min(size, TAIL_BYTES);
    const tail = sniffTail(await readPart(path, size - length, length));
    if (!tail.ok) return tail;
  }
  return ok(type);
};

export class Intake {
  readonly #book: BlobBook;
  readonly #store: BlobStore;
  readonly #clock: Clock;

  constructor({ book, store, clock }: { book: BlobBook; store: BlobStore; clock: Clock }) {
    this.#book = book;
    this.#store = store;
    this.#clock = clock;
  }

  /** Keeps a gathered file for a key; the gathered one stays where it is. Throws on I/O. */
  async keep(file: Gathered, wanted: Wanted): Promise<Result<Kept, KeepFailure>> {
    const type = await typeOf(file, wanted.type);
    if (!type.ok) return type;
    if (file.size > mostBytes(type.value)) return tooLarge(mostBytes(type.value));
    const { hash, size } = file;
    const { pubkey, expires, upload } = wanted;
    const ends = {
      ...(expires === undefined ? {} : { expires }),
      ...(upload === undefined ? {} : { upload }),
    };
    return this.#own(file.path, { hash, size, type: type.value, pubkey, ...ends });
  }

  /** The bytes may be taken away by somebody else between storing and owning them: then they are stored again. */
  async #own(path: string, blob: Parameters<BlobBook['own']>[0]): Promise<Result<Kept, KeepFailure>> {
    const { hash } = blob;
    for (let tries = 0; tries < TRIES; tries++) {
      const now = this.#clock.now();
      const owned = await this.#book.own(blob, now, () => this.#store.has(hash));
      if (owned.ok) return this.#describe(hash, owned.value);
      const { code, message } = owned.error;
      if (code !== 'absent') return fail(code, message, owned.error.cause);
      await this.#book.expect(hash, now + STORING);
      const put = await this.#store.put(hash, path);
      if (!put.ok) return put;
    }
    return fail('busy', 'this file is being deleted and stored at the same time; try again');
  }

  async #describe(hash: string, isNew: boolean): Promise<Result<Kept, KeepFailure>> {
    const blob = await this.#book.find(hash, this.#clock.now());
    return typeof blob === 'object'
      ? ok({ blob, isNew })
      : fail('busy', 'this file is being deleted and stored at the same time; try again');
  }
}

/** Where the bytes of files lie, by their hash. What is known about them is in the database (book/). */
import type { Readable } from 'node:stream';
import type { ByteRange } from '#shared/byte-range.ts';
import type { Failure, Result } from '#shared/result.ts';

/** `full`: there is no room; `away`: the place where bytes lie does not answer. */
export type StoreFailure = Failure<'full' | 'away'>;

export interface BlobStore {
  /** Takes a whole, flushed file in under its hash, or nothing of it; the file itself stays where it is. May be repeated. */
  put(hash: string, file: string): Promise<Result<true, StoreFailure>>;
  /** Whether it is there. */
  has(hash: string): Promise<Result<boolean, StoreFailure>>;
  /** Its bytes, or a range of them; `missing` where there are none. The reader ends or destroys the stream. */
  open(hash: string, range?: ByteRange): Promise<Result<Readable, Failure<'missing' | 'away'>>>;
  /** Takes it away; fine when it is not there. */
  remove(hash: string): Promise<Result<true, StoreFailure>>;
  close(): void;
}

/** Where a blob lies, in folders of bearable width: `ab/cd/<hash>`. */
export const placeOfBlob = (hash: string): string => `${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`;

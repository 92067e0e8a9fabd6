/**
 * tus' store of files, which hashes what it writes: when the last byte has come the hash is there. What came before a restart is
 * read from the disk again, once, at the end.
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { pour } from '../intake/pour.ts';
import type { Poured, Pouring } from '../intake/pour.ts';
import { receive } from '../intake/receive.ts';
import type { Receiving } from '../intake/receive.ts';

type Limits = Pick<Receiving, 'most' | 'signal'>;

const MOST_HASHES = 1000;

/** A hash over the first bytes of a file. */
interface Progress {
  readonly hash: Hash;
  position: number;
}

export class HashingStore extends FileStore {
  readonly #progress = new Map<string, Progress>();

  constructor(folder: string, keptMs: number) {
    super({ directory: folder, expirationPeriodInMilliseconds: keptMs });
    // An upload without a length could not be held against any limit.
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
  }

  /** Where the bytes of an upload lie. */
  pathOf(id: string): string {
    return join(this.directory, id);
  }

  /** Writes what comes from `offset` on; what came before the stream broke stays. Throws what it broke with. */
  override write(readable: Readable, id: string, offset: number): Promise<number> {
    return this.#write(id, offset, (into) => pour(readable as AsyncIterable<Uint8Array>, into));
  }

  /** The same of a request itself, without streams between. */
  receive(request: Readable, id: string, offset: number, limits: Limits): Promise<number> {
    return this.#write(id, offset, (into) => receive(request, { ...into, ...limits }));
  }

  async #write(id: string, offset: number, take: (into: Pouring) => Promise<Poured>): Promise<number> {
    const progress = this.#progressOf(id, offset);
    const handle = await open(this.pathOf(id), 'r+');
    try {
      const hashed = progress?.position === offset ? { hash: progress.hash } : {};
      const { position, broke } = await take({ handle, from: offset, ...hashed });
      if (progress?.position === offset) progress.position = position;
      if (broke !== undefined) throw broke;
      return position;
    } finally {
      await handle.close();
    }
  }

  override async remove(id: string): Promise<void> {
    this.#progress.delete(id);
    await super.remove(id);
  }

  /** Removes an upload, whatever is still there of it. */
  async drop(id: string): Promise<void> {
    this.#progress.delete(id);
    await rm(this.pathOf(id), { force: true });
    await this.configstore.delete(id).catch(() => undefined);
  }

  /** The SHA-256 of a whole upload, flushed to the disk. Throws on I/O. */
  async finish(id: string, size: number): Promise<string> {
    const progress = this.#progressOf(id, 0) ?? { hash: createHash('sha256'), position: 0 };
    if (progress.position < size) {
      const rest = createReadStream(this.pathOf(id), { start: progress.position, highWaterMark: 1 << 20 });
      for await (const chunk of rest) {
        progress.hash.update(chunk as Buffer);
        progress.position += (chunk as Buffer).length;
      }
    }
    const handle = await open(this.pathOf(id), 'r+');
    await handle.sync().finally(() => handle.close());
    return progress.hash.copy().digest('hex');
  }

  #progressOf(id: string, offset: number): Progress | undefined {
    const known = this.#progress.get(id);
    if (known || offset > 0) return known;
    const begun = { hash: createHash('sha256'), position: 0 };
    if (this.#progress.size >= MOST_HASHES) this.#progress.clear();
    this.#progress.set(id, begun);
    return begun;
  }
}

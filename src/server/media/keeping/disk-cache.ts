/**
 * Small answers kept in a folder, so many bytes in all; what was used longest ago goes first. Losing any of it costs only work, so
 * nothing here fails: a full disk keeps nothing.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Entry {
  readonly file: string;
  readonly type: string;
  readonly size: number;
  /** Milliseconds. */
  readonly madeAt: number;
  readonly usedAt: number;
}

/** What is kept: where it lies, what it is. */
export interface Kept {
  readonly path: string;
  readonly type: string;
  readonly size: number;
  /** Milliseconds since it was put there. */
  readonly age: number;
}

export interface CacheOptions {
  readonly folder: string;
  /** Most bytes in all; 0 keeps nothing. */
  readonly most: number;
}

const NAME = /^([0-9a-f]{64})\.([\w.+-]+)~([\w.+-]+)$/;
const keyOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const ignore = (): undefined => undefined;

export class DiskCache {
  #folder: string;
  #most: number;
  /** By key, longest unused first. */
  #entries = new Map<string, Entry>();
  #bytes = 0;
  #opened: Promise<void> | undefined;

  constructor({ folder, most }: CacheOptions) {
    this.#folder = folder;
    this.#most = most;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is kept under a name. */
  async get(name: string): Promise<Kept | undefined> {
    await this.#open();
    const key = keyOf(name);
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    const path = join(this.#folder, entry.file);
    const now = Date.now();
    // Its last use is noted on the disk too, so that a new start knows what to let go first.
    const isThere = await utimes(path, now / 1000, entry.madeAt / 1000).then(() => true, ignore);
    if (!isThere) return this.#let(key);
    this.#entries.delete(key);
    this.#entries.set(key, { ...entry, usedAt: now });
    return { path, type: entry.type, size: entry.size, age: now - entry.madeAt };
  }

  /** Keeps bytes under a name, whole or not at all; too much for the folder is not kept. */
  async put(name: string, type: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length * 4 > this.#most) return;
    await this.#open();
    const key = keyOf(name);
    const file = `${key}.${type.replace('/', '~')}`;
    if (!NAME.test(file)) return;
    const unfinished = join(this.#folder, `${randomBytes(12).toString('hex')}.part`);
    try {
      await writeFile(unfinished, bytes);
      await this.forget(name);
      await rename(unfinished, join(this.#folder, file));
    } catch {
      await rm(unfinished, { force: true }).catch(ignore);
      return;
    }
    const now = Date.now();
    this.#add(key, { file, type, size: bytes.length, madeAt: now, usedAt: now });
    await this.#shrink();
  }

  /** Lets go of what is kept under a name. */
  async forget(name: string): Promise<void> {
    await this.#open();
    const key = keyOf(name);
    const entry = this.#entries.get(key);
    this.#let(key);
    if (entry) await unlink(join(this.#folder, entry.file)).catch(ignore);
  }

  #open(): Promise<void> {
    return (this.#opened ??= this.#load().catch(ignore));
  }

  async #load(): Promise<void> {
    if (this.#most === 0) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const found: [string, Entry][] = [];
    for (const file of await readdir(this.#folder)) {
      const [, key, family, kind] = NAME.exec(file) ?? [];
      if (file.endsWith('.part')) await unlink(join(this.#folder, file)).catch(ignore);
      const stats = key && (await stat(join(this.#folder, file)).catch(ignore));
      if (key && stats)
        found.push([
          key,
          { file, type: `${family}/${kind}`, size: stats.size, madeAt: stats.mtimeMs, usedAt: stats.atimeMs },
        ]);
    }
    for (const [key, entry] of found.sort(([, a], [, b]) => a.usedAt - b.usedAt)) this.#add(key, entry);
    await this.#shrink();
  }

  #add(key: string, entry: Entry): void {
    this.#let(key);
    this.#entries.set(key, entry);
    this.#bytes += entry.size;
  }

  #let(key: string): undefined {
    const entry = this.#entries.get(key);
    if (entry) this.#bytes -= entry.size;
    this.#entries.delete(key);
  }

  async #shrink(): Promise<void> {
    for (const [key, { file }] of this.#entries) {
      if (this.#bytes <= this.#most) return;
      this.#let(key);
      await unlink(join(this.#folder, file)).catch(ignore);
    }
  }
}

/**
 * What was seen before, kept on this device within a bound: what was not wanted longest goes first. Everything in it can be had again,
 * so nothing here is an error: what doesn't open or doesn't fit is simply not there.
 *
 * Several tabs may have the same folder open: each takes over what the others wrote whenever it writes its index.
 */
import type { ProfileKeys } from '../profiles/profile-keys.ts';
import { openSealer } from '../seal/sealer.ts';
import type { Sealer } from '../seal/sealer.ts';
import { isDraft } from './blob-directory.ts';
import type { BlobDirectory } from './blob-directory.ts';
import { BlobStore } from './blob-store.ts';
import type { Range } from './blob-store.ts';
import { INDEX_NAME, readSeenIndex, writeSeenIndex } from './seen-index.ts';
import type { SeenEntry } from './seen-index.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** 500 MB. */
const SEEN_BOUND = 500_000_000;
/** After making room so much of the bound is taken, so that room is not made at every picture. */
const FILLED = 0.9;

export interface SeenOptions {
  readonly keys: Pick<ProfileKeys, 'profile' | 'dataKey'>;
  /** Milliseconds; later ones are greater. */
  readonly now: () => number;
  /** One at a time among tabs. */
  readonly exclusively?: <T>(work: () => Promise<T>) => Promise<T>;
  readonly bound?: number;
}

export class SeenBlobs {
  readonly #files: BlobDirectory;
  readonly #blobs: BlobStore;
  readonly #sealer: Sealer;
  readonly #options: SeenOptions;
  #entries: Map<string, SeenEntry>;
  /** Changed since the index was written: key → entry, or undefined for one that went. */
  readonly #changed = new Map<string, SeenEntry | undefined>();
  #bound: number;

  static async open(files: BlobDirectory, options: SeenOptions): Promise<SeenBlobs> {
    const { keys } = options;
    const sealer = await openSealer(keys.dataKey, { profile: `${keys.profile} seen` });
    const blobs = await BlobStore.open(files, keys);
    const entries = await readSeenIndex(files, sealer);
    return new SeenBlobs({ files, blobs, sealer, entries }, options);
  }

  private constructor(
    parts: {
      readonly files: BlobDirectory;
      readonly blobs: BlobStore;
      readonly sealer: Sealer;
      readonly entries: Map<string, SeenEntry>;
    },
    options: SeenOptions,
  ) {
    this.#files = parts.files;
    this.#blobs = parts.blobs;
    this.#sealer = parts.sealer;
    this.#entries = parts.entries;
    this.#options = options;
    this.#bound = options.bound ?? SEEN_BOUND;
  }

  /** True where it was kept; it may still be gone when it is asked for. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The bytes, or a stretch of them; undefined where they are not (any more) here. */
  async get(key: string, range?: Range): Promise<Bytes | undefined> {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    const found = await this.#blobs.get(entry.hash, range);
    if (!found.ok) {
      this.#set(key, undefined);
      return undefined;
    }
    this.#set(key, { ...entry, used: this.#options.now() });
    return found.value;
  }

  /** Keeps it, and makes room for it; false where this device has none. */
  async put(key: string, bytes: Bytes): Promise<boolean> {
    if (bytes.length > this.#bound) return false;
    if (!(await this.#keep(key, bytes))) {
      // The browser gives no more: what was not wanted longest makes room, once.
      if (this.#entries.size === 0) return false;
      await this.shrink(Math.max(0, this.#sum() * FILLED - bytes.length));
      if (!(await this.#keep(key, bytes))) return false;
    }
    if (this.#sum() > this.#bound) await this.shrink(this.#bound * FILLED);
    return true;
  }

  async #keep(key: string, bytes: Bytes): Promise<boolean> {
    try {
      const hash = await this.#blobs.put(bytes);
      const size = (await this.#files.size(await this.#blobs.nameOf(hash))) ?? bytes.length;
      this.#set(key, { hash, bytes: size, used: this.#options.now() });
      return true;
    } catch {
      return false;
    }
  }

  async drop(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    this.#set(key, undefined);
    if (entry && !this.#isShared(entry.hash)) await this.#blobs.delete(entry.hash);
  }

  /** Bytes as they lie on the disk. */
  async usage(): Promise<{ readonly files: number; readonly bytes: number }> {
    return this.#blobs.usage();
  }

  /** From now on at most so many bytes. */
  async setBound(bytes: number): Promise<void> {
    this.#bound = bytes;
    if (this.#sum() > bytes) await this.shrink(bytes);
  }

  /** Lets go of what was not wanted longest, until no more than so many bytes are left; 0 empties it. */
  async shrink(to: number): Promise<void> {
    await this.#takeOver();
    let sum = this.#sum();
    const oldest = [...this.#entries].sort(([, a], [, b]) => a.used - b.used);
    for (const [key, entry] of oldest) {
      if (sum <= to) break;
      sum -= entry.bytes;
      await this.drop(key);
    }
    await this.save();
    await this.#sweep();
  }

  /** Writes what changed since the last time; nothing happens where nothing did. */
  async save(): Promise<void> {
    if (this.#changed.size === 0) return;
    await this.#exclusively(async () => {
      await this.#takeOver();
      this.#changed.clear();
      await writeSeenIndex(this.#files, this.#sealer, this.#entries).catch(() => undefined);
    });
  }

  /** What other tabs wrote, with what changed here over it. */
  async #takeOver(): Promise<void> {
    const entries = await readSeenIndex(this.#files, this.#sealer);
    for (const [key, entry] of this.#changed)
      if (entry) entries.set(key, entry);
      else entries.delete(key);
    this.#entries = entries;
  }

  /** Files that nothing leads to any more: an index that was lost, a crash between a file and its entry. */
  async #sweep(): Promise<void> {
    const known = await Promise.all([...this.#entries.values()].map(({ hash }) => this.#blobs.nameOf(hash)));
    const kept = new Set([INDEX_NAME, ...known]);
    const lost = (await this.#files.names()).filter((name) => !kept.has(name) && !isDraft(name));
    await Promise.allSettled(lost.map((name) => this.#files.remove(name)));
  }

  #set(key: string, entry: SeenEntry | undefined): void {
    this.#changed.set(key, entry);
    if (entry) this.#entries.set(key, entry);
    else this.#entries.delete(key);
  }

  #isShared(hash: string): boolean {
    return [...this.#entries.values()].some((entry) => entry.hash === hash);
  }

  #sum(): number {
    const sizes = new Map([...this.#entries.values()].map(({ hash, bytes }) => [hash, bytes]));
    return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#options.exclusively?.(work) ?? work();
  }
}

/**
 * What another app shared with the city, on its way from the service worker to a page. It waits in Cache Storage, which both can
 * reach while every profile is locked, or before there is one: sealed in pieces under a key of its own that never leaves this browser.
 * It is bounded, forgotten (its key first) as soon as a page has handed it on, and after an hour in any case.
 */
import { parseJson } from '#shared/json.ts';
import type { ShareKeys } from '../store/disk/share-keys.ts';
import { deviceSealer } from '../store/seal/sealer.ts';
import type { Place, Sealer } from '../store/seal/sealer.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const CACHE = 'shared';
const HOUR_MS = 3_600_000;
/** Parcels that may wait at once: a stranger's page may send here too. */
const MOST_WAITING = 5;
/** Bytes that are sealed together: a file of any size passes through little memory. */
const PIECE = 4 << 20;

/** Why a part of what was shared was left out. */
export type SharedRefusal = 'too-long' | 'file-too-big' | 'too-many-files' | 'unreadable';

/** A file of a parcel, as the other app named it. */
interface SharedFile {
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** The words of one act of sharing, and what is known of its files. */
export interface SharedParcel {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  readonly url: string;
  /** In their order; what is in them lies beside. */
  readonly files: readonly SharedFile[];
  readonly refused: readonly SharedRefusal[];
}

type Caches = Pick<CacheStorage, 'open' | 'has' | 'delete'>;

const addressOf = (id: string, file?: number, piece?: number): string =>
  ['/shared', encodeURIComponent(id), file, piece].filter((part) => part !== undefined).join('/');

const idOf = (url: string): string | undefined => {
  const encoded = /\/shared\/([^/]+)/.exec(url)?.[1];
  return encoded === undefined ? undefined : decodeURIComponent(encoded);
};

const placeOf = (address: string): Place => ({ table: CACHE, key: address });

const parcelIn = (bytes: Bytes): SharedParcel | undefined => {
  const json = parseJson(new TextDecoder().decode(bytes));
  // Our own worker sealed it, on this origin.
  return json.ok && typeof json.value === 'object' ? (json.value as SharedParcel) : undefined;
};

/** Parcels by their id. Throws only when the storage itself fails (full, or refused by the browser). */
export class SharedParcels {
  readonly #caches: Caches;
  readonly #keys: ShareKeys;
  readonly #origin: string;
  readonly #now: () => number;

  /** `now` in milliseconds since 1970. */
  constructor(storage: Caches, keys: ShareKeys, origin: string, now: () => number = Date.now) {
    this.#caches = storage;
    this.#keys = keys;
    this.#origin = origin;
    this.#now = now;
  }

  /** Keeps a parcel with its files, and sweeps what is too old or too many. Nothing of it stays when that fails. */
  async keep(parcel: Omit<SharedParcel, 'at' | 'files'>, files: readonly File[]): Promise<void> {
    const { id } = parcel;
    try {
      const sealer = sealerOf(await this.#keys.make(id));
      const cache = await this.#open();
      const put = async (address: string, bytes: Bytes): Promise<void> =>
        cache.put(this.#origin + address, new Response(await sealer.seal(placeOf(address), bytes)));
      const kept = files.map(({ name, type, size }) => ({ name, type, size }));
      const whole: SharedParcel = { ...parcel, files: kept, at: this.#now() };
      // First, so that another's sweeping sees how young it is.
      await put(addressOf(id), new Uint8Array(new TextEncoder().encode(JSON.stringify(whole))));
      for (const [number, file] of files.entries())
        for (const [piece, from] of pieces(file.size).entries())
          await put(addressOf(id, number, piece), await bytesOf(file.slice(from, from + PIECE)));
    } catch (cause) {
      await this.drop(id).catch(() => undefined);
      throw cause;
    }
    await this.sweep();
  }

  /** Undefined for one that was taken, has expired, or never was. */
  async read(id: string): Promise<SharedParcel | undefined> {
    const sealer = await this.#sealer(id);
    const bytes = sealer && (await this.#take(sealer, addressOf(id)));
    const parcel = bytes && parcelIn(bytes);
    return parcel && !this.#isOld(parcel) ? parcel : undefined;
  }

  /** The files that are there, each whole; in their order. */
  async files({ id, files }: Pick<SharedParcel, 'id' | 'files'>): Promise<File[]> {
    const sealer = await this.#sealer(id);
    if (!sealer) return [];
    const found: File[] = [];
    for (const [number, { name, type, size }] of files.entries()) {
      const body: Bytes[] = [];
      for (const piece of pieces(size).keys()) {
        const bytes = await this.#take(sealer, addressOf(id, number, piece));
        if (bytes) body.push(bytes);
      }
      if (body.length === pieces(size).length) found.push(new File(body, name, { type }));
    }
    return found;
  }

  /** It was taken, or is not wanted. */
  async drop(id: string): Promise<void> {
    await this.#keys.drop(id);
    if (!(await this.#caches.has(CACHE))) return;
    const cache = await this.#open();
    const all = await cache.keys();
    const own = all.filter(({ url }) => idOf(url) === id);
    await Promise.all(own.map((request) => cache.delete(request)));
    if (own.length === all.length) await this.#caches.delete(CACHE);
  }

  /** Throws away what nobody took within an hour, and the oldest of too many. */
  async sweep(): Promise<void> {
    if (!(await this.#caches.has(CACHE))) return;
    const ids = new Set((await (await this.#open()).keys()).flatMap(({ url }) => idOf(url) ?? []));
    const parcels = await Promise.all(
      [...ids].map(async (id) => ({ id, at: (await this.read(id))?.at ?? 0 })),
    );
    const young = parcels.filter(({ at }) => at > 0).sort((a, b) => b.at - a.at);
    const stay = new Set(young.slice(0, MOST_WAITING).map(({ id }) => id));
    for (const { id } of parcels) if (!stay.has(id)) await this.drop(id);
  }

  async #sealer(id: string): Promise<Sealer | undefined> {
    const key = await this.#keys.find(id);
    return key && sealerOf(key);
  }

  async #take(sealer: Sealer, address: string): Promise<Bytes | undefined> {
    const kept = await (await this.#open()).match(this.#origin + address);
    if (!kept) return undefined;
    const opened = await sealer.open(placeOf(address), await bytesOf(kept));
    return opened.ok ? opened.value : undefined;
  }

  #isOld({ at }: SharedParcel): boolean {
    return Math.abs(this.#now() - at) > HOUR_MS;
  }

  #open(): Promise<Cache> {
    return this.#caches.open(CACHE);
  }
}

const sealerOf = (key: CryptoKey): Sealer => deviceSealer(key, { profile: CACHE });

const bytesOf = async (body: Blob | Response): Promise<Bytes> => new Uint8Array(await body.arrayBuffer());

/** Where each piece of so many bytes begins; an empty file has one. */
const pieces = (size: number): number[] =>
  Array.from({ length: Math.max(1, Math.ceil(size / PIECE)) }, (_, at) => at * PIECE);

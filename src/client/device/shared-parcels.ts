/**
 * What another app shared with the city, on its way from the service worker to a page. It lies in Cache Storage, which both can
 * reach while every profile is locked: **in plain words**, for that moment. So it is bounded, thrown away as soon as a page has
 * handed it on, and after an hour in any case; removing everything from the device removes it too.
 */
import { parseJson } from '#shared/json.ts';

const CACHE = 'shared';
const HOUR_MS = 3_600_000;
/** Parcels that may wait at once: a stranger's page may send here too. */
const MOST_WAITING = 5;

/** Why a part of what was shared was left out. */
export type SharedRefusal =
  'too-long' | 'not-picture' | 'picture-too-big' | 'too-many-pictures' | 'unreadable';

/** The words and, by their numbers, the pictures of one act of sharing. */
export interface SharedParcel {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  readonly url: string;
  /** Types of the pictures kept beside. */
  readonly pictures: readonly string[];
  readonly refused: readonly SharedRefusal[];
}

const addressOf = (id: string, picture?: number): string =>
  `/shared/${encodeURIComponent(id)}${picture === undefined ? '' : `/${picture}`}`;

const idOf = (url: string): string | undefined => /\/shared\/([^/]+)/.exec(url)?.[1];

const parcelIn = (text: string): SharedParcel | undefined => {
  const json = parseJson(text);
  // Our own worker wrote it, on this origin.
  return json.ok && typeof json.value === 'object' ? (json.value as SharedParcel) : undefined;
};

/** Parcels by their id. Throws only when the storage itself fails (full, or refused by the browser). */
export class SharedParcels {
  readonly #caches: Pick<CacheStorage, 'open'>;
  readonly #origin: string;
  readonly #now: () => number;

  /** `now` in milliseconds since 1970. */
  constructor(storage: Pick<CacheStorage, 'open'>, origin: string, now: () => number = Date.now) {
    this.#caches = storage;
    this.#origin = origin;
    this.#now = now;
  }

  /** Keeps a parcel with its pictures, and sweeps what is too old or too many. */
  async keep(parcel: Omit<SharedParcel, 'at'>, pictures: readonly Blob[]): Promise<void> {
    const cache = await this.#open();
    for (const [number, picture] of pictures.entries())
      await cache.put(this.#url(parcel.id, number), new Response(picture));
    await cache.put(this.#url(parcel.id), new Response(JSON.stringify({ ...parcel, at: this.#now() })));
    await this.sweep();
  }

  /** Undefined for one that was taken, has expired, or never was. */
  async read(id: string): Promise<SharedParcel | undefined> {
    const kept = await (await this.#open()).match(this.#url(id));
    const parcel = kept && parcelIn(await kept.text());
    return parcel && !this.#isOld(parcel) ? parcel : undefined;
  }

  /** The pictures that are there. */
  async pictures({ id, pictures }: SharedParcel): Promise<Blob[]> {
    const cache = await this.#open();
    const kept = await Promise.all(pictures.map((_, number) => cache.match(this.#url(id, number))));
    return Promise.all(kept.flatMap((response) => response?.blob() ?? []));
  }

  /** It was taken, or is not wanted. */
  async drop(id: string): Promise<void> {
    const cache = await this.#open();
    const all = await cache.keys();
    const own = all.filter(({ url }) => idOf(url) === encodeURIComponent(id));
    await Promise.all(own.map((request) => cache.delete(request)));
  }

  /** Throws away what nobody took within an hour, and the oldest of too many. */
  async sweep(): Promise<void> {
    const ids = new Set((await (await this.#open()).keys()).flatMap(({ url }) => idOf(url) ?? []));
    const parcels = await Promise.all(
      [...ids].map(async (encoded) => {
        const id = decodeURIComponent(encoded);
        return { id, at: (await this.read(id))?.at ?? 0 };
      }),
    );
    const young = parcels.filter(({ at }) => at > 0).sort((a, b) => b.at - a.at);
    const stay = new Set(young.slice(0, MOST_WAITING).map(({ id }) => id));
    for (const { id } of parcels) if (!stay.has(id)) await this.drop(id);
  }

  #isOld({ at }: SharedParcel): boolean {
    return Math.abs(this.#now() - at) > HOUR_MS;
  }

  #open(): Promise<Cache> {
    return this.#caches.open(CACHE);
  }

  #url(id: string, picture?: number): string {
    return `${this.#origin}${addressOf(id, picture)}`;
  }
}

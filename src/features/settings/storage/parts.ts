/** What takes how much of this device, as parts of one bar. */
import type { StoreUsage } from '#client/engine/upkeep/upkeep.ts';
import { m } from '#messages/paraglide/messages.js';

export interface Part {
  readonly name: 'log' | 'rows' | 'words' | 'files' | 'map' | 'app' | 'other';
  readonly label: string;
  readonly bytes: number;
}

/** Bytes that the page's caches take. */
export interface CacheUsage {
  readonly map: number;
  readonly app: number;
}

/** The parts in the order of the bar; those that take nothing are left out. */
export const partsOf = (store: StoreUsage | undefined, caches: CacheUsage | undefined): Part[] => {
  const parts: Part[] = [
    { name: 'log', label: m.settings_storage_log(), bytes: store?.log ?? 0 },
    { name: 'rows', label: m.settings_storage_rows(), bytes: store?.rows ?? 0 },
    { name: 'words', label: m.settings_storage_search(), bytes: store?.words ?? 0 },
    { name: 'files', label: m.settings_storage_files(), bytes: store?.blobs ?? 0 },
    { name: 'map', label: m.settings_storage_map(), bytes: caches?.map ?? 0 },
    { name: 'app', label: m.settings_storage_app(), bytes: caches?.app ?? 0 },
    { name: 'other', label: m.settings_storage_other(), bytes: store?.other ?? 0 },
  ];
  return parts.filter(({ bytes }) => bytes > 0);
};

/** The sum. */
export const bytesOf = (parts: readonly Part[]): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);

/** The part of `CacheStorage` that is used. */
export type CachesPort = Pick<CacheStorage, 'keys' | 'open'>;

/** Measures what the service worker keeps: the map, and the app itself. Nothing where there are no caches. */
export const measureCaches = async (
  port: CachesPort | undefined = globalThis.caches,
): Promise<CacheUsage> => {
  let [map, app] = [0, 0];
  for (const name of (await port?.keys()) ?? []) {
    const cache = await port.open(name);
    for (const request of await cache.keys()) {
      const bytes = (await (await cache.match(request))?.blob())?.size ?? 0;
      if (new URL(request.url).pathname.includes('/map/')) map += bytes;
      else app += bytes;
    }
  }
  return { map, app };
};

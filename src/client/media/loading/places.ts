/** Which addresses are asked for a file, and in which order: the city's own, and everybody else's through it. */
import { blobUrl, hashInUrl } from '#protocol/media/blossom.ts';
import { extensionOf, formOf } from '#protocol/media/types.ts';
import type { MediaSource, ThumbWidth } from './source.ts';

/** An address, and what its bytes must hash to; undefined where nobody told. */
export interface Place {
  readonly url: string;
  readonly hash?: string;
  /** A small picture that its server makes: its hash is its server's word. */
  readonly width?: ThumbWidth;
}

/** True for addresses that the browser itself may ask. */
export const isOwn = (url: string, origin: string): boolean =>
  URL.canParse(url) && new URL(url).origin === origin;

/** Where a file may be: its address, its sender's other ones, then their servers. Each once. */
export const placesOf = (
  { url, hash, type, fallback = [] }: MediaSource,
  servers: readonly string[] = [],
): Place[] => {
  const known = hash === undefined ? {} : { hash };
  const elsewhere = hash === undefined ? [] : servers.map((server) => blobUrl(server, hash, type));
  return [...new Set([url, ...fallback, ...elsewhere])].map((one) => ({ url: one, ...known }));
};

/** Where a small picture of it may be had; none for what has no picture. */
export const thumbPlaces = (
  { url, hash, type, key }: MediaSource,
  { thumb, width, origin }: { readonly thumb?: string | undefined; width: ThumbWidth; origin: string },
): Place[] => {
  const given = thumb === undefined ? undefined : hashInUrl(thumb);
  const own = thumb === undefined ? [] : [{ url: thumb, ...(given === undefined ? {} : { hash: given }) }];
  if (formOf(type) !== 'picture' || key) return own;
  const made = hash !== undefined && isOwn(url, origin) ? `${origin}/${hash}.${extensionOf(type)}` : url;
  return [...own, { url: made, width }];
};

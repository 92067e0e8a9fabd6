/** Addresses of the proxy that only the city can make: it fetches what it has signed, and is nobody's open proxy. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { DAY } from '#shared/time.ts';
import { THUMB_WIDTHS } from '../thumbs/thumbs.ts';

export const MEDIA_PATH = '/api/media';

/** What is asked for: a stranger's address, and how wide a picture of it. */
export interface Wish {
  readonly url: string;
  /** Undefined: the original. */
  readonly width?: number;
}

const macOf = (secret: Uint8Array, { url, width }: Wish, expires: string): Buffer =>
  createHmac('sha256', secret)
    .update(`${expires}\n${width ?? ''}\n${url}`)
    .digest();

/** The same for a whole day (so that browsers keep what they have), and good for one more. */
const expiryAt = (now: number): number => (Math.floor(now / DAY) + 2) * DAY;

/** The proxy's address of a wish, good for one to two days. */
export const signWish = (secret: Uint8Array, wish: Wish, now: number): string => {
  const exp = String(expiryAt(now));
  const query = new URLSearchParams({
    url: wish.url,
    ...(wish.width === undefined ? {} : { w: String(wish.width) }),
    exp,
    sig: macOf(secret, wish, exp).toString('base64url'),
  });
  return `${MEDIA_PATH}?${query.toString()}`;
};

/** The wish behind an address; undefined for one that the city has not made, or whose days are over. */
export const readWish = (secret: Uint8Array, query: URLSearchParams, now: number): Wish | undefined => {
  const [url = '', width = '', exp = '', sig = ''] = ['url', 'w', 'exp', 'sig'].map(
    (name) => query.get(name) ?? '',
  );
  const widths = THUMB_WIDTHS.map(String);
  if ((width !== '' && !widths.includes(width)) || !/^\d{1,12}$/.test(exp) || Number(exp) < now)
    return undefined;
  const wish: Wish = { url, ...(width === '' ? {} : { width: Number(width) }) };
  const given = Buffer.from(sig, 'base64url');
  const expected = macOf(secret, wish, exp);
  return given.length === expected.length && timingSafeEqual(given, expected) ? wish : undefined;
};

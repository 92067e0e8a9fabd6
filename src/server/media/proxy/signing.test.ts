import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '#shared/time.ts';
import { readWish, signWish } from './signing.ts';

const SECRET = new Uint8Array(32).fill(7);
const NOW = 20_000 * DAY + 1234;
const queryOf = (address: string): URLSearchParams => new URL(address, 'http://city').searchParams;

test('what was signed is read again, and by its own city alone', () => {
  fc.assert(
    fc.property(fc.webUrl(), fc.constantFrom(undefined, 160, 320, 640, 1280), (url, width) => {
      const wish = { url, ...(width === undefined ? {} : { width }) };
      const query = queryOf(signWish(SECRET, wish, NOW));
      expect(readWish(SECRET, query, NOW)).toEqual(wish);
      expect(readWish(new Uint8Array(32).fill(8), query, NOW)).toBeUndefined();
    }),
  );
});

test('the same all day, good for one to two days', () => {
  const midnight = 20_000 * DAY;
  const address = signWish(SECRET, { url: 'https://a.example/' }, midnight);
  expect(signWish(SECRET, { url: 'https://a.example/' }, midnight + DAY - 1)).toBe(address);
  expect(signWish(SECRET, { url: 'https://a.example/' }, midnight + DAY)).not.toBe(address);
  expect(readWish(SECRET, queryOf(address), midnight + 2 * DAY)).toBeDefined();
  expect(readWish(SECRET, queryOf(address), midnight + 2 * DAY + 1)).toBeUndefined();
});

test('no other query reads as anything', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('url', 'w', 'exp', 'sig', 'x'), fc.string()), (query) => {
      expect(readWish(SECRET, new URLSearchParams(query), NOW)).toBeUndefined();
    }),
  );
});

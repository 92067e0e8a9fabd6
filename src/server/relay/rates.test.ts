import { expect, test } from 'vitest';
import { RateLimiter } from './rates.ts';

test('a burst at once, then so many a second, each name by itself', () => {
  let now = 0;
  const limiter = new RateLimiter({ perSecond: 2, burst: 3 }, () => now);
  const take = (name: string) => limiter.take(name);
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([true, true, true, false]);
  expect(take('b')).toBe(true);
  now = 500;
  expect([take('a'), take('a')]).toEqual([true, false]);
  now = 1_000_000;
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([true, true, true, false]);
});

test('a clock that goes back takes nothing away', () => {
  let now = 1000;
  const limiter = new RateLimiter({ perSecond: 1, burst: 1 }, () => now);
  expect(limiter.take('a')).toBe(true);
  now = 0;
  expect(limiter.take('a')).toBe(false);
});

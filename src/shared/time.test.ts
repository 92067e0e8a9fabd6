import { expect, test } from 'vitest';
import { DAY, HOUR, systemClock, YEAR } from './time.ts';

test('the clock tells whole Unix seconds, not milliseconds', () => {
  const now = systemClock.now();
  expect(Number.isInteger(now)).toBe(true);
  expect(Math.abs(now - Date.now() / 1000)).toBeLessThan(2);
});

test('a day has 86,400 seconds', () => {
  expect([HOUR, DAY, YEAR]).toEqual([3600, 86_400, 31_536_000]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roughCount, roughRate, roughTime } from './rough.ts';

test('a mean time has two digits at most, and the unit a person would choose', () => {
  const said = [0.02, 1, 2, 4.4, 27.3, 61, 89, 100, 600, 95 * 60, 7 * 3600, 50 * 3600, 400 * 86_400, 3e12];
  expect(said.map(roughTime)).toEqual([
    'a moment',
    'a moment',
    '2 seconds',
    '4 seconds',
    '27 seconds',
    '61 seconds',
    '89 seconds',
    '2 minutes',
    '10 minutes',
    '2 hours',
    '7 hours',
    '2 days',
    '1 year',
    'thousands of years',
  ]);
});

test('no number of seconds is without words, and none has more than two digits', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, noNaN: true }), (seconds) => {
      const words = roughTime(seconds);
      expect(words).not.toMatch(/NaN|Infinity|undefined/);
      expect(words.replace(/[^1-9]/g, '').length).toBeLessThanOrEqual(2);
    }),
  );
});

test('rates keep their width while they waver', () => {
  expect(roughRate(9_123_456)).toBe('9.1 million/s');
  expect(roughRate(9_000_000)).toBe('9.0 million/s');
  expect(roughRate(540_000)).toBe('540 thousand/s');
  expect(roughRate(0)).toBe('0/s');
  expect(roughCount(12_000_000)).toBe('12 million');
});

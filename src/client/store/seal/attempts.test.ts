import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countAttempt, noAttempts, parseAttempts, waitOf } from './attempts.ts';
import type { Attempts } from './attempts.ts';

const after = (tries: number, now = 1000): Attempts => {
  let attempts = noAttempts;
  for (let i = 0; i < tries; i++) attempts = countAttempt(attempts, now);
  return attempts;
};

test('four slips are free, the fifth costs five seconds, each further one twice as much', () => {
  expect([0, 1, 4, 5, 6, 7].map((tries) => waitOf(after(tries), 1000))).toEqual([
    0, 0, 0, 5000, 10_000, 20_000,
  ]);
});

test('the wait has an upper end and passes', () => {
  expect(waitOf(after(60), 1000)).toBe(15 * 60_000);
  expect(waitOf(after(5), 1000 + 5000)).toBe(0);
});

test('a clock that was set back never locks a person out for longer', () => {
  fc.assert(
    fc.property(fc.nat(80), fc.nat(), fc.nat(), (tries, then, now) => {
      const wait = waitOf(after(tries, then), now);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(15 * 60_000);
    }),
  );
});

test('attempts come back from the disk; what is none counts as none', () => {
  expect(parseAttempts(structuredClone(after(7)))).toEqual(after(7));
  for (const broken of [undefined, null, 3, {}, { wrong: -1, waitUntil: 0 }, { wrong: 1, waitUntil: '9' }])
    expect(parseAttempts(broken)).toEqual(noAttempts);
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(parseAttempts(value).wrong).toBeGreaterThanOrEqual(0);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Backoff } from './backoff.ts';

test('waits grow, stay within bounds, and start small again after a success', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.integer({ min: 1, max: 40 }),
      (chance, times) => {
        const backoff = new Backoff(500, 30_000, () => chance);
        const waits = Array.from({ length: times }, () => backoff.next());
        expect(waits).toEqual([...waits].sort((a, b) => a - b));
        expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
        expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
        expect(backoff.failures).toBe(times);
        backoff.reset();
        expect(backoff.next()).toBeLessThanOrEqual(1000);
      },
    ),
  );
});

test('two clients do not return at the same moment', () => {
  expect(new Backoff(500, 30_000, () => 0.1).next()).not.toBe(new Backoff(500, 30_000, () => 0.9).next());
});

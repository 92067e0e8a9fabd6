import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Quota } from './quota.ts';

test('so much at once, each name by itself, and again what is given back', () => {
  const quota = new Quota(3);
  expect([quota.take('a', 2), quota.take('a', 2), quota.take('a')]).toEqual([true, false, true]);
  expect(quota.take('b', 3)).toBe(true);
  quota.give('a', 3);
  expect(quota.take('a', 3)).toBe(true);
});

test('never more than the most is out, however it is taken and given', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 6 })), (amounts) => {
      const quota = new Quota(10);
      const held: number[] = [];
      for (const amount of amounts) {
        if (amount === 0) quota.give('a', held.pop() ?? 0);
        else if (quota.take('a', amount)) held.push(amount);
        expect(held.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(10);
      }
      for (const amount of held) quota.give('a', amount);
      expect(quota.take('a', 10)).toBe(true);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import { layersOf, sortOf, stackDays, storedBySort, topOf } from './stacks.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const row = (day: string, kind: number, count: number) => ({ day, kind, count, authors: 1 });

test('kinds have names that people know', () => {
  expect([kinds.NOTE, kinds.CHAT_LINE, kinds.EDIT].map(sortOf)).toEqual(['lines', 'lines', 'lines']);
  expect(sortOf(kinds.REACTION)).toBe('reactions');
  expect(sortOf(kinds.GIFT_WRAP)).toBe('letters');
  expect(sortOf(kinds.PUT_USER)).toBe('places');
  expect(sortOf(kinds.PROFILE)).toBe('other');
});

test('what is stored is told by sort, the largest first', () => {
  const stored = [
    { kind: 1, count: 2, bytes: 10 },
    { kind: 9, count: 1, bytes: 5 },
    { kind: 7, count: 9, bytes: 90 },
  ];
  expect(storedBySort(stored)).toEqual([
    { sort: 'reactions', count: 9, bytes: 90 },
    { sort: 'lines', count: 3, bytes: 15 },
  ]);
});

test('every day has a stack, silent ones too, today is the last', () => {
  const stacks = stackDays(
    [row('2026-11-22', 1, 5), row('2026-11-22', 9, 2), row('2026-11-20', 7, 1)],
    3,
    NOON,
  );
  expect(stacks.map(({ day, total }) => [day, total])).toEqual([
    ['2026-11-20', 1],
    ['2026-11-21', 0],
    ['2026-11-22', 7],
  ]);
  expect(stacks[2]?.counts.lines).toBe(7);
});

test('the scale ends at a round number, also for a silent city', () => {
  const of = (count: number) => topOf(stackDays([row('2026-11-22', 1, count)], 1, NOON));
  expect([0, 1, 3, 7, 12, 20, 21, 999].map(of)).toEqual([1, 1, 3, 8, 20, 20, 30, 1000]);
});

test('layers stand on one another and fit the scale', () => {
  const day = fc.record({
    day: fc.constant('2026-11-22'),
    kind: fc.constantFrom(0, 1, 7, 1059, 9000),
    count: fc.integer({ min: 0, max: 1e6 }),
    authors: fc.constant(1),
  });
  fc.assert(
    fc.property(fc.array(day), (days) => {
      const [stack] = stackDays(days, 1, NOON);
      if (!stack) throw new Error('there is a day');
      const layers = layersOf(stack, topOf([stack]));
      let foot = 0;
      for (const { from, size } of layers) {
        expect(from).toBeCloseTo(foot);
        foot += size;
      }
      expect(foot).toBeLessThanOrEqual(1.000001);
    }),
  );
});

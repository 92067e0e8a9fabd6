import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayOf } from '../timeline/timeline.ts';
import { parseDay, yearsBack } from './day-choices.ts';

const at = (text: string): number => new Date(text).getTime() / 1000;
const NOW = at('2026-11-22T12:00:00');

test('the newest year comes first, back to the oldest line’s, each with twelve months', () => {
  const years = yearsBack(at('2024-12-31T23:00:00'), NOW);
  expect(years.map(({ year }) => year)).toEqual([2026, 2025, 2024]);
  for (const { months } of years) expect(months).toHaveLength(12);
});

test('months before the oldest line and after now are out', () => {
  const [now, last] = yearsBack(at('2025-10-18T08:00:00'), NOW);
  expect(now?.months.map(({ isOut }) => isOut)).toEqual([...Array<boolean>(11).fill(false), true]);
  expect(last?.months.map(({ isOut }) => isOut)).toEqual([
    ...Array<boolean>(9).fill(true),
    false,
    false,
    false,
  ]);
});

test('a month begins at its first midnight here', () => {
  const [year] = yearsBack(at('2026-01-01T00:00:00'), NOW);
  expect(year?.months.map(({ at: begin }) => dayOf(begin))).toEqual(
    Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}-01`),
  );
});

test('a line from the beginning of time, or from the future, gives no endless list', () => {
  expect(yearsBack(0, NOW).length).toBeLessThanOrEqual(21);
  expect(yearsBack(NOW + 1e9, NOW)).toHaveLength(1);
});

test('a day is read back; what is none is not', () => {
  expect(parseDay('2026-03-14')).toBe(at('2026-03-14T00:00:00'));
  for (const bad of ['', '2026-3-14', '2026-02-31', '2026-13-01', 'tomorrow'])
    expect(parseDay(bad)).toBeUndefined();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (time) => {
      expect(dayOf(parseDay(dayOf(time)) ?? 0)).toBe(dayOf(time));
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => ['undefined', 'number'].includes(typeof parseDay(text))));
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginKeeping, keepUp, parseKeptPlaces, turnPage } from './kept-places.ts';
import type { KeptPlace } from './kept-places.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;

/** A relay that gives the newest `limit` times up to `until`. */
const walk = (times: readonly number[], place: KeptPlace, limit: number): Set<number> => {
  const sorted = [...times].sort((a, b) => b - a);
  const seen = new Set<number>();
  let now = place;
  for (let page = 0; page < 1000 && !now.isDone; page++) {
    const found = sorted.filter((at) => at <= now.until && at >= now.since).slice(0, limit);
    found.forEach((at) => seen.add(at));
    now = turnPage(now, found.at(-1));
  }
  expect(now.isDone).toBe(true);
  return seen;
};

test('every moment is reached, whatever the pages, and it ends', () => {
  const times = fc.array(fc.integer({ min: NOW - 1000, max: NOW }), { maxLength: 60 });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 20 }), (all, limit) => {
      expect(walk(all, beginKeeping('plaza', 'Plaza', NOW), limit)).toEqual(new Set(all));
    }),
  );
});

test('lines of one second that a page cut in two are asked for again', () => {
  const begun = beginKeeping('plaza', 'Plaza', NOW);
  expect(turnPage(begun, NOW - 50)).toMatchObject({ until: NOW - 50, oldest: NOW - 50, isDone: false });
  expect(turnPage({ ...begun, until: NOW - 50 }, NOW - 50)).toMatchObject({ until: NOW - 51 });
});

test('a later pass looks back to before the earlier one began, since lines may come late, and no further', () => {
  const first = turnPage(turnPage(beginKeeping('plaza', 'Plaza', NOW), NOW - 300 * DAY), undefined);
  expect(first).toMatchObject({ isDone: true, oldest: NOW - 300 * DAY });
  const second = keepUp(first, NOW + 30 * DAY);
  expect(second).toMatchObject({ until: NOW + 30 * DAY, isDone: false, oldest: NOW - 300 * DAY });
  expect(second.since).toBeLessThan(NOW - 7 * DAY);
  expect(second.since).toBeGreaterThan(NOW - 10 * DAY);
  expect(turnPage(second, undefined).oldest).toBe(NOW - 300 * DAY);
});

test('what was remembered comes back; anything else does not', () => {
  const places = [beginKeeping('plaza', 'Plaza', NOW), turnPage(beginKeeping('quay', 'Quay', NOW), NOW - 9)];
  expect(parseKeptPlaces(structuredClone(places))).toEqual(places);
  expect(parseKeptPlaces([...places, ...places])).toEqual(places);
  fc.assert(fc.property(fc.anything(), (value) => Array.isArray(parseKeptPlaces(value))));
  for (const bad of [{ id: '' }, { id: 'a b' }, { until: -1 }, { since: 'x' }, { begunAt: 0.5 }, { name: 1 }])
    expect(parseKeptPlaces([{ ...places[0], ...bad }])).toEqual([]);
});

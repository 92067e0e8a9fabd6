import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concerns, isForward, isWithin, limitRows, newestRowFirst, storedRow } from './rows.ts';
import type { StoredRow } from './rows.ts';
import { defineTable } from './table.ts';

const row = fc.record<StoredRow>({
  t: fc.constant('t'),
  i: fc.string({ maxLength: 3 }),
  p: fc.constantFrom('a', 'b'),
  o: fc.integer({ min: -2, max: 2 }),
  v: fc.constant(0),
});

test('keys come from the table; without part and order there are plain ones', () => {
  const full = defineTable<{ n: number }>({
    name: 't',
    id: ({ n }) => `${n}`,
    part: () => 'p',
    order: ({ n }) => n,
  });
  expect(storedRow(full, { n: 3 })).toEqual({ t: 't', i: '3', p: 'p', o: 3, v: { n: 3 } });
  const bare = defineTable<{ n: number }>({ name: 't', id: ({ n }) => `${n}` });
  expect(storedRow(bare, { n: 3 })).toEqual({ t: 't', i: '3', p: '', o: 0, v: { n: 3 } });
});

test('an order that could be no key counts as 0', () => {
  for (const order of [NaN, Infinity, -Infinity])
    expect(storedRow({ name: 't', id: () => 'x', order: () => order }, {}).o).toBe(0);
});

test('the order is total: a row comes before another or after it, and itself is neither', () => {
  fc.assert(
    fc.property(row, row, row, (x, y, z) => {
      expect(Math.sign(newestRowFirst(x, y))).toBe(-Math.sign(newestRowFirst(y, x)) + 0);
      expect(newestRowFirst(x, x)).toBe(0);
      if (newestRowFirst(x, y) <= 0 && newestRowFirst(y, z) <= 0)
        expect(newestRowFirst(x, z)).toBeLessThanOrEqual(0);
    }),
  );
});

test('cursors shut out the row they name and everything on its other side', () => {
  fc.assert(
    fc.property(row, row, (one, at) => {
      const cursor = { order: at.o, id: at.i };
      const order = newestRowFirst(one, at);
      expect(isWithin(one, { part: one.p, before: cursor })).toBe(order > 0);
      expect(isWithin(one, { part: one.p, after: cursor })).toBe(order < 0);
      expect(isWithin(one, { part: 'c', before: cursor })).toBe(false);
      expect(isWithin(one, { part: one.p })).toBe(true);
    }),
  );
});

test('a limit keeps the newest, or with after alone those next to the cursor', () => {
  const rows = [5, 4, 3, 2, 1].map((o): StoredRow => ({ t: 't', i: '', p: 'a', o, v: 0 }));
  const cursor = { order: 0, id: '' };
  const orders = (found: StoredRow[]) => found.map(({ o }) => o);
  expect(orders(limitRows(rows, { part: 'a', limit: 2 }))).toEqual([5, 4]);
  expect(orders(limitRows(rows, { part: 'a', after: cursor, limit: 2 }))).toEqual([2, 1]);
  expect(orders(limitRows(rows, { part: 'a', after: cursor, before: cursor, limit: 2 }))).toEqual([5, 4]);
  expect(orders(limitRows(rows, { part: 'a', after: cursor, limit: 0 }))).toEqual([]);
  expect(limitRows(rows, { part: 'a', limit: 9 })).toBe(rows);
  expect([isForward({ part: 'a', after: cursor }), isForward({ part: 'a' })]).toEqual([true, false]);
});

test.each([
  [{ table: 'a' }, { table: 'a', part: 'x' }, true],
  [{ table: 'a', part: 'x' }, { table: 'a', part: 'x' }, true],
  [{ table: 'a', part: 'x' }, { table: 'a' }, true],
  [{ table: 'a', part: 'x' }, { table: 'a', part: 'y' }, false],
  [{ table: 'b' }, { table: 'a', part: 'x' }, false],
])('who watches %o hears of %o: %s', (watched, touched, expected) => {
  expect(concerns([{ table: 'zzz' }, watched], touched)).toBe(expected);
});

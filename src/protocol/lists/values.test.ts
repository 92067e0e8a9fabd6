import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLater, makeOwnValues, mergeOwnValues, parseOwnValues } from './values.ts';
import type { OwnValue } from './values.ts';

const valueOf = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  at: fc.integer({ min: 0, max: 5 }),
  value: fc.option(fc.constantFrom('1', '2', ''), { nil: undefined }),
});
const asText = (values: ReadonlyMap<string, OwnValue>) =>
  JSON.stringify([...values.values()].sort((a, b) => (a.key < b.key ? -1 : 1)));

test('the later counts; of two at once the same one on every device', () => {
  const early = { key: 'a', at: 1, value: '1' };
  const late = { key: 'a', at: 2, value: '0' };
  expect([isLater(late, early), isLater(early, late), isLater(early, early)]).toEqual([true, false, false]);
  expect(isLater({ key: 'a', at: 1, value: '2' }, early)).toBe(true);
  expect(isLater({ key: 'a', at: 2 }, early)).toBe(true);
  expect(isLater({ key: 'a', at: 1 }, early)).toBe(false);
});

test('merging knows no order, and twice is once', () => {
  const some = fc.array(valueOf, { maxLength: 8 });
  fc.assert(
    fc.property(some, some, some, (a, b, c) => {
      const flat = (...lists: OwnValue[][]) =>
        lists.reduce((sum, one) => [...mergeOwnValues(sum, one).values()]);
      expect(asText(mergeOwnValues(a, b))).toBe(asText(mergeOwnValues(b, a)));
      expect(asText(mergeOwnValues(flat(a, b), c))).toBe(asText(mergeOwnValues(a, flat(b, c))));
      expect(asText(mergeOwnValues(a, a))).toBe(asText(mergeOwnValues(a, [])));
    }),
  );
});

test('what is written is read again, with the fields of others beside it', () => {
  fc.assert(
    fc.property(fc.array(valueOf), (values) => {
      const merged = mergeOwnValues(values, []);
      const document: unknown = JSON.parse(JSON.stringify(makeOwnValues(merged.values(), { theirs: 1 })));
      expect(document).toMatchObject({ v: 1, theirs: 1 });
      expect(asText(mergeOwnValues(parseOwnValues(document) ?? [], []))).toBe(asText(merged));
    }),
  );
});

test('no document breaks it, and malformed values are left out', () => {
  expect(parseOwnValues({ values: [['a', 1, 'x'], ['b', '1'], [7, 1], 3, ['c', 2.5], ['d', 4, 5]] })).toEqual(
    [{ key: 'a', at: 1, value: 'x' }],
  );
  for (const none of [undefined, null, [], {}, { values: {} }, 'x'])
    expect(parseOwnValues(none)).toBeUndefined();
  fc.assert(fc.property(fc.jsonValue(), (value) => void parseOwnValues(value)));
});

test('a seal has its bounds: what was set longest ago is left out', () => {
  const values = Array.from({ length: 900 }, (_, at) => ({ key: `k${at}`, at, value: 'x'.repeat(80) }));
  const text = JSON.stringify(makeOwnValues(values));
  expect(text.length).toBeLessThan(41_000);
  expect(text).toContain('"k899"');
  expect(text).not.toContain('"k0"');
});

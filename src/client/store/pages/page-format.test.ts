import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredRow } from '../rows.ts';
import { packPage, unpackPage } from './page-format.ts';

const anyRow = fc.record({
  i: fc.string(),
  p: fc.constantFrom('', '0', 'a', 'b'),
  o: fc.integer(),
  v: fc.oneof(fc.jsonValue(), fc.record({ id: fc.string(), text: fc.string() })),
});
const hasOwnId = fc.boolean();
const anyPage = fc
  .array(fc.tuple(anyRow, hasOwnId), { minLength: 1, maxLength: 20 })
  .map((rows): StoredRow[] =>
    rows.map(([row, own]) => ({ t: 'lines', ...row, v: own ? { id: row.i, at: row.o } : row.v })),
  );
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('any page comes back as it was', () => {
  fc.assert(
    fc.property(anyPage, (page) => {
      expect(unpackPage(throughJson(packPage(page)))).toEqual(throughJson(page));
    }),
  );
});

test('what a row says itself is not said again', () => {
  const id = 'ab'.repeat(32);
  const rows = [1, 2].map((o): StoredRow => ({
    t: 'lines',
    i: `${id}${o}`,
    p: 'harbour',
    o,
    v: { id: `${id}${o}` },
  }));
  const json = JSON.stringify(packPage(rows));
  expect(json.split('harbour')).toHaveLength(2);
  expect(json.split(`${id}1`)).toHaveLength(2);
});

test('an empty id or part is itself', () => {
  const page: StoredRow[] = [
    { t: 'x', i: '', p: '', o: 0, v: 0 },
    { t: 'x', i: 'b', p: '', o: 0, v: { id: 0 } },
  ];
  expect(unpackPage(throughJson(packPage(page)))).toEqual(page);
});

test.each([
  [undefined],
  [{}],
  [[]],
  [[1]],
  [['t', 'no row']],
  [['t', [0, 'p', 1, {}]]],
  [['t', [0, 'p', 1, { id: 7 }]]],
  [['t', ['i', 0, 1, {}]]],
  [['t', ['i', 'p', '1', {}]]],
])('%j is no page', (value) => {
  expect(unpackPage(value)).toBeUndefined();
});

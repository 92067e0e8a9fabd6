import { expect, test } from 'vitest';
import type { LocalEvent } from './local-events.ts';
import { Overlay } from './overlay.ts';
import { claimTables, projectEvents } from './projecting.ts';
import type { Projection } from './projection.ts';
import type { RowSource } from './rows.ts';
import { defineTable } from './table.ts';
import type { RowWriter } from './table.ts';

const nothing: RowSource = {
  getMany: (_table, ids) => Promise.resolve(ids.map(() => undefined)),
  all: () => Promise.resolve([]),
  part: () => Promise.resolve([]),
  count: () => Promise.resolve(0),
};
interface Row {
  readonly id: string;
  readonly times: number;
}
const table = (name: string) => defineTable<Row>({ name, id: (row) => row.id });
const [a, b] = [table('a'), table('b')];

/** Counts names; the work may add trouble. */
const counting = (
  own: typeof a,
  work: (rows: RowWriter, name: string) => void = () => undefined,
): Projection => ({
  name: `counts ${own.name}`,
  version: 1,
  tables: [own],
  async project(rows, event) {
    if (event.type !== 'SettingChanged') return;
    const before = await rows.get(own, event.name);
    rows.put(own, { id: event.name, times: (before?.times ?? 0) + 1 });
    work(rows, event.name);
  },
});
const settings = (...names: string[]): LocalEvent[] =>
  names.map((name) => ({ type: 'SettingChanged', v: 1, name, value: 0 }));

const run = async (projections: readonly Projection[], events: readonly LocalEvent[]) => {
  const overlay = new Overlay(nothing);
  const failures: string[] = [];
  await projectEvents(overlay, projections, events, (name, event, cause) => {
    failures.push(`${name} ${event.type} ${String(cause)}`);
  });
  const counts = async (own: typeof a) =>
    (await overlay.all(own)).map(({ id, times }) => `${id}${times}`).sort();
  return { overlay, failures, counts };
};

test('events go in order, each seeing what those before it wrote', async () => {
  const { counts, failures } = await run([counting(a), counting(b)], settings('x', 'y', 'x'));
  expect([await counts(a), await counts(b), failures]).toEqual([['x2', 'y1'], ['x2', 'y1'], []]);
});

test('a failure takes back what that projection wrote for that event, and nothing else', async () => {
  const failing = counting(a, (rows, name) => {
    rows.put(a, { id: 'half', times: 0 });
    rows.delete(a, 'x');
    if (name === 'bad') throw new Error('cannot');
    rows.delete(a, 'half');
    rows.put(a, { id: 'x', times: 9 });
  });
  const { counts, failures } = await run([failing, counting(b)], settings('x', 'bad', 'y'));
  expect(await counts(a)).toEqual(['x9', 'y1']);
  expect(await counts(b)).toEqual(['bad1', 'x1', 'y1']);
  expect(failures).toEqual(['counts a SettingChanged Error: cannot']);
});

test('a foreign table is a failure for every verb', async () => {
  const verbs: ((rows: RowWriter) => unknown)[] = [
    (rows) => rows.get(b, 'x'),
    (rows) => rows.getMany(b, ['x']),
    (rows) => rows.all(b),
    (rows) => rows.part(b, { part: '' }),
    (rows) => rows.count(b, ''),
    (rows) => rows.put(b, { id: 'x', times: 1 }),
    (rows) => rows.delete(b, 'x'),
  ];
  for (const verb of verbs) {
    const { failures, overlay } = await run([counting(a, verb)], settings('x'));
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain('table "b"');
    expect((await overlay.changes()).put).toEqual([]);
  }
});

test('a commit holds the last word on each row, once', async () => {
  const { overlay } = await run([counting(a)], settings('x', 'x', 'x'));
  overlay.put(a, { id: 'gone', times: 1 });
  overlay.delete(a, 'gone');
  expect(await overlay.changes()).toEqual({
    put: [{ t: 'a', i: 'x', p: '', o: 0, v: { id: 'x', times: 3 } }],
    deleted: [{ table: 'a', id: 'gone' }],
    forgotten: [],
    touched: [{ table: 'a', part: '' }],
  });
});

test('a table has one owner', () => {
  expect(() => claimTables([counting(a), counting(b)])).not.toThrow();
  expect(() => claimTables([counting(a), { ...counting(a), name: 'thief' }])).toThrow(
    'table "a" belongs to "counts a" and to "thief"',
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryRows } from '../../../tests/support/memory-rows.ts';
import type { LocalEvent } from './local-events.ts';
import type { Projection } from './projection.ts';
import { defineTable } from './table.ts';
import type { PartQuery, RowWriter } from './table.ts';

interface Note {
  readonly id: string;
  readonly room: string;
  readonly at: number;
}
const notes = defineTable<Note>({
  name: 'notes',
  id: (note) => note.id,
  part: (note) => note.room,
  order: (note) => note.at,
});
const others = defineTable<{ id: string }>({ name: 'others', id: (row) => row.id });

/** Runs a scene inside one projection, i.e. within one overlay, over rows that were there before. */
const within = async (
  before: readonly Note[],
  scene: (rows: RowWriter) => Promise<void>,
): Promise<MemoryRows> => {
  const projection: Projection = {
    name: 'scene',
    version: 1,
    tables: [notes],
    project: (rows) => scene(rows),
  };
  const memory = new MemoryRows([projection]);
  for (const note of before) memory.put(notes, note);
  await memory.apply(anything);
  return memory;
};
const anything: LocalEvent = { type: 'SettingChanged', v: 1, name: 'x', value: 1 };
const note = (id: string, at: number, room = 'a'): Note => ({ id, room, at });
const ids = (rows: readonly Note[]) => rows.map((row) => row.id).join('');

test('reads see the writes made before them', async () => {
  await within([note('a', 1), note('b', 2)], async (rows) => {
    rows.put(notes, note('c', 3));
    rows.delete(notes, 'a');
    expect(await rows.get(notes, 'c')).toEqual(note('c', 3));
    expect(await rows.get(notes, 'a')).toBeUndefined();
    expect(await rows.getMany(notes, ['b', 'a', 'c', 'z'])).toEqual([
      note('b', 2),
      undefined,
      note('c', 3),
      undefined,
    ]);
    expect(ids(await rows.all(notes))).toBe('cb');
    expect(ids(await rows.part(notes, { part: 'a' }))).toBe('cb');
    expect(await rows.count(notes, 'a')).toBe(2);
  });
});

test('equal orders fall back to the id, newest first', async () => {
  const memory = await within([note('b', 1), note('a', 1), note('c', 1)], () => Promise.resolve());
  expect(ids(await memory.part(notes, { part: 'a' }))).toBe('cba');
  expect(ids(await memory.part(notes, { part: 'a', before: { order: 1, id: 'b' } }))).toBe('a');
  expect(ids(await memory.part(notes, { part: 'a', after: { order: 1, id: 'b' } }))).toBe('c');
});

test('with after and a limit come the rows next to the cursor', async () => {
  const memory = await within(
    [1, 2, 3, 4].map((at) => note(`${at}`, at)),
    () => Promise.resolve(),
  );
  expect(ids(await memory.part(notes, { part: 'a', after: { order: 1, id: '1' }, limit: 2 }))).toBe('32');
  expect(ids(await memory.part(notes, { part: 'a', limit: 2 }))).toBe('43');
});

const someNote = fc.record({
  id: fc.constantFrom(...'abcdefgh'),
  room: fc.constantFrom('a', 'b'),
  at: fc.integer({ min: 0, max: 4 }),
});
const cursor = fc.option(
  fc.record({ order: fc.integer({ min: 0, max: 4 }), id: fc.constantFrom(...'abcdefgh') }),
  {
    nil: undefined,
  },
);
const query: fc.Arbitrary<PartQuery> = fc.record({
  part: fc.constantFrom('a', 'b'),
  before: cursor,
  after: cursor,
  limit: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
});

test('any writes: reading through the overlay is reading after the commit', async () => {
  const writes = fc.array(fc.oneof(someNote, fc.constantFrom(...'abcdefgh')), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(someNote), writes, fc.array(query), async (before, changes, queries) => {
      let seen: unknown[] = [];
      const look = async (rows: Pick<RowWriter, 'all' | 'part' | 'count'>): Promise<unknown[]> => [
        await rows.all(notes),
        await rows.count(notes, 'a'),
        ...(await Promise.all(queries.map((one) => rows.part(notes, one)))),
      ];
      const memory = await within(before, async (rows) => {
        for (const change of changes)
          if (typeof change === 'string') rows.delete(notes, change);
          else rows.put(notes, change);
        seen = await look(rows);
      });
      expect(seen).toEqual(await look(memory));
    }),
  );
});

test('a projection names its own tables only', async () => {
  const touch = within([], async (rows) => rows.put(others, { id: 'x' }));
  await expect(touch).rejects.toThrow(/"others"/);
});

test('a row cannot be changed behind the store’s back', async () => {
  const memory = await within([note('a', 1)], () => Promise.resolve());
  const row = (await memory.get(notes, 'a')) as { at: number };
  expect(() => (row.at = 2)).toThrow(TypeError);
});

test('watchers hear of the part a row left and of the one it came to, once', async () => {
  const memory = await within([note('a', 1, 'a'), note('b', 1, 'b')], () => Promise.resolve());
  const heard: string[] = [];
  for (const part of ['a', 'b', 'c']) memory.watch([{ table: 'notes', part }], () => heard.push(part));
  memory.watch([{ table: 'others' }], () => heard.push('others'));
  const stop = memory.watch([{ table: 'notes' }], () => heard.push('stopped'));
  stop();
  memory.put(notes, note('a', 1, 'c'));
  memory.put(notes, note('a', 2, 'c'));
  await Promise.resolve();
  expect(heard).toEqual(['a', 'c']);
});

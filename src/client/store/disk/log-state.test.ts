import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import type { Projection } from '../projection.ts';
import { defineTable } from '../table.ts';
import { declareDatabase, EPOCH, transact } from './database.ts';
import type { Database, LogState } from './database.ts';
import { adopt, advanced, peekLogState, readLogState, upToDate, writeLogState } from './log-state.ts';

const projection = (name: string, version = 1, ...tables: string[]): Projection => ({
  name,
  version,
  tables: (tables.length > 0 ? tables : [name]).map((table) =>
    defineTable<never>({ name: table, id: () => '' }),
  ),
  project: () => Promise.resolve(),
});
const [chat, people] = [projection('chat', 1, 'lines', 'drafts'), projection('people')];
const state = (projections: LogState['projections'], seq = 10): LogState => ({
  epoch: EPOCH,
  seq,
  projections,
});
const done = { version: 1, cursor: 10 };

test('an empty device begins at nothing, with nothing stale', () => {
  expect(adopt(undefined, [chat, people])).toEqual({
    state: state(
      {
        chat: { version: 1, tables: ['lines', 'drafts'], cursor: 0 },
        people: { version: 1, tables: ['people'], cursor: 0 },
      },
      0,
    ),
    stale: [],
  });
});

test('what is the same stays; what is new starts at nothing', () => {
  const before = state({ chat: { ...done, tables: ['lines', 'drafts'] } });
  const { state: after, stale } = adopt(before, [chat, people]);
  expect(after.projections['chat']).toBe(before.projections['chat']);
  expect(after.projections['people']?.cursor).toBe(0);
  expect([after.seq, stale]).toEqual([10, ['people']]);
});

test('a new version takes its old tables and its new ones away', () => {
  const before = state({
    chat: { ...done, tables: ['lines', 'old'] },
    people: { ...done, tables: ['people'] },
  });
  const { state: after, stale } = adopt(before, [projection('chat', 2, 'lines', 'new'), people]);
  expect([...stale].sort()).toEqual(['lines', 'new', 'old']);
  expect(after.projections).toMatchObject({ chat: { version: 2, cursor: 0 }, people: { cursor: 10 } });
});

test('an older version is another version too', () => {
  const before = state({ chat: { version: 5, cursor: 10, tables: ['lines'] } });
  expect(adopt(before, [chat]).state.projections['chat']).toMatchObject({ version: 1, cursor: 0 });
});

test('a vanished projection’s tables are stale, and it is forgotten', () => {
  const before = state({
    chat: { ...done, tables: ['lines', 'drafts'] },
    gone: { ...done, tables: ['ghosts'] },
  });
  const { state: after, stale } = adopt(before, [chat]);
  expect([Object.keys(after.projections), stale]).toEqual([['chat'], ['ghosts']]);
});

test('asked for all, everything starts over', () => {
  const before = state({
    chat: { ...done, tables: ['lines', 'drafts'] },
    people: { ...done, tables: ['people'] },
  });
  const { state: after, stale } = adopt(before, [chat, people], true);
  expect(Object.values(after.projections).map(({ cursor }) => cursor)).toEqual([0, 0]);
  expect([...stale].sort()).toEqual(['drafts', 'lines', 'people']);
});

test('those that lag behind are not up to date, and advance alone', () => {
  const before = state({ chat: { ...done, tables: [] }, people: { ...done, cursor: 4, tables: [] } });
  expect(upToDate(before, [chat, people])).toEqual([chat]);
  const after = advanced(before, [people], 10);
  expect(upToDate(after, [chat, people])).toEqual([chat, people]);
  expect(before.projections['people']?.cursor).toBe(4);
});

let database: Database | undefined;
let names = 0;
const fresh = () => (database = declareDatabase(`state ${++names}`));
afterEach(() => database?.dexie.close());
const read = (on: Database, ...projections: Projection[]) =>
  transact(on, 'rw', (tables) => readLogState(tables, projections));

test('a missing record reads as a fresh one, and is not there before it is written', async () => {
  const database = fresh();
  expect(await read(database, chat)).toMatchObject({ seq: 0, projections: { chat: { cursor: 0 } } });
  expect(await peekLogState(database)).toBeUndefined();
  await transact(database, 'rw', async (tables) => writeLogState(tables, await readLogState(tables, [chat])));
  expect(await peekLogState(database)).toMatchObject({ epoch: EPOCH, seq: 0 });
});

test.each([
  ['a newer epoch', { ...state({ chat: { ...done, tables: [] } }), epoch: EPOCH + 1 }],
  ['another version', state({ chat: { ...done, version: 2, tables: [] } })],
  ['an app that does not know the projection', state({})],
])('%s refuses the write', async (_name, record) => {
  const database = fresh();
  await transact(database, 'rw', (tables) => writeLogState(tables, record));
  await expect(read(database, chat)).rejects.toMatchObject({ name: 'StoreError', code: 'superseded' });
});

test('keys are looked up within a transaction, and a throw undoes it', async () => {
  const database = fresh();
  const setting = { type: 'SettingChanged', v: 1, name: 'x', value: 1 } as const;
  await transact(database, 'rw', async (tables) => {
    await tables.log.bulkAdd([
      { seq: 1, key: 'a', event: setting },
      { seq: 2, event: setting },
    ]);
    expect(await tables.known(['a', 'b'])).toEqual(new Set(['a']));
    expect(await tables.known([])).toEqual(new Set());
  });
  const failing = transact(database, 'rw', async (tables) => {
    await tables.log.add({ seq: 3, key: 'b', event: setting });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await transact(database, 'r', (tables) => tables.known(['a', 'b']))).toEqual(new Set(['a']));
  const twice = transact(database, 'rw', (tables) => tables.log.add({ seq: 4, key: 'a', event: setting }));
  await expect(twice).rejects.toMatchObject({ name: 'ConstraintError' });
});

import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, expect, test } from 'vitest';
import { fakeEvent } from '../../../../tests/support/fake-city.ts';
import { makeProfileKeys, plainCompressor } from '../../../../tests/support/profile-keys.ts';
import type { LocalEvent } from '../local-events.ts';
import { openProfileStore } from '../opening/open-profile.ts';
import type { Projection } from '../projection.ts';
import type { ProfileKeys } from '../profiles/profile-keys.ts';
import type { SealedStore } from '../sealed/sealed-store.ts';
import { defineTable } from '../table.ts';
import { movePlainDatabase } from './plain-database.ts';

const notes = defineTable<{ id: string; text: string }>({ name: 'notes', id: (one) => one.id });
const projection: Projection = {
  name: 'notes',
  version: 1,
  tables: [notes],
  async project(rows, event) {
    if (event.type === 'RelayEventSeen' || event.type === 'EventSigned')
      rows.put(notes, { id: event.event.id, text: event.event.content });
  },
};

const DATABASE = 'city default';
const stores: SealedStore[] = [];
afterEach(async () => {
  stores.splice(0).forEach((store) => store.close());
  await Dexie.delete(DATABASE);
});

/** A database as the first version made it. */
const makePlain = async (events: readonly LocalEvent[], meta: Record<string, unknown>) => {
  const dexie = new Dexie(DATABASE);
  dexie.version(1).stores({ log: 'seq, &key', rows: '[t+i]', meta: 'name', outbox: '[id+relay], id' });
  await dexie.table('log').bulkAdd(events.map((event, at) => ({ seq: at + 1, event })));
  await dexie
    .table('meta')
    .bulkAdd([
      { name: 'log state', value: { epoch: 1, seq: events.length } },
      ...Object.entries(meta).map(([name, value]) => ({ name: `own ${name}`, value })),
    ]);
  dexie.close();
};
const open = async (keys: ProfileKeys) => {
  const store = await openProfileStore({ keys, projections: [projection], compressor: plainCompressor });
  stores.push(store);
  return store;
};
const move = (store: SealedStore, progress: (done: number, total: number) => void = () => undefined) =>
  movePlainDatabase(store, {
    database: DATABASE,
    meta: async (name, value) => (name === 'old' ? undefined : value),
    progress,
  });
const seen = (n: number): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event: fakeEvent({ kind: 9, content: `line ${n}` }),
  relay: 'wss://a.test',
});

test('log, queue and small things are moved, and the plain database is gone', async () => {
  const waiting = fakeEvent({ kind: 9, content: 'waits', tags: [['h', 'a']] });
  const events: LocalEvent[] = [
    ...Array.from({ length: 2500 }, (_, n) => seen(n)),
    { type: 'EventSigned', v: 1, event: waiting, relays: ['wss://a.test'] },
  ];
  await makePlain(events, { vault: { v: 1 }, old: 'x' });
  const keys = await makeProfileKeys();
  const store = await open(keys);
  const told: number[][] = [];
  expect(await move(store, (...progress) => told.push(progress))).toBe(true);
  expect(told).toEqual([
    [1000, 2501],
    [2000, 2501],
    [2501, 2501],
  ]);
  expect(await store.all(notes)).toHaveLength(2501);
  expect((await store.queue.entries()).map(({ id }) => id)).toEqual([waiting.id]);
  expect(await store.readMeta('vault')).toEqual({ v: 1 });
  expect(await store.readMeta('old')).toBeUndefined();
  expect(await Dexie.exists(DATABASE)).toBe(false);
  expect(await move(store)).toBe(false);
});

test('cut off in the middle it begins anew and has everything once', async () => {
  const events = Array.from({ length: 2500 }, (_, n) => seen(n));
  await makePlain(events, {});
  const keys = await makeProfileKeys();
  const first = await open(keys);
  const cut = new Error('the page was closed');
  await expect(
    move(first, () => {
      throw cut;
    }),
  ).rejects.toBe(cut);
  first.close();
  const second = await open(keys);
  expect(await move(second)).toBe(true);
  expect((await second.all(notes)).map(({ text }) => text).sort()).toEqual(
    events.map((event) => (event.type === 'RelayEventSeen' ? event.event.content : '')).sort(),
  );
});

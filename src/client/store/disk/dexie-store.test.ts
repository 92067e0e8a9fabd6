import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import type { LocalEvent } from '../local-events.ts';
import type { Projection } from '../projection.ts';
import { StoreError } from '../store-error.ts';
import { defineTable } from '../table.ts';
import { declareDatabase } from './database.ts';
import { openStore } from './dexie-store.ts';
import type { DexieStore, StoreOptions } from './dexie-store.ts';

interface Note {
  readonly id: string;
  readonly room: string;
  readonly at: number;
  readonly text: string;
}
const notes = defineTable<Note>({
  name: 'notes',
  id: (one) => one.id,
  part: (one) => one.room,
  order: (one) => one.at,
});
const totals = defineTable<{ room: string; count: number }>({ name: 'totals', id: (one) => one.room });

/** Notes, and how many a room has: the second needs reads that see the writes. */
const noteProjection = (version = 1, trouble: (event: LocalEvent) => void = () => undefined): Projection => ({
  name: 'notes',
  version,
  tables: [notes, totals],
  async project(rows, event) {
    if (event.type !== 'RelayEventSeen') return;
    const { id, content, created_at, tags } = event.event;
    const room = tags[0]?.[1] ?? '';
    rows.put(notes, { id, room, at: created_at, text: `${content}${version > 1 ? ` v${version}` : ''}` });
    const total = await rows.get(totals, room);
    trouble(event);
    rows.put(totals, { room, count: (total?.count ?? 0) + 1 });
  },
});

let names = 0;
const opened: DexieStore[] = [];
const open = async (options: Partial<StoreOptions> = {}): Promise<DexieStore> => {
  const store = await openStore({ name: `test ${++names}`, projections: [noteProjection()], ...options });
  opened.push(store);
  return store;
};
afterEach(() => opened.splice(0).forEach((store) => store.close()));

const nostr = (n: number, room = 'a'): NostrEvent => ({
  id: n.toString(16).padStart(64, '0'),
  pubkey: 'a'.repeat(64),
  kind: 1,
  created_at: n,
  tags: [['h', room]],
  content: `note ${n}`,
  sig: 'b'.repeat(128),
});
const seen = (n: number, room = 'a'): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event: nostr(n, room),
  relay: 'wss://a.test',
});
const signed = (n: number, relays: readonly string[] = ['wss://a.test']): LocalEvent => ({
  type: 'EventSigned',
  v: 1,
  event: nostr(n),
  relays,
});
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => seen(from + index));
const times = (rows: readonly Note[]) => rows.map((row) => row.at);
const logOf = async (name: string) => {
  const database = declareDatabase(name);
  const records = await database.log.toArray();
  database.dexie.close();
  return records;
};

test('what is appended is projected and read back', async () => {
  const store = await open();
  expect(await store.append(upTo(5))).toEqual({ appended: 5, duplicates: 0 });
  expect(await store.get(notes, nostr(3).id)).toMatchObject({ at: 3, text: 'note 3' });
  expect(await store.getMany(totals, ['a', 'b'])).toEqual([{ room: 'a', count: 5 }, undefined]);
  expect(await store.count(notes, 'a')).toBe(5);
  expect(times(await store.all(notes))).toEqual([5, 4, 3, 2, 1]);
});

test('a part is read newest first, from a cursor either way', async () => {
  const store = await open();
  await store.append([...upTo(6), seen(7, 'b')]);
  const cursor = (n: number) => ({ order: n, id: nostr(n).id });
  expect(times(await store.part(notes, { part: 'a', limit: 2 }))).toEqual([6, 5]);
  expect(times(await store.part(notes, { part: 'a', before: cursor(5), limit: 2 }))).toEqual([4, 3]);
  expect(times(await store.part(notes, { part: 'a', after: cursor(2), limit: 2 }))).toEqual([4, 3]);
  expect(
    times(await store.part(notes, { part: 'a', after: cursor(2), before: cursor(6), limit: 2 })),
  ).toEqual([5, 4]);
  expect(times(await store.part(notes, { part: 'a', after: cursor(6) }))).toEqual([]);
  expect(times(await store.part(notes, { part: 'a', limit: 0 }))).toEqual([]);
  expect(times(await store.part(notes, { part: 'b' }))).toEqual([7]);
});

test('an event is logged once, whichever relay brings it and however often', async () => {
  const store = await open();
  await store.append([seen(1), seen(1)]);
  expect(await store.append([seen(1), seen(2)])).toEqual({ appended: 1, duplicates: 1 });
  expect((await store.get(totals, 'a'))?.count).toBe(2);
});

test('two tabs writing at once make one log without gaps or doubles', async () => {
  const name = `test ${++names}`;
  const tabs = [await open({ name }), await open({ name })];
  const writes = tabs.flatMap((tab, index) =>
    Array.from({ length: 20 }, (_, n) =>
      tab.append(upTo(5, n * 3 + index)).then((report) => report.appended),
    ),
  );
  const appended = (await Promise.all(writes)).reduce((a, b) => a + b, 0);
  const records = await logOf(name);
  expect(records.map((record) => record.seq)).toEqual(Array.from({ length: appended }, (_, n) => n + 1));
  expect(new Set(records.map((record) => record.key)).size).toBe(appended);
  expect((await tabs[0]!.get(totals, 'a'))?.count).toBe(appended);
});

test('a write is heard in this tab and in the other, by those who watch the part', async () => {
  const name = `test ${++names}`;
  const [here, there] = [await open({ name }), await open({ name })];
  const heard: string[] = [];
  here.watch([{ table: 'notes', part: 'a' }], () => heard.push('here a'));
  there.watch([{ table: 'notes', part: 'a' }], () => heard.push('there a'));
  here.watch([{ table: 'notes', part: 'b' }], () => heard.push('here b'));
  there.watch([{ table: 'notes' }], () => heard.push('gone'))();
  await Promise.all([here.append([seen(1)]), here.append([seen(2)]), here.append([seen(3)])]);
  await vi.waitFor(() => expect(heard).toContain('there a'), { timeout: 15_000 });
  await new Promise((done) => setTimeout(done, 60));

  expect(new Set(heard)).toEqual(new Set(['here a', 'there a']));
});

test('rows survive closing and opening', async () => {
  const name = `test ${++names}`;
  const before = await open({ name });
  await before.append(upTo(3));
  before.close();
  expect(times(await (await open({ name })).all(notes))).toEqual([3, 2, 1]);
});

test('a new version of a projection replays the log, with progress', async () => {
  const name = `test ${++names}`;
  const before = await open({ name });
  await before.append(upTo(1200));
  before.close();
  const progress: string[] = [];
  const after = await open({
    name,
    projections: [noteProjection(2)],
    progress: (done, total) => progress.push(`${done}/${total}`),
  });
  expect(progress).toEqual(['1000/1200', '1200/1200']);
  expect((await after.get(notes, nostr(7).id))?.text).toBe('note 7 v2');
  expect((await after.get(totals, 'a'))?.count).toBe(1200);
});

test('a vanished projection takes its rows along; a new one learns the past', async () => {
  const name = `test ${++names}`;
  const first = await open({ name, projections: [] });
  await first.append(upTo(3));
  first.close();
  const second = await open({ name });
  expect(await second.count(notes, 'a')).toBe(3);
  second.close();
  expect(await (await open({ name, projections: [] })).count(notes, 'a')).toBe(0);
});

test('rebuilding gives the rows that were there, while another tab goes on appending', async () => {
  const name = `test ${++names}`;
  const [here, there] = [await open({ name }), await open({ name })];
  await here.append(upTo(1100));
  const appending = (async () => {
    for (let n = 0; n < 10; n++) await there.append(upTo(7, 1101 + n * 7));
  })();
  await here.rebuild();
  await appending;
  await here.append([seen(9000)]);
  expect((await here.get(totals, 'a'))?.count).toBe(1171);
  expect(await here.count(notes, 'a')).toBe(1171);
});

test('a projection that throws loses one event’s rows, keeps it in the log and blocks nothing', async () => {
  const name = `test ${++names}`;
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const bad = noteProjection(1, (event) => {
    if (event.type === 'RelayEventSeen' && event.event.created_at % 2 === 0) throw new Error('cannot read');
  });
  const store = await open({ name, projections: [bad] });
  await store.append(upTo(4));
  expect(times(await store.all(notes))).toEqual([3, 1]);
  expect((await store.get(totals, 'a'))?.count).toBe(2);
  expect(store.failures.counts.get('notes')).toBe(2);
  expect(said).toHaveBeenCalledTimes(1);
  said.mockRestore();
  store.close();
  expect(await (await open({ name, projections: [noteProjection(2)] })).count(notes, 'a')).toBe(4);
});

test('an app superseded in another tab may not write any more', async () => {
  const name = `test ${++names}`;
  const old = await open({ name });
  await old.append([seen(1)]);
  await open({ name, projections: [noteProjection(2)] });
  await expect(old.append([seen(2)])).rejects.toMatchObject({ code: 'superseded' });
  await expect(old.writeMeta('x', 1)).rejects.toBeInstanceOf(StoreError);
  expect(await logOf(name)).toHaveLength(1);
});

test('a newer epoch refuses this app, when opening and within a write', async () => {
  const name = `test ${++names}`;
  const store = await open({ name });
  await store.append([seen(1)]);
  const database = declareDatabase(name);
  await database.meta.toCollection().modify({ 'value.epoch': 99 } as never);
  database.dexie.close();
  await expect(store.append([seen(2)])).rejects.toMatchObject({ code: 'superseded' });
  await expect(open({ name })).rejects.toMatchObject({ code: 'superseded' });
});

test('a failing write leaves nothing behind', async () => {
  const name = `test ${++names}`;
  const store = await open({ name });
  const uncloneable = { type: 'SettingChanged', v: 1, name: 'x', value: () => 1 } as const;
  await expect(store.append([seen(1), uncloneable])).rejects.toThrow();
  expect(await logOf(name)).toEqual([]);
  expect(await store.all(notes)).toEqual([]);
  expect(await store.append([seen(1)])).toEqual({ appended: 1, duplicates: 0 });
});

test('the queue follows the log: signed, refused, renewed, accepted, discarded', async () => {
  const store = await open();
  const states = async () =>
    (await store.queue.entries()).map(({ event, relay, state }) => `${event.created_at} ${relay} ${state}`);
  const id = nostr(1).id;
  await store.append([signed(1, ['wss://a.test', 'wss://b.test']), signed(2)]);
  expect(await states()).toEqual([
    '1 wss://a.test waiting',
    '1 wss://b.test waiting',
    '2 wss://a.test waiting',
  ]);
  await store.append([
    { type: 'EventRejected', v: 1, id, relay: 'wss://a.test', reason: 'blocked: no' },
    { type: 'EventAccepted', v: 1, id, relay: 'wss://b.test', note: 'well' },
  ]);
  expect(await states()).toEqual(['1 wss://a.test refused', '2 wss://a.test waiting']);
  expect(await store.acceptanceOf(id)).toBe('well');
  await store.queue.renew(id);
  expect(await states()).toEqual(['1 wss://a.test waiting', '2 wss://a.test waiting']);
  await store.append([{ type: 'EventDiscarded', v: 1, id }]);
  expect(await states()).toEqual(['2 wss://a.test waiting']);
  expect(await store.acceptanceOf(nostr(2).id)).toBeUndefined();
});

test('the queue is told of, in the other tab too, and is not rebuilt', async () => {
  const name = `test ${++names}`;
  const [here, there] = [await open({ name }), await open({ name })];
  const heard = vi.fn();
  there.queue.watch(heard);
  await here.append([signed(1)]);
  await vi.waitFor(() => expect(heard).toHaveBeenCalled(), { timeout: 15_000 });
  await here.append([{ type: 'EventAccepted', v: 1, id: nostr(1).id, relay: 'wss://a.test', note: '' }]);
  await here.rebuild();
  expect(await here.queue.entries()).toEqual([]);
});

test('a batch longer than a hundred reads from memory still commits as one', async () => {
  const name = `test ${++names}`;
  const store = await open({ name });
  await store.append(upTo(1200));
  expect((await store.get(totals, 'a'))?.count).toBe(1200);
  expect(await logOf(name)).toHaveLength(1200);
});

test('wiping forgets everything, and the store still works', async () => {
  const name = `test ${++names}`;
  const [store, other] = [await open({ name }), await open({ name })];
  await store.append([seen(1), signed(2)]);
  await store.writeMeta('key', 'secret');
  await store.wipe();
  expect([await store.all(notes), await store.queue.entries(), await logOf(name)]).toEqual([[], [], []]);
  expect(await store.readMeta('key')).toBeUndefined();
  await other.append([seen(5)]);
  expect(times(await store.all(notes))).toEqual([5]);
});

test('meta keeps small things, apart from the store’s own', async () => {
  const store = await open();
  await store.writeMeta('log state', { wrapped: new Uint8Array([1, 2]) });
  expect(await store.readMeta('log state')).toEqual({ wrapped: new Uint8Array([1, 2]) });
  await store.append([seen(1)]);
  expect(await store.readMeta('nothing')).toBeUndefined();
});

test('a closed store says so', async () => {
  const store = await open();
  store.close();
  await expect(store.append([seen(1)])).rejects.toMatchObject({ code: 'closed' });
});

test('events that arrive while everything is wiped are stored before or after, never lost in between', async () => {
  const store = await open();
  await store.append(upTo(5));
  const [, ...reports] = await Promise.all([
    store.wipe(),
    ...Array.from({ length: 10 }, (_, at) => store.append([seen(100 + at)])),
  ]);
  expect(reports).toEqual(Array(10).fill({ appended: 1, duplicates: 0 }));
  expect(await store.count(notes, 'a')).toBeLessThanOrEqual(15);
  expect(await store.append([seen(200)])).toEqual({ appended: 1, duplicates: 0 });
});

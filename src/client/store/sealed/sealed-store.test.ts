import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../../tests/support/fake-city.ts';
import { MemoryDisk } from '../../../../tests/support/memory-disk.ts';
import { MemoryRows } from '../../../../tests/support/memory-rows.ts';
import type { LocalEvent } from '../local-events.ts';
import { logKey } from '../log-keys.ts';
import type { Projection } from '../projection.ts';
import { Packer } from '../seal/packing.ts';
import { makeDataKey, openSealer } from '../seal/sealer.ts';
import { defineTable } from '../table.ts';
import type { RowReader } from '../table.ts';
import { Watchers } from '../watchers.ts';
import { SealedStore } from './sealed-store.ts';
import { Vessel } from './vessel.ts';

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

const noteProjection = (version = 1, trouble: (event: LocalEvent) => void = () => undefined): Projection => ({
  name: 'notes',
  version,
  tables: [notes, totals],
  async project(rows, event) {
    if (event.type === 'EventDiscarded') return rows.delete(notes, event.id);
    if (event.type !== 'RelayEventSeen') return;
    const { id, content, created_at, tags } = event.event;
    const room = tags[0]?.[1] ?? '';
    rows.put(notes, { id, room, at: created_at, text: `${content}${version > 1 ? ` v${version}` : ''}` });
    const total = await rows.get(totals, room);
    trouble(event);
    rows.put(totals, { room, count: (total?.count ?? 0) + 1 });
  },
});

const packer = new Packer({
  compress: (bytes) => deflateRawSync(bytes),
  decompress: (bytes) => inflateRawSync(bytes),
});
const key = makeDataKey();
const deviceKey = makeDataKey();
const stores: SealedStore[] = [];
afterEach(() => {
  stores.splice(0).forEach((store) => store.close());
  vi.restoreAllMocks();
});

interface Opening {
  readonly projections?: readonly Projection[];
  readonly dataKey?: Uint8Array<ArrayBuffer>;
  readonly subtle?: SubtleCrypto;
  readonly progress?: (done: number, total: number) => void;
}
const open = async (disk: MemoryDisk, { projections, dataKey = key, subtle, progress }: Opening = {}) => {
  const options = { profile: 'test', ...(subtle ? { subtle } : {}) };
  const sealer = await openSealer(dataKey, options);
  const store = await SealedStore.open({
    disk,
    vessel: new Vessel(sealer, packer),
    outboxVessel: new Vessel(await openSealer(deviceKey, options), packer),
    seed: await sealer.words('index', 2),
    projections: projections ?? [noteProjection()],
    watchers: new Watchers(),
    failed: () => undefined,
    ...(progress ? { progress } : {}),
  });
  stores.push(store);
  return store;
};

const idOf = (n: number) => n.toString(16).padStart(64, '0');
const seen = (n: number, room = 'a', content = `note ${n}`): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event: {
    ...fakeEvent({ kind: 1, created_at: n, content, tags: [['h', room]] }),
    id: idOf(n),
  },
  relay: 'wss://a.test',
});
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, at) => seen(from + at));
const signed = (n: number): LocalEvent => ({
  type: 'EventSigned',
  v: 1,
  event: fakeEvent({ kind: 1, content: `mine ${n}`, tags: [['h', 'a']] }),
  relays: ['wss://a.test', 'wss://b.test'],
});
const everything = async (rows: RowReader) => [
  await rows.all(notes),
  await rows.all(totals),
  await rows.part(notes, { part: 'a', limit: 3 }),
  await rows.count(notes, 'a'),
];
/** The rows that projecting these events one after the other gives. */
const shadowOf = async (events: readonly LocalEvent[], projection = noteProjection()) => {
  const memory = new MemoryRows([projection]);
  const known = new Set<string>();
  for (const event of events) {
    const name = logKey(event);
    if (name !== undefined && known.has(name)) continue;
    if (name !== undefined) known.add(name);
    await memory.apply(event);
  }
  return everything(memory);
};

test('what is appended is projected, read back, and there after reopening with or without a checkpoint', async () => {
  for (const checkpoints of [true, false]) {
    const disk = new MemoryDisk();
    const store = await open(disk);
    expect(await store.append(upTo(130))).toEqual({ appended: 130, duplicates: 0 });
    if (checkpoints) await store.checkpoint();
    expect(disk.pageRecords.size > 0).toBe(checkpoints);
    const wanted = await shadowOf(upTo(130));
    expect(await everything(store)).toEqual(wanted);
    expect(await everything(await open(disk.copy()))).toEqual(wanted);
  }
});

test('an event is logged once, in one batch, in two, and after reopening', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  expect(await store.append([seen(1), seen(1), seen(2)])).toEqual({ appended: 2, duplicates: 1 });
  const reports = await Promise.all([store.append([seen(2), seen(3)]), store.append([seen(3), seen(4)])]);
  expect(reports).toEqual([
    { appended: 1, duplicates: 1 },
    { appended: 1, duplicates: 1 },
  ]);
  await store.checkpoint();
  const again = await open(disk.copy());
  expect(await again.append([seen(1), seen(4), seen(5)])).toEqual({ appended: 1, duplicates: 2 });
  expect(await again.known([logKey(seen(5)) ?? '', 'seen:never'])).toEqual(new Set([logKey(seen(5))]));
});

test('batches that come together share one transaction', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await Promise.all(Array.from({ length: 30 }, (_, at) => store.append([seen(at + 1)])));
  expect(disk.writes).toBeLessThanOrEqual(3);
  expect(await store.count(notes, 'a')).toBe(30);
});

test('chunks hold fifty events at most, and their numbers have no gaps', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append(upTo(120));
  await store.append(upTo(10, 121));
  expect([...disk.chunkRecords.keys()]).toEqual([50, 100, 120, 130]);
});

const anyStep = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({ n: fc.integer({ min: 1, max: 400 }), room: fc.constantFrom('a', 'b') })
      .map(({ n, room }) => seen(n, room)),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 400 })
      .map((n): LocalEvent => ({ type: 'EventDiscarded', v: 1, id: idOf(n) })),
  },
  {
    weight: 1,
    arbitrary: fc.constant<LocalEvent>({ type: 'SettingChanged', v: 1, name: 'x', value: '\ud800' }),
  },
);

test('killed after any transaction, it opens with the rows of what was acknowledged, and goes on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(anyStep, { maxLength: 60 }), fc.boolean()), { minLength: 1, maxLength: 6 }),
      fc.nat(20),
      async (batches, death) => {
        const disk = new MemoryDisk();
        let last: MemoryDisk | undefined;
        disk.written = () => {
          if (disk.writes === death + 1) last = disk.copy();
        };
        const store = await open(disk);
        const logged: LocalEvent[] = [];
        let atDeath = 0;
        for (const [events, checkpoints] of batches) {
          await store.append(events);
          logged.push(...events);
          if (!last || disk.writes <= death + 1) atDeath = logged.length;
          if (checkpoints) await store.checkpoint();
        }
        expect(await everything(store)).toEqual(await shadowOf(logged));
        const survivor = await open(last ?? disk.copy());
        expect(await everything(survivor)).toEqual(await shadowOf(logged.slice(0, atDeath)));
        await survivor.append(logged);
        expect(await everything(survivor)).toEqual(await shadowOf([...logged.slice(0, atDeath), ...logged]));
        await survivor.rebuild();
        expect(await everything(survivor)).toEqual(await shadowOf([...logged.slice(0, atDeath), ...logged]));
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('a write that the disk refuses changes nothing, and the next one is numbered on', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append(upTo(3));
  disk.guard = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await expect(store.append(upTo(3, 4))).rejects.toThrow('full');
  expect(await store.count(notes, 'a')).toBe(3);
  disk.guard = () => undefined;
  expect(await store.append(upTo(3, 4))).toEqual({ appended: 3, duplicates: 0 });
  expect(await everything(await open(disk.copy()))).toEqual(await shadowOf(upTo(6)));
});

test('a checkpoint that fails loses nothing, and the next one is whole', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append(upTo(200));
  disk.guard = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await expect(store.checkpoint()).rejects.toThrow('full');
  disk.guard = () => undefined;
  await store.checkpoint();
  disk.chunkRecords.clear();
  expect(await everything(await open(disk.copy()))).toEqual(await shadowOf(upTo(200)));
});

test('a damaged chunk is named and passed over; everything else is there', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  for (let at = 0; at < 4; at++) await store.append(upTo(50, at * 50 + 1));
  disk.chunkRecords.get(100)?.fill(7, 40, 60);
  const survivor = await open(disk.copy());
  expect(survivor.losses).toEqual([{ from: 51, to: 100 }]);
  expect(await everything(survivor)).toEqual(await shadowOf([...upTo(50), ...upTo(100, 101)]));
  expect(await survivor.append(upTo(50, 51))).toEqual({ appended: 50, duplicates: 0 });
});

test('a damaged directory or index is rebuilt from the log', async () => {
  for (const name of ['directory', 'whereabouts 3', 'seen 3', 'state']) {
    const disk = new MemoryDisk();
    const store = await open(disk);
    await store.append(upTo(2500));
    await store.checkpoint();
    const bytes = disk.metaRecords.get(name)?.slice();
    bytes?.fill(1, 20, 25);
    expect(bytes).toBeDefined();
    disk.metaRecords.set(name, bytes ?? new Uint8Array(0));
    const survivor = await open(disk);
    expect(await everything(survivor), name).toEqual(await shadowOf(upTo(2500)));
    expect((await survivor.append(upTo(2500))).appended, name).toBe(0);
    await survivor.checkpoint();
    expect(await everything(await open(disk.copy())), name).toEqual(await shadowOf(upTo(2500)));
  }
});

test('a rebuild gives up all pages without reading one; a crash amid it brings the rows back as well', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append(upTo(300));
  await store.checkpoint();
  const wanted = await shadowOf(upTo(300));
  const survivor = await open(disk);
  const read = vi.spyOn(disk, 'pages');
  const before = new Set(disk.pageRecords.keys());
  const copies: MemoryDisk[] = [];
  disk.written = () => void copies.push(disk.copy());
  await survivor.rebuild();
  expect(read).not.toHaveBeenCalled();
  expect([...disk.pageRecords.keys()].filter((id) => before.has(id))).toEqual([]);
  disk.written = () => undefined;
  expect(await everything(survivor)).toEqual(wanted);
  for (const copy of copies) expect(await everything(await open(copy))).toEqual(wanted);
  disk.guard = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await expect(survivor.rebuild()).rejects.toThrow('full');
  disk.guard = () => undefined;
  expect(await everything(await open(disk.copy()))).toEqual(wanted);
});

test('a projection’s new version, and a new projection, are rebuilt with progress; the others are left alone', async () => {
  const disk = new MemoryDisk();
  const other: Projection = {
    ...noteProjection(),
    name: 'still',
    tables: [],
    project: vi.fn(async () => undefined),
  };
  const store = await open(disk, { projections: [noteProjection(), other] });
  await store.append(upTo(2600));
  await store.checkpoint();
  vi.mocked(other.project).mockClear();
  const progress = vi.fn();
  const next = await open(disk, { projections: [noteProjection(2), other], progress });
  expect((await next.get(notes, idOf(7)))?.text).toBe('note 7 v2');
  expect(await next.count(notes, 'a')).toBe(2600);
  expect(progress.mock.lastCall).toEqual([2600, 2600]);
  expect(other.project).not.toHaveBeenCalled();
});

test('what waits to be sent outlives everything, in order, and leaves by an answer', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  const [one, two] = [signed(1), signed(2)] as [
    LocalEvent & { type: 'EventSigned' },
    LocalEvent & { type: 'EventSigned' },
  ];
  await store.append([one, two]);
  await store.append([
    { type: 'EventAccepted', v: 1, id: one.event.id, relay: 'wss://a.test', note: 'thanks' },
  ]);
  await store.append([
    { type: 'EventRejected', v: 1, id: two.event.id, relay: 'wss://b.test', reason: 'blocked: no' },
  ]);
  const again = await open(disk.copy());
  const left = (await again.queue.entries()).map(({ id, relay, state }) => [
    id === one.event.id ? 1 : 2,
    relay.slice(6, 7),
    state,
  ]);
  expect(left).toEqual([
    [1, 'b', 'waiting'],
    [2, 'a', 'waiting'],
    [2, 'b', 'refused'],
  ]);
  expect(await again.acceptanceOf(one.event.id)).toBe('thanks');
  expect(await again.acceptanceOf(two.event.id)).toBeUndefined();
  await again.queue.renew(two.event.id);
  await again.append([{ type: 'EventDiscarded', v: 1, id: one.event.id }]);
  expect((await again.queue.entries()).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
  expect(disk.outboxRecords.size).toBe(3);
});

test('small things are kept by name', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.writeMeta('places', { at: [1, 2] });
  await store.writeMeta('places too', 'x');
  expect(await (await open(disk.copy())).readMeta('places')).toEqual({ at: [1, 2] });
  await store.writeMeta('places', undefined);
  expect([await store.readMeta('places'), await store.readMeta('places too')]).toEqual([undefined, 'x']);
});

test('nothing on the disk shows a word of it', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append([seen(1, 'canary room', 'canary text'), signed(2)]);
  await store.writeMeta('places', 'canary meta');
  await store.checkpoint();
  const all = [disk.chunkRecords, disk.pageRecords, disk.metaRecords, disk.outboxRecords].flatMap((records) =>
    [...records].map(([name, bytes]) => `${name} ${Buffer.from(bytes).toString('latin1')}`),
  );
  expect(all.length).toBeGreaterThan(5);
  for (const text of all) expect(text).not.toMatch(/canary|mine 2|wss:/);
});

test('another key opens nothing and destroys nothing', async () => {
  const disk = new MemoryDisk();
  await (await open(disk)).append(upTo(60));
  const stranger = await open(disk.copy(), { dataKey: makeDataKey() });
  expect(await stranger.all(notes)).toEqual([]);
  expect(stranger.losses).toEqual([
    { from: 1, to: 50 },
    { from: 51, to: 60 },
  ]);
  expect(await everything(await open(disk.copy()))).toEqual(await shadowOf(upTo(60)));
});

test('cryptography that takes its time changes nothing', async () => {
  const slowly = new Proxy(crypto.subtle, {
    get:
      (subtle, name: keyof SubtleCrypto) =>
      async (...args: never[]) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return (subtle[name] as (...all: never[]) => unknown).apply(subtle, args);
      },
  });
  const disk = new MemoryDisk();
  const store = await open(disk, { subtle: slowly });
  const appends = Array.from({ length: 20 }, (_, at) => store.append(upTo(10, at * 8 + 1)));
  const reading = Promise.all(Array.from({ length: 20 }, () => store.part(notes, { part: 'a' })));
  await Promise.all([...appends, store.checkpoint()]);
  for (const rows of await reading) expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  expect(await everything(store)).toEqual(await shadowOf(upTo(162)));
  expect(await everything(await open(disk.copy(), { subtle: slowly }))).toEqual(await shadowOf(upTo(162)));
});

test('a projection that throws costs its own rows of that event only', async () => {
  const disk = new MemoryDisk();
  const careful = (event: LocalEvent) => {
    if (event.type === 'RelayEventSeen' && event.event.content === 'note 3') throw new Error('no');
  };
  const store = await open(disk, { projections: [noteProjection(1, careful)] });
  await store.append(upTo(5));
  expect(await store.count(notes, 'a')).toBe(4);
  expect((await store.get(totals, 'a'))?.count).toBe(4);
});

test('a wiped store is empty and goes on', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append([...upTo(10), signed(1)]);
  await store.wipe();
  expect([await store.all(notes), await store.queue.entries(), disk.chunkRecords.size]).toEqual([[], [], 0]);
  expect(await store.append(upTo(2))).toEqual({ appended: 2, duplicates: 0 });
  expect([...disk.chunkRecords.keys()]).toEqual([2]);
});

test('watchers hear of rows and of the queue; a closed store takes nothing', async () => {
  const store = await open(new MemoryDisk());
  const rows = vi.fn();
  const queue = vi.fn();
  store.watch([{ table: 'notes', part: 'a' }], rows);
  store.queue.watch(queue);
  await store.append([seen(1)]);
  await vi.waitFor(() => expect(rows).toHaveBeenCalledTimes(1));
  expect(queue).not.toHaveBeenCalled();
  await store.append([signed(1)]);
  await vi.waitFor(() => expect(queue).toHaveBeenCalledTimes(1));
  store.close();
  await expect(store.append([seen(2)])).rejects.toThrow('closed');
});

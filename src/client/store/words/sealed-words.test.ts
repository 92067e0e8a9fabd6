import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../../tests/support/fake-city.ts';
import { MemoryDisk } from '../../../../tests/support/memory-disk.ts';
import type { LocalEvent } from '../local-events.ts';
import type { Projection } from '../projection.ts';
import { Packer } from '../seal/packing.ts';
import { makeDataKey, openSealer } from '../seal/sealer.ts';
import { SealedStore } from '../sealed/sealed-store.ts';
import type { SealedStoreOptions } from '../sealed/sealed-store.ts';
import { Vessel } from '../sealed/vessel.ts';
import type { Searchable } from '../searching.ts';
import { defineTable } from '../table.ts';
import { parseManifest } from './manifest.ts';
import { Watchers } from '../watchers.ts';

interface Note {
  readonly id: string;
  readonly room: string;
  readonly author: string;
  readonly at: number;
  readonly text: string;
  readonly isGone?: true;
}
const notes = defineTable<Note>({
  name: 'notes',
  id: (one) => one.id,
  part: (one) => one.room,
  order: (one) => one.at,
});
const rooms = defineTable<{ readonly room: string; readonly title: string }>({
  name: 'rooms',
  id: (one) => one.room,
});
const noteWords: Searchable = {
  table: 'notes',
  words(row) {
    const { text, room, author, at, isGone } = row as Note;
    return isGone ? undefined : { text, group: room, author, at };
  },
};
const roomWords: Searchable = {
  table: 'rooms',
  words: (row) => ({ text: (row as { title: string }).title, at: 0 }),
};
/** Notes, once gone always gone; a room is called as its newest note says. A setting takes a room away altogether. */
const projection = (
  version = 1,
  searchable: readonly Searchable[] | undefined = [noteWords, roomWords],
): Projection => ({
  name: 'notes',
  version,
  tables: [notes, rooms],
  ...(searchable ? { searchable } : {}),
  async project(rows, event) {
    if (event.type === 'EventDiscarded') {
      const note = await rows.get(notes, event.id);
      const gone = { id: event.id, room: '', author: '', at: 0, ...note, text: '', isGone: true as const };
      return rows.put(notes, gone);
    }
    if (event.type === 'SettingChanged') return rows.delete(rooms, event.name);
    if (event.type !== 'RelayEventSeen') return;
    const { id, content, created_at: at, tags, pubkey: author } = event.event;
    const room = tags[0]?.[1] ?? '';
    if ((await rows.get(notes, id))?.isGone) return;
    rows.put(notes, { id, room, at, author, text: content });
    rows.put(rooms, { room, title: `${room}room ${content}` });
  },
});

const packer = new Packer({
  compress: (bytes) => deflateRawSync(bytes),
  decompress: (bytes) => inflateRawSync(bytes),
});
const key = makeDataKey();
const vesselOf = async () => new Vessel(await openSealer(key, { profile: 'test' }), packer);
const stores: SealedStore[] = [];
afterEach(() => {
  stores.splice(0).forEach((store) => store.close());
  vi.restoreAllMocks();
});

type Opening = Partial<Pick<SealedStoreOptions, 'projections' | 'gathered' | 'restAfter'>>;
const open = async (disk: MemoryDisk, opening: Opening = {}) => {
  const sealer = await openSealer(key, { profile: 'test' });
  const store = await SealedStore.open({
    disk,
    vessel: new Vessel(sealer, packer),
    outboxVessel: new Vessel(sealer, packer),
    seed: await sealer.words('index', 2),
    projections: [projection()],
    watchers: new Watchers(),
    failed: () => undefined,
    ...opening,
  });
  stores.push(store);
  return store;
};

const vocabulary = ['apple', 'river', 'stone', 'lantern', '東京', 'schnee', 'wagon'];
const idOf = (n: number) => n.toString(16).padStart(64, '0');
const seen = (n: number, content: string, room = 'a'): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event: { ...fakeEvent({ kind: 1, created_at: n, content, tags: [['h', room]] }), id: idOf(n) },
  relay: 'wss://a.test',
});
const gone = (n: number): LocalEvent => ({ type: 'EventDiscarded', v: 1, id: idOf(n) });
const upTo = (count: number) =>
  Array.from({ length: count }, (_, at) => seen(at + 1, `note${at} ${vocabulary[at % 7]}`));

/** Whole words, nothing forgiven. */
const idsOf = async (store: SealedStore, word: string, tables?: readonly string[]) => {
  const { hits, total, missing } = await store.search({
    text: `"${word}"`,
    limit: 500,
    ...(tables ? { tables } : {}),
  });
  expect(total).toBe(hits.length);
  expect(missing).toBeUndefined();
  return hits.map(({ table, id }) => `${table} ${id}`).sort();
};
const scan = async (store: SealedStore, word: string) => {
  const found = (text: string) => text.split(' ').includes(word);
  const inNotes = (await store.all(notes)).filter(({ text }) => found(text)).map(({ id }) => `notes ${id}`);
  const inRooms = (await store.all(rooms))
    .filter(({ title }) => found(title))
    .map(({ room }) => `rooms ${room}`);
  return [...inNotes, ...inRooms].sort();
};
const expectAsScanned = async (store: SealedStore, why = '') => {
  for (const word of [...vocabulary, 'aroom'])
    expect(await idsOf(store, word), `${why} ${word}`).toEqual(await scan(store, word));
};
/** However busy the machine is. */
const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 15_000, interval: 20 });
const isDone = (store: SealedStore) =>
  eventually(async () => expect((await store.search({ text: 'x' })).missing).toBeUndefined());

const anyText = fc
  .array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 4 })
  .map((words) => words.join(' '));
const anyEvent = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({ n: fc.integer({ min: 1, max: 60 }), text: anyText, room: fc.constantFrom('a', 'b') })
      .map(({ n, text, room }) => seen(n, text, room)),
  },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 60 }).map(gone) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('a', 'b')
      .map((name): LocalEvent => ({ type: 'SettingChanged', v: 1, name, value: 0 })),
  },
);

test('what is found is what a scan of the rows finds: live, after any crash, after a rebuild, in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.array(anyEvent, { maxLength: 40 }),
          fc.constantFrom('append', 'checkpoint', 'ask', 'reopen'),
        ),
        { minLength: 1, maxLength: 6 },
      ),
      fc.nat(16),
      async (batches, death) => {
        const disk = new MemoryDisk();
        let last: MemoryDisk | undefined;
        disk.written = () => {
          if (disk.writes === death + 1) last = disk.copy();
        };
        let store = await open(disk);
        for (const [events, then] of batches) {
          await store.append(events);
          if (then === 'checkpoint') await store.checkpoint();
          if (then === 'ask') await expectAsScanned(store, 'live');
          if (then === 'reopen') {
            store.close();
            store = await open(disk);
          }
        }
        await expectAsScanned(store, 'at the end');
        const survivor = await open(last ?? disk.copy());
        await survivor.append(batches.flatMap(([events]) => events).reverse());
        await expectAsScanned(survivor, 'after a crash');
        await survivor.rebuild();
        await expectAsScanned(survivor, 'after a rebuild');
        await survivor.checkpoint();
        await expectAsScanned(await open(disk.copy()), 'opened once more');
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test('opening waits for no words, and what comes before they are read is found with them', async () => {
  const disk = new MemoryDisk();
  const first = await open(disk);
  await first.append(upTo(300));
  await first.checkpoint();
  first.close();
  const meta = disk.meta.bind(disk);
  let isFree = false;
  let release = () => undefined as void;
  const gate = new Promise<void>((resolve) => (release = resolve));
  vi.spyOn(disk, 'meta').mockImplementation(async (prefix) => {
    if (prefix === 'words ' && !isFree) await gate;
    return meta(prefix);
  });
  const store = await open(disk);
  await store.append([seen(301, 'apple late'), gone(1)]);
  const answer = idsOf(store, 'apple', ['notes']);
  let isAnswered = false;
  void answer.then(() => (isAnswered = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isAnswered).toBe(false);
  isFree = true;
  release();
  const found = await answer;
  expect(found).toContain(`notes ${idOf(301)}`);
  expect(found).not.toContain(`notes ${idOf(1)}`);
  await expectAsScanned(store);
});

/** Where a word lies, of all that the disk keeps of words and rows, opened. */
const whereabouts = async (disk: MemoryDisk, word: string) => {
  const vessel = await vesselOf();
  const places: string[] = [];
  const look = (name: string, bytes: Uint8Array | string) => {
    if (Buffer.from(bytes as string).includes(word)) places.push(name);
  };
  for (const [name, sealed] of disk.metaRecords) {
    const taken = await vessel.takeBytes({ table: 'meta', key: name }, sealed);
    if (taken.ok) look(name, taken.value);
  }
  for (const [id, sealed] of disk.pageRecords) {
    const taken = await vessel.take({ table: 'pages', key: id }, sealed);
    if (taken.ok) look(`page ${id}`, JSON.stringify(taken.value));
  }
  return places;
};

test('a word that was taken away leaves the sealed bytes with the next checkpoint', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk, { projections: [projection(1, [noteWords])] });
  await store.append([...upTo(40), seen(50, 'the canarybird sings', 'b'), seen(51, 'other', 'b')]);
  await store.checkpoint();
  expect(await whereabouts(disk, 'canarybird')).toEqual([expect.stringMatching(/^words \d+$/), 'page 0']);
  await store.append([gone(50)]);
  expect(await idsOf(store, 'canarybird')).toEqual([]);
  await store.checkpoint();
  expect(await whereabouts(disk, 'canarybird')).toEqual([]);
  expect((await whereabouts(disk, 'sings')).length).toBe(0);
  expect(await whereabouts(disk, 'lantern')).not.toEqual([]);
  const again = await open(disk.copy(), { projections: [projection(1, [noteWords])] });
  expect((await idsOf(again, 'lantern')).length).toBe(6);
});

test('what was to be shredded when the store died is shredded in its next life', async () => {
  const disk = new MemoryDisk();
  const alone = [projection(1, [noteWords])];
  const store = await open(disk, { projections: alone });
  await store.append([...upTo(40), seen(50, 'canarybird')]);
  await store.checkpoint();
  // So many at once that rows are taken to the disk amidst the appends, where nothing is shredded.
  await store.append([gone(50), ...Array.from({ length: 5000 }, (_, n) => seen(100 + (n % 5) + 5 * n, 'x'))]);
  const dead = disk.copy();
  store.close();
  expect((await whereabouts(dead, 'canarybird')).some((name) => name.startsWith('words '))).toBe(true);
  const next = await open(dead, { projections: alone });
  await eventually(async () =>
    expect((await whereabouts(dead, 'canarybird')).filter((name) => name.startsWith('words '))).toEqual([]),
  );
  expect(await idsOf(next, 'canarybird')).toEqual([]);
});

const recordsOf = (disk: MemoryDisk) =>
  [...disk.metaRecords.keys()].filter((name) => name.startsWith('words ')).sort();
/** The records that the manifest names. */
const recordsKnown = async (disk: MemoryDisk) => {
  const sealed = disk.metaRecords.get('word-book') as Uint8Array<ArrayBuffer>;
  const taken = await (await vesselOf()).take({ table: 'meta', key: 'word-book' }, sealed);
  const manifest = taken.ok ? parseManifest(taken.value) : undefined;
  return Object.values(manifest?.tables ?? {})
    .flatMap(({ segments }) =>
      segments.flatMap(([, record, hasDead]) => [
        `words ${record}`,
        ...(hasDead ? [`words ${record} dead`] : []),
      ]),
    )
    .sort();
};

test('damaged, missing or foreign segments are gathered anew from the rows, with progress', async () => {
  const harms: ((disk: MemoryDisk, name: string) => void)[] = [
    (disk, name) => disk.metaRecords.get(name)?.fill(7, 20, 40),
    (disk, name) => void disk.metaRecords.delete(name),
    (disk) => disk.metaRecords.get('word-book')?.fill(7, 20, 40),
    (disk) => void disk.metaRecords.delete('word-book'),
  ];
  for (const harm of harms) {
    const disk = new MemoryDisk();
    const store = await open(disk);
    await store.append(upTo(2000));
    await store.checkpoint();
    store.close();
    const names = [...disk.metaRecords.keys()].filter((name) => name.startsWith('words '));
    expect(names.length).toBeGreaterThan(1);
    disk.metaRecords = new Map([...disk.metaRecords].map(([name, bytes]) => [name, bytes.slice()]));
    harm(disk, names[0] as string);
    const gathered = vi.fn();
    const survivor = await open(disk, { gathered });
    const early = await survivor.search({ text: 'apple', limit: 500 });
    expect(early.missing ?? 0).toBeGreaterThan(0);
    await survivor.append([seen(3000, 'apple amidst'), gone(8)]);
    await isDone(survivor);
    await expectAsScanned(survivor);
    await eventually(() => expect(gathered.mock.lastCall?.[0]).toBe(gathered.mock.lastCall?.[1]));
    expect(gathered.mock.calls.length).toBeGreaterThan(3);
    await survivor.checkpoint();
    survivor.close();
    const again = await open(disk);
    await expectAsScanned(again);
    expect(recordsOf(disk)).toEqual(await recordsKnown(disk));
  }
});

test('words of another version, of a table that had none, and of one that has none any more', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk, { projections: [projection(1, [noteWords])] });
  await store.append(upTo(500));
  await store.checkpoint();
  store.close();
  const louder: Searchable = {
    ...noteWords,
    version: 2,
    words(row) {
      const words = noteWords.words(row);
      return words && { ...words, text: `${words.text} loud` };
    },
  };
  const next = await open(disk, { projections: [projection(1, [louder, roomWords])] });
  await isDone(next);
  expect((await idsOf(next, 'loud')).length).toBe(500);
  expect(await idsOf(next, 'aroom')).toEqual(['rooms a']);
  await next.checkpoint();
  next.close();
  const last = await open(disk, { projections: [projection(1, [roomWords])] });
  await isDone(last);
  expect(await idsOf(last, 'loud')).toEqual([]);
  expect(await idsOf(last, 'aroom')).toEqual(['rooms a']);
  await eventually(async () => expect(await whereabouts(disk, 'loud')).toEqual([]));
});

test('rows made anew by a new version have their words only', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append(upTo(300));
  await store.checkpoint();
  store.close();
  const other: Projection = {
    ...projection(2),
    async project(rows, event) {
      if (event.type === 'RelayEventSeen') rows.put(rooms, { room: event.event.id, title: 'newly made' });
    },
  };
  const next = await open(disk, { projections: [other] });
  expect(await idsOf(next, 'apple')).toEqual([]);
  expect((await idsOf(next, 'newly')).length).toBe(300);
  next.close();
  expect((await idsOf(await open(disk, { projections: [other] }), 'newly')).length).toBe(300);
});

test('a checkpoint that fails takes the words along with the next one', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append(upTo(100));
  disk.guard = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await expect(store.checkpoint()).rejects.toThrow('full');
  disk.guard = () => undefined;
  await store.append([gone(3)]);
  await store.checkpoint();
  disk.chunkRecords.clear();
  await expectAsScanned(await open(disk.copy()));
});

test('a search is narrowed by table, place, person and time, and gives as many as asked for', async () => {
  const store = await open(new MemoryDisk());
  await store.append([
    seen(1, 'apple one', 'a'),
    seen(2, 'apple two', 'b'),
    ...Array.from({ length: 30 }, (_, n) => seen(n + 10, 'apple pie', 'c')),
  ]);
  const notesOf = async (question: object) =>
    (await store.search({ text: 'apple', tables: ['notes'], ...question })).hits.map(({ id }) => id);
  expect(await notesOf({ group: 'b' })).toEqual([idOf(2)]);
  expect(await notesOf({ until: 1 })).toEqual([idOf(1)]);
  expect((await notesOf({ since: 39, until: 39 })).length).toBe(1);
  expect(await notesOf({ author: 'f'.repeat(64) })).toEqual([]);
  expect((await notesOf({ limit: 5 })).length).toBe(5);
  expect((await store.search({ text: 'apple', tables: ['notes'], limit: 5 })).total).toBe(32);
  expect((await store.search({ text: 'apple', tables: ['rooms'] })).hits.map(({ id }) => id).sort()).toEqual([
    'a',
    'b',
    'c',
  ]);
  expect((await store.search({ text: 'apple', tables: [] })).total).toBe(0);
  expect((await store.search({ text: 'apple nowhere' })).all).toBe(false);
});

test('a word sequence is found where the words follow each other, among any number that only have the words', async () => {
  const store = await open(new MemoryDisk());
  const scattered = Array.from({ length: 900 }, (_, n) => seen(n + 1, 'river and stone and river'));
  await store.append([...scattered, seen(2000, `a long line with ${'many '.repeat(80)} river stone`)]);
  await store.append([seen(2001, 'nothing of it', 'a')]);
  const { hits, total, all, phrases } = await store.search({ text: '"river stone"' });
  expect(hits.map(({ id }) => id)).toEqual([idOf(2000)]);
  expect([total, all, phrases.length]).toEqual([1, true, 1]);
  const none = await store.search({ text: '"stone lantern"' });
  expect([none.hits, none.total, none.all]).toEqual([[], 0, false]);
});

test('many small checkpoints leave few segments', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk, { projections: [projection(1, [noteWords])] });
  for (let n = 0; n < 120; n++) {
    await store.append([seen(n + 1, `word${n} apple`)]);
    await store.checkpoint();
  }
  expect([...disk.metaRecords.keys()].filter((name) => name.startsWith('words ')).length).toBeLessThan(8);
  const again = await open(disk.copy(), { projections: [projection(1, [noteWords])] });
  expect((await idsOf(again, 'apple')).length).toBe(120);
});

test('a row whose words cannot be told is not found; all others are', async () => {
  const shaky: Searchable = {
    ...noteWords,
    words(row) {
      if ((row as Note).at === 2) throw new Error('no');
      return noteWords.words(row);
    },
  };
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const store = await open(new MemoryDisk(), { projections: [projection(1, [shaky])] });
  await store.append([seen(1, 'apple'), seen(2, 'apple'), seen(3, 'apple')]);
  expect(await idsOf(store, 'apple')).toEqual([`notes ${idOf(1)}`, `notes ${idOf(3)}`]);
  expect(told).toHaveBeenCalled();
});

test('a wiped store finds nothing and begins anew', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append(upTo(50));
  await store.checkpoint();
  await store.wipe();
  expect(await idsOf(store, 'apple')).toEqual([]);
  await store.append(upTo(8));
  await store.checkpoint();
  await expectAsScanned(store);
  await expectAsScanned(await open(disk.copy()));
});

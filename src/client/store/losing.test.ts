import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { MemoryDisk } from '../../../tests/support/memory-disk.ts';
import {
  noteId,
  noteRows,
  notes,
  noteSeen,
  notesProjection,
  notesTakenBack,
  noteText,
  openSealed,
  readLog,
  vesselFor,
} from '../../../tests/support/sealed-store.ts';
import type { LocalEvent } from './local-events.ts';
import type { Projection } from './projection.ts';
import { LogBook } from './sealed/log-book.ts';
import type { SealedStore } from './sealed/sealed-store.ts';

const stores: SealedStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));
const open = async (...given: Parameters<typeof openSealed>) => {
  const store = await openSealed(...given);
  stores.push(store);
  return store;
};

const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, at) => noteSeen(from + at));
/** A log of ten chunks: number n is note n, at 1000 + n. */
const tenChunks = async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  for (let at = 0; at < 10; at++)
    await store.append(upTo(at % 2 ? 7 : 3, 1 + Math.floor(at / 2) * 10 + (at % 2 ? 3 : 0)));
  return { disk, store };
};
const bounds = [
  [1, 3],
  [4, 10],
  [11, 13],
  [14, 20],
  [21, 23],
  [24, 30],
  [31, 33],
  [34, 40],
  [41, 43],
  [44, 50],
] as const;

/** Turns one bit of a chunk round. */
const flip = (disk: MemoryDisk, chunk: number, bit: number): void => {
  const seq = bounds[chunk]?.[1] ?? 0;
  const bytes = disk.chunkRecords.get(seq)?.slice() ?? new Uint8Array(0);
  const at = Math.floor(bit / 8) % bytes.length;
  bytes[at] = (bytes[at] as number) ^ (1 << (bit % 8));
  disk.chunkRecords.set(seq, bytes);
};
const lost = (chunks: readonly number[]) =>
  [...chunks].sort((a, b) => a - b).map((chunk) => ({ from: bounds[chunk]?.[0], to: bounds[chunk]?.[1] }));
const numbersOf = async (store: SealedStore) =>
  (await store.all(notes)).map(({ id }) => parseInt(id, 16)).sort((a, b) => a - b);
const without = (chunks: readonly number[]) =>
  bounds.flatMap(([from, to], chunk) =>
    chunks.includes(chunk) ? [] : Array.from({ length: to - from + 1 }, (_, at) => from + at),
  );

test('any bit turned round in any chunks: these are named and passed over, the rest is there, on every path', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.nat(9), fc.nat(100_000)), { maxLength: 5, selector: ([chunk]) => chunk }),
      fc.boolean(),
      async (damages, checkpoints) => {
        const { disk, store } = await tenChunks();
        if (checkpoints) await store.checkpoint();
        damages.forEach(([chunk, bit]) => flip(disk, chunk, bit));
        const chunks = damages.map(([chunk]) => chunk);
        const survivor = await open(disk.copy());
        // Rows that a checkpoint took to the disk do not need the log.
        expect(await numbersOf(survivor)).toEqual(without(checkpoints ? [] : chunks));
        if (!checkpoints) expect(survivor.losses).toEqual(lost(chunks));
        await survivor.rebuild();
        expect(await numbersOf(survivor)).toEqual(without(chunks));
        expect(survivor.losses).toEqual(lost(chunks));
        const log = JSON.stringify(await readLog(disk));
        expect(without([]).filter((n) => log.includes(`${noteText(n)}"`))).toEqual(without(chunks));
        // What was lost comes again from its relay.
        const again = await survivor.append(upTo(50));
        expect(again.appended).toBe(50 - without(chunks).length);
        expect(await numbersOf(survivor)).toEqual(without([]));
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test('what is lost can be told: how many events, between which times', async () => {
  const { disk } = await tenChunks();
  [1, 4, 5, 9].forEach((chunk) => flip(disk, chunk, 400));
  const store = await open(disk);
  expect(await store.describeLosses()).toEqual([
    { from: 4, to: 10, events: 7, after: 1003, before: 1011 },
    { from: 21, to: 30, events: 10, after: 1020, before: 1031 },
    { from: 44, to: 50, events: 7, after: 1043 },
  ]);
  flip(disk, 0, 400);
  await store.rebuild();
  expect((await store.describeLosses())[0]).toEqual({ from: 1, to: 10, events: 10, before: 1011 });
});

test('events without a time do not hide those around them', async () => {
  const disk = new MemoryDisk();
  const store = await open(disk);
  const setting: LocalEvent = { type: 'SettingChanged', v: 1, name: 'x', value: 1 };
  for (const events of [[noteSeen(1)], [setting], [noteSeen(2)], [setting], [noteSeen(3)]])
    await store.append(events);
  disk.chunkRecords.set(3, new Uint8Array(5));
  const survivor = await open(disk.copy());
  expect(await survivor.describeLosses()).toEqual([{ from: 3, to: 3, events: 1, after: 1001, before: 1003 }]);
});

test('a chunk that is not there at all is a loss of its own numbers, and the next one is read whole', async () => {
  const { disk } = await tenChunks();
  disk.chunkRecords.delete(10);
  const store = await open(disk);
  expect(store.losses).toEqual(lost([1]));
  expect(await numbersOf(store)).toEqual(without([1]));
});

test('a loss is remembered over checkpoints, until a rebuild finds the log whole', async () => {
  const { disk } = await tenChunks();
  const whole = disk.copy();
  flip(disk, 3, 300);
  const first = await open(disk);
  await first.append([noteSeen(900)]);
  await first.checkpoint();
  const second = await open(disk.copy());
  expect(second.losses).toEqual(lost([3]));
  const healed = disk.copy();
  healed.chunkRecords.set(20, whole.chunkRecords.get(20) ?? new Uint8Array(0));
  const third = await open(healed);
  await third.rebuild();
  expect(third.losses).toEqual([]);
  expect(await numbersOf(third)).toEqual([...without([]), 900]);
});

test('forgetting passes a damaged chunk over and leaves it as it is', async () => {
  const { disk, store } = await tenChunks();
  flip(disk, 3, 300);
  const damaged = disk.chunkRecords.get(20);
  await store.append([notesTakenBack(15, 25)]);
  await store.tidyUp();
  expect(disk.chunkRecords.get(20)).toBe(damaged);
  expect(JSON.stringify(await readLog(disk))).not.toContain(noteText(25));
});

/** What a build to come writes. */
const strangers = [
  { type: 'GameMoved', v: 1, game: 'x', move: 'e4', canary: ['ä', null, 1.5] },
  {
    type: 'RelayEventSeen',
    v: 2,
    event: { id: noteId(3), words: 'another shape' },
    relays: ['wss://a.test'],
  },
  'not even a record',
];
const withStrangers = async () => {
  const disk = new MemoryDisk();
  const log = new LogBook(disk, await vesselFor());
  const chunk = await log.sealOne(5, [noteSeen(1), ...strangers, noteSeen(3)]);
  await disk.write({ chunks: [chunk] });
  return disk;
};

test('what only a newer build reads is passed over, is no loss, and outlives every rewriting', async () => {
  const disk = await withStrangers();
  const store = await open(disk);
  expect(await numbersOf(store)).toEqual([1, 3]);
  expect(store.losses).toEqual([]);
  await store.append([noteSeen(4), notesTakenBack(1, 2, 3)]);
  await store.tidyUp();
  await store.rebuild();
  await store.checkpoint();
  const values = await readLog(disk);
  expect(values.slice(1, 4)).toEqual(strangers);
  expect(JSON.stringify(values)).not.toContain(noteText(3));
  expect([...disk.chunkRecords.keys()]).toEqual([5, 7]);
});

test('a build that reads what was passed over goes through the log again, though no version went up', async () => {
  const disk = await withStrangers();
  const store = await open(disk);
  await store.append([noteSeen(4)]);
  await store.checkpoint();
  store.close();
  const projected: string[] = [];
  const listening: Projection = {
    ...notesProjection,
    project: (rows, event) => {
      projected.push(event.type);
      return notesProjection.project(rows, event);
    },
  };
  await open(disk.copy(), { projections: [listening] });
  expect(projected).toEqual([]);
  // As if this build had been older: it did not know drafts.
  const vessel = await vesselFor();
  const place = { table: 'meta', key: 'state' };
  const kept = await vessel.take(place, disk.metaRecords.get('state') ?? new Uint8Array(0));
  const state = kept.ok ? (kept.value as Record<string, unknown>) : {};
  expect(state['strangers']).toEqual(['GameMoved 1', 'RelayEventSeen 2', 'string']);
  disk.metaRecords.set('state', await vessel.put(place, { ...state, strangers: ['DraftKept 1'] }));
  const wiser = await open(disk, { projections: [listening] });
  expect(projected).toEqual(['RelayEventSeen', 'RelayEventSeen', 'RelayEventSeen']);
  expect(await noteRows(wiser)).toEqual(await noteRows(store));
});

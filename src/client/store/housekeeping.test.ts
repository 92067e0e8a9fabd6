import { afterEach, expect, test, vi } from 'vitest';
import { DAY } from '#shared/time.ts';
import { MemoryDisk } from '../../../tests/support/memory-disk.ts';
import {
  noteId,
  noteRows,
  notes,
  noteSeen,
  notesTakenBack,
  noteText,
  openSealed,
  readLog,
} from '../../../tests/support/sealed-store.ts';
import type { LocalEvent } from './local-events.ts';
import type { SealedStore } from './sealed/sealed-store.ts';

const stores: SealedStore[] = [];
afterEach(() => {
  stores.splice(0).forEach((store) => store.close());
  vi.useRealTimers();
});

const NOW = 1_900_000_000;
/** A clock that the test sets. */
const clockAt = (time = NOW) => ({ time, now: () => clock.time });
let clock = clockAt();
const open = async (disk: MemoryDisk, options: Parameters<typeof openSealed>[1] = {}) => {
  const store = await openSealed(disk, { clock, ...options });
  stores.push(store);
  return store;
};
const cleared = (upTo: number, conversation = 'a'): LocalEvent => ({
  type: 'ConversationCleared',
  v: 1,
  conversation,
  upTo,
  at: clock.now(),
});
const restored: LocalEvent = { type: 'ConversationRestored', v: 1, conversation: 'a' };
const ending = (n: number, at: number) => noteSeen(n, 'a', [['expiration', String(at)]]);
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, at) => noteSeen(from + at));
const sizeOf = (disk: MemoryDisk) =>
  [...disk.chunkRecords.values()].reduce((sum, { length }) => sum + length, 0);
const words = async (disk: MemoryDisk) => {
  const log = JSON.stringify(await readLog(disk));
  return (n: number) => log.includes(`${noteText(n)}"`);
};

test('what names its own end is forgotten when that comes, and not before', async () => {
  clock = clockAt();
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append([ending(1, NOW + 100), ending(2, NOW + 200), noteSeen(3)]);
  await store.tidyUp();
  expect((await words(disk))(1)).toBe(true);
  clock.time = NOW + 100;
  await store.tidyUp();
  const has = await words(disk);
  expect([has(1), has(2), has(3)]).toEqual([false, true, true]);
  expect((await store.get(notes, noteId(1)))?.gone).toBe(true);
  const said = (await readLog(disk)).length;
  await store.tidyUp();
  expect(await readLog(disk)).toHaveLength(said);
});

test('a timer says it, over any number of ends and over reopening', async () => {
  clock = clockAt();
  const disk = new MemoryDisk();
  const first = await open(disk);
  await first.append(upTo(450).map((_, at) => ending(at + 1, NOW + (at < 440 ? 5 : 1_000_000))));
  first.close();
  clock.time = NOW + 5;
  const store = await open(disk.copy());
  await vi.waitFor(async () => {
    const all = await store.all(notes);
    expect(all.filter(({ gone }) => gone)).toHaveLength(440);
  }, 15_000);
}, 20_000);

test('an end that comes while the store is open is said by the second', async () => {
  const disk = new MemoryDisk();
  const store = await openSealed(disk);
  stores.push(store);
  const now = Math.floor(Date.now() / 1000);
  await store.append([ending(1, now + 1)]);
  expect((await store.get(notes, noteId(1)))?.gone).toBe(false);
  await vi.waitFor(async () => expect((await store.get(notes, noteId(1)))?.gone).toBe(true), {
    timeout: 15_000,
  });
}, 20_000);

test('what was put away is kept for thirty days, then forgotten: of that conversation, up to that time', async () => {
  clock = clockAt();
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append([...upTo(120), noteSeen(300, 'b'), noteSeen(400)]);
  await store.append([cleared(1000 + 120)]);
  clock.time = NOW + 30 * DAY - 1;
  await store.tidyUp();
  expect((await words(disk))(1)).toBe(true);
  clock.time += 1;
  await store.tidyUp();
  const has = await words(disk);
  expect([1, 50, 120, 300, 400].map(has)).toEqual([false, false, false, true, true]);
  const rows = await noteRows(store);
  await store.rebuild();
  expect(await noteRows(store)).toEqual(rows);
});

test('what was wanted back is not forgotten, nor what was put away anew too early', async () => {
  clock = clockAt();
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append([...upTo(3), cleared(2000), restored]);
  clock.time = NOW + 31 * DAY;
  await store.tidyUp();
  expect((await words(disk))(1)).toBe(true);
  await store.append([cleared(2000)]);
  await store.tidyUp();
  expect((await words(disk))(1)).toBe(true);
  clock.time += 30 * DAY;
  await store.tidyUp();
  expect((await words(disk))(1)).toBe(false);
});

test('wanted back while it is being purged, the rest stays', async () => {
  clock = clockAt();
  const disk = new MemoryDisk();
  const store = await open(disk);
  for (let at = 0; at < 40; at++) await store.append(upTo(50, at * 50 + 1));
  await store.append([cleared(5000)]);
  clock.time = NOW + 31 * DAY;
  const tidying = store.tidyUp();
  await vi.waitFor(async () => expect((await words(disk))(1)).toBe(false), 15_000);
  await store.append([restored]);
  await tidying;
  const has = await words(disk);
  expect([has(1), has(2000)]).toEqual([false, true]);
}, 30_000);

test('late lines of a purged conversation are purged by the next run, which reads only what is new', async () => {
  clock = clockAt();
  const disk = new MemoryDisk();
  const store = await open(disk);
  await store.append([...upTo(100), cleared(2000)]);
  clock.time = NOW + 31 * DAY;
  await store.tidyUp();
  await store.append([noteSeen(500)]);
  const reads: number[] = [];
  const chunks = disk.chunks.bind(disk);
  disk.chunks = (after, limit) => {
    if (limit > 1) reads.push(after);
    return chunks(after, limit);
  };
  await store.tidyUp();
  expect((await words(disk))(500)).toBe(false);
  expect(reads[0]).toBeGreaterThanOrEqual(100);
});

test('killed after any of its writes, it goes on at the next opening', async () => {
  clock = clockAt();
  const disk = new MemoryDisk();
  const store = await open(disk);
  for (let at = 0; at < 20; at++) await store.append(upTo(20, at * 20 + 1));
  await store.append([cleared(1000 + 390)]);
  await store.checkpoint();
  clock.time = NOW + 31 * DAY;
  const deaths: MemoryDisk[] = [];
  disk.written = () => deaths.push(disk.copy());
  await store.tidyUp();
  const wanted = await noteRows(store);
  expect(deaths.length).toBeGreaterThan(5);
  for (const death of deaths) {
    const survivor = await open(death);
    await survivor.tidyUp();
    const has = await words(death);
    expect([has(1), has(390), has(391)]).toEqual([false, false, true]);
    expect(await noteRows(survivor)).toEqual(wanted);
    survivor.close();
  }
}, 30_000);

test('appends do not wait for it', async () => {
  clock = clockAt();
  const disk = new MemoryDisk();
  const store = await open(disk);
  for (let at = 0; at < 40; at++) await store.append(upTo(50, at * 50 + 1));
  await store.append([cleared(5000)]);
  clock.time = NOW + 31 * DAY;
  let isDone = false;
  const tidying = store.tidyUp().then(() => (isDone = true));
  for (let n = 0; n < 10; n++) {
    await store.append([noteSeen(9000 + n)]);
    expect(isDone).toBe(false);
  }
  await tidying;
  expect((await words(disk))(2000)).toBe(false);
}, 20_000);

test('chunks of which nothing is left are joined: fewer, smaller, the same rows and numbers', async () => {
  clock = clockAt();
  const disk = new MemoryDisk();
  const store = await open(disk);
  for (let n = 1; n <= 400; n++) await store.append([noteSeen(n)]);
  await store.append([noteSeen(401)]);
  const before = { size: sizeOf(disk), count: disk.chunkRecords.size };
  for (let n = 1; n <= 400; n += 20)
    await store.append([notesTakenBack(...Array.from({ length: 20 }, (_, at) => n + at))]);
  const log = await readLog(disk);
  const rows = await noteRows(store);
  await store.tidyUp();
  expect(await readLog(disk)).toEqual(log);
  expect(disk.chunkRecords.size).toBeLessThan(before.count / 10);
  expect(sizeOf(disk)).toBeLessThan(before.size * 0.4);
  expect(disk.chunkRecords.has(401)).toBe(true);
  expect(await noteRows(await open(disk.copy()))).toEqual(rows);
  await store.rebuild();
  expect(await noteRows(store)).toEqual(rows);
  expect(await store.append([noteSeen(402)])).toEqual({ appended: 1, duplicates: 0 });
  expect(await store.append([noteSeen(7)])).toEqual({ appended: 0, duplicates: 1 });
  expect(store.losses).toEqual([]);
}, 30_000);

test('a gap of lost events is never closed by joining what is around it', async () => {
  clock = clockAt();
  const disk = new MemoryDisk();
  const store = await open(disk);
  for (let n = 1; n <= 9; n++) await store.append([noteSeen(n)]);
  await store.append([notesTakenBack(1, 2, 3, 4, 5, 6, 7, 8, 9)]);
  disk.chunkRecords.delete(5);
  await store.tidyUp();
  expect([...disk.chunkRecords.keys()].sort((a, b) => a - b)).toEqual([4, 9, 10]);
  await store.rebuild();
  expect(store.losses).toEqual([{ from: 5, to: 5 }]);
});

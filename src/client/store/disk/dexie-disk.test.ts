import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { MemoryDisk } from '../../../../tests/support/memory-disk.ts';
import type { Disk, DiskWrites } from '../sealed/disk.ts';
import { DexieDisk } from './dexie-disk.ts';

let names = 0;
const opened: DexieDisk[] = [];
const open = (name = `disk ${++names}`, epoch?: number) => {
  const disk = new DexieDisk(name, epoch);
  opened.push(disk);
  return disk;
};
afterEach(() => opened.splice(0).forEach((disk) => disk.close()));

const bytes = (n: number) => Uint8Array.of(n, n + 1);
const some = (most: number) => fc.uniqueArray(fc.integer({ min: 1, max: most }), { maxLength: 6 });
const anyWrites = fc.record({
  pages: some(20),
  droppedPages: some(20),
  meta: some(5),
  droppedMeta: some(5),
  outbox: some(8),
  droppedOutbox: some(8),
  clearsPages: fc.boolean(),
  chunks: fc.nat(3),
});

/** Drops what is not put by the same transaction: what both at once would mean is nobody's business. */
const makeWrites = (
  plan: typeof anyWrites extends fc.Arbitrary<infer T> ? T : never,
  last: number,
): DiskWrites => ({
  pages: plan.pages.map((id) => ({ id, sealed: bytes(id) })),
  droppedPages: plan.droppedPages.filter((id) => !plan.pages.includes(id)),
  meta: plan.meta.map((n) => ({ name: `part ${n}`, sealed: bytes(n) })),
  droppedMeta: plan.droppedMeta.filter((n) => !plan.meta.includes(n)).map((n) => `part ${n}`),
  outbox: plan.outbox.map((number) => ({ number, sealed: bytes(number) })),
  droppedOutbox: plan.droppedOutbox.filter((number) => !plan.outbox.includes(number)),
  clearsPages: plan.clearsPages,
  chunks: Array.from({ length: plan.chunks }, (_, at) => ({ seq: last + at + 1, sealed: bytes(at) })),
});

const contents = async (disk: Disk) => ({
  chunks: await disk.chunks(0, 1000),
  some: await disk.chunks(2, 2),
  last: await disk.lastChunk(),
  pages: await disk.pages(Array.from({ length: 20 }, (_, at) => at + 1)),
  meta: (await disk.meta('part')).sort((a, b) => (a.name < b.name ? -1 : 1)),
  one: await disk.meta('part 3'),
  outbox: (await disk.outbox()).sort((a, b) => a.number - b.number),
});

test('keeps what a disk in memory keeps, over reopening', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyWrites, { maxLength: 6 }), async (plans) => {
      const name = `disk ${++names}`;
      const memory = new MemoryDisk();
      for (const plan of plans) {
        const disk = open(name);
        const writes = makeWrites(plan, await memory.lastChunk());
        await Promise.all([disk.write(writes), memory.write(writes)]);
        disk.close();
      }
      expect(await contents(open(name))).toEqual(await contents(memory));
    }),
    { numRuns: 25 },
  );
});

test('a transaction that fails leaves nothing', async () => {
  const disk = open();
  await disk.write({ chunks: [{ seq: 1, sealed: bytes(1) }] });
  const twice = { chunks: [{ seq: 1, sealed: bytes(2) }], pages: [{ id: 5, sealed: bytes(5) }] };
  await expect(disk.write(twice)).rejects.toThrow();
  expect(await disk.pages([5])).toEqual([undefined]);
  expect(await disk.chunks(0, 9)).toEqual([{ seq: 1, sealed: bytes(1) }]);
});

test('an older build stops writing once a newer one has', async () => {
  const name = `disk ${++names}`;
  const older = open(name, 1);
  await older.write({ meta: [{ name: 'part 1', sealed: bytes(1) }] });
  await open(name, 2).write({ meta: [{ name: 'part 2', sealed: bytes(2) }] });
  await expect(older.write({ meta: [{ name: 'part 3', sealed: bytes(3) }] })).rejects.toMatchObject({
    code: 'superseded',
  });
  expect((await older.meta('part')).map((record) => record.name)).toEqual(['part 1', 'part 2']);
});

test('wiping leaves nothing, and the disk goes on', async () => {
  const disk = open();
  await disk.write({ chunks: [{ seq: 1, sealed: bytes(1) }], pages: [{ id: 5, sealed: bytes(5) }] });
  await disk.wipe();
  expect(await contents(disk)).toEqual(await contents(new MemoryDisk()));
  await disk.write({ chunks: [{ seq: 1, sealed: bytes(1) }] });
  expect(await disk.lastChunk()).toBe(1);
});

test('a closed disk takes nothing', async () => {
  const disk = open();
  disk.close();
  await expect(disk.write({})).rejects.toMatchObject({ code: 'closed' });
});

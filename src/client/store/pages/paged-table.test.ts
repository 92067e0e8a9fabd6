import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWithin, limitRows, newestRowFirst } from '../rows.ts';
import type { StoredRow } from '../rows.ts';
import type { PartQuery } from '../table.ts';
import { HashIndex } from './hash-index.ts';
import { MOST_ROWS } from './leaf.ts';
import type { RowKey } from './leaf.ts';
import { PageCache } from './page-cache.ts';
import { PagedTable } from './paged-table.ts';
import type { TableChanges } from './paged-table.ts';

/** A disk that forgets nothing and counts what is read. */
const makeDisk = () => {
  const pages = new Map<number, StoredRow[]>();
  const disk = {
    pages,
    reads: 0,
    read: async (ids: readonly number[]) => {
      disk.reads += ids.length;
      await Promise.resolve();
      return ids.map((id) => [...(pages.get(id) ?? [])]);
    },
  };
  return disk;
};

const open = (most = 3) => {
  const disk = makeDisk();
  const index = new HashIndex(Uint32Array.of(1, 2));
  const cache = new PageCache(disk.read, { next: 0, most });
  const table = new PagedTable(cache, index);
  const checkpoint = () => {
    const { changed, dropped } = cache.changes();
    for (const { id, rows } of changed) disk.pages.set(id, structuredClone([...rows]));
    for (const id of dropped) disk.pages.delete(id);
    cache.settle();
  };
  return { disk, table, checkpoint, index };
};

const row = (p: string, o: number, i: string, v: unknown = null): StoredRow => ({ t: 'lines', p, o, i, v });
const anyRow = fc
  .record({
    p: fc.constantFrom('', 'a', 'b', 'bb'),
    o: fc.integer({ min: -3, max: 12 }),
    id: fc.nat(150),
    v: fc.nat(9),
  })
  .map(({ p, o, id, v }) => row(p, o, `id${id}`, v));
const anyChange = fc.record({
  put: fc.array(anyRow, { maxLength: 120 }),
  deleted: fc.array(
    fc.nat(150).map((id) => `id${id}`),
    { maxLength: 30 },
  ),
  isCheckpoint: fc.boolean(),
});
const anyCursor = fc.option(
  fc.record({ order: fc.integer({ min: -4, max: 13 }), id: fc.nat(150).map((id) => `id${id}`) }),
  { nil: undefined },
);
const anyQuery: fc.Arbitrary<PartQuery> = fc.record({
  part: fc.constantFrom('', 'a', 'b', 'bb', 'c'),
  before: anyCursor,
  after: anyCursor,
  limit: fc.option(fc.nat(80), { nil: undefined }),
});

const writeTo = (model: Map<string, StoredRow>, { put, deleted }: TableChanges) => {
  for (const id of deleted) model.delete(id);
  for (const one of put) model.set(one.i, one);
};

test('answers as a plain list of rows does, over any writes, checkpoints and forgetting', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyChange, { minLength: 1, maxLength: 8 }),
      fc.array(anyQuery, { maxLength: 12 }),
      async (changes, queries) => {
        const { table, checkpoint, index } = open();
        const model = new Map<string, StoredRow>();
        for (const change of changes) {
          await table.write(change);
          writeTo(model, change);
          if (change.isCheckpoint) checkpoint();
        }
        const rows = [...model.values()].sort(newestRowFirst);
        expect(await table.all()).toEqual(rows);
        expect(index.size).toBe(rows.length);
        const ids = Array.from({ length: 151 }, (_, at) => `id${at}`);
        expect(await table.getMany(ids)).toEqual(ids.map((id) => model.get(id)));
        for (const query of queries) {
          const within = rows.filter((one) => isWithin(one, query));
          expect(await table.part(query)).toEqual(limitRows(within, query));
          expect(await table.count(query.part)).toBe(rows.filter(({ p }) => p === query.part).length);
        }
      },
    ),
    { numRuns: 300 },
  );
});

const lines = (count: number, part = 'place') =>
  Array.from({ length: count }, (_, at) => row(part, at, `${part} ${at}`));

test('lines that come in order fill their pages', async () => {
  const { table } = open();
  for (const line of lines(MOST_ROWS * 10)) await table.write({ put: [line], deleted: [] });
  expect(table.directory.pages.map(({ rows }) => rows)).toEqual(Array(10).fill(MOST_ROWS));
});

test('the newest fifty of a long conversation are two pages at most', async () => {
  const { table, checkpoint, disk } = open();
  await table.write({ put: [...lines(20_000), ...lines(500, 'other'), ...lines(500, 'a')], deleted: [] });
  checkpoint();
  await table.all(); // pushes everything else out of memory
  disk.reads = 0;
  const newest = await table.part({ part: 'place', limit: 50 });
  expect(newest.map(({ o }) => o)).toEqual(Array.from({ length: 50 }, (_, at) => 19_999 - at));
  expect(disk.reads).toBeLessThanOrEqual(3);
  disk.reads = 0;
  expect(await table.count('place')).toBe(20_000);
  expect(disk.reads).toBeLessThanOrEqual(2);
});

test('a table emptied leaves no page behind', async () => {
  const { table, checkpoint, disk, index } = open();
  await table.write({ put: lines(1000), deleted: [] });
  checkpoint();
  await table.write({ put: [], deleted: lines(1000).map(({ i }) => i) });
  checkpoint();
  expect(disk.pages.size).toBe(0);
  expect(index.size).toBe(0);
  await table.write({ put: lines(5), deleted: [] });
  expect(await table.count('place')).toBe(5);
});

test('clear forgets every row', async () => {
  const { table, checkpoint, disk, index } = open();
  await table.write({ put: lines(300), deleted: [] });
  checkpoint();
  await table.clear();
  checkpoint();
  expect([await table.all(), disk.pages.size, index.size]).toEqual([[], 0, 0]);
});

test('stretch by stretch every row is met once, few pages at a time, whatever is written on the way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRow, { maxLength: 400 }),
      fc.array(anyChange, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (put, changes, pages) => {
        const { table, checkpoint, disk } = open();
        await table.write({ put: [...new Map(put.map((one) => [one.i, one])).values()], deleted: [] });
        checkpoint();
        const untouched = new Map((await table.all()).map((one) => [one.i, one]));
        const met: string[] = [];
        let from: RowKey | undefined;
        do {
          const reads = disk.reads;
          const { rows, next } = await table.stretch(from, pages);
          expect(disk.reads - reads).toBeLessThanOrEqual(pages);
          met.push(...rows.map(({ i }) => i));
          from = next;
          const change = changes.shift();
          if (change) {
            const rows = [...new Map(change.put.map((one) => [one.i, one])).values()];
            await table.write({ put: rows, deleted: change.deleted });
            for (const id of [...change.deleted, ...rows.map(({ i }) => i)]) untouched.delete(id);
          }
        } while (from);
        for (const id of untouched.keys()) expect(met.filter((one) => one === id)).toEqual([id]);
        expect(table.size).toBe((await table.all()).length);
      },
    ),
    { numRuns: 60 },
  );
});

test('what is read while a page is on its way from the disk is the same page', async () => {
  const { table, checkpoint } = open();
  await table.write({ put: lines(500), deleted: [] });
  checkpoint();
  await table.all();
  const [one, other] = await Promise.all([
    table.getMany(['place 3']),
    table
      .write({ put: [row('place', 3, 'place 3', 'new')], deleted: [] })
      .then(() => table.getMany(['place 3'])),
  ]);
  expect(one[0]?.i).toBe('place 3');
  expect(other[0]?.v).toBe('new');
  expect((await table.getMany(['place 3']))[0]?.v).toBe('new');
});

test('a read never sees half of a write', async () => {
  const { table, checkpoint } = open();
  await table.write({ put: lines(1000), deleted: [] });
  checkpoint();
  await table.all();
  const reading = table.part({ part: 'place', limit: 200 });
  for (let at = 0; at < 3; at++) {
    const moved = lines(1000).map((line) => row('place', line.o, line.i, at));
    await table.write({
      put: [...moved, ...lines(200, 'place').map(({ i }, o) => row('place', o + 0.5, `${i} b ${at}`))],
      deleted: [],
    });
  }
  const seen = await reading;
  expect(new Set(seen.map(({ i }) => i)).size).toBe(200);
  expect(seen.map(({ o }) => o)).toEqual([...seen.map(({ o }) => o)].sort((a, b) => b - a));
});

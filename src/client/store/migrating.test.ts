import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import {
  noteRows,
  noteSeen,
  notesProjection,
  notesTakenBack,
  openSealed,
} from '../../../tests/support/sealed-store.ts';
import { DexieDisk } from './disk/dexie-disk.ts';
import { StoreError } from './store-error.ts';

const FIRST = { log: 'seq', pages: 'id', meta: 'name', outbox: 'number', facts: 'name' };
/** The layouts of a build to come: it adds a table. */
const LATER = [FIRST, { albums: 'id' }];

const disks: DexieDisk[] = [];
let names = 0;
const newName = () => `migrating ${++names}`;
/** A disk as the build of a layout opens it. */
const diskOf = (name: string, epoch: number) => {
  const disk = new DexieDisk(name, epoch, LATER);
  disks.push(disk);
  return disk;
};
afterEach(() => disks.splice(0).forEach((disk) => disk.close()));

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error as DOMException);
  });

/** Every byte of every table, and the version of the database: past all of our own code. */
const dump = async (name: string) => {
  const database = await settled(indexedDB.open(name));
  const tables = [...database.objectStoreNames];
  const contents: Record<string, unknown> = { version: database.version };
  const transaction = database.transaction(tables);
  for (const table of tables) {
    const store = transaction.objectStore(table);
    contents[table] = [await settled(store.getAllKeys()), await settled(store.getAll())];
  }
  database.close();
  return contents;
};

const events = [...Array.from({ length: 130 }, (_, at) => noteSeen(at + 1)), notesTakenBack(5, 60)];

test('forward: what an older build wrote is there for one that adds a table, which can be written at once', async () => {
  const name = newName();
  const older = await openSealed(diskOf(name, 1));
  await older.append(events);
  await older.checkpoint();
  await older.append([noteSeen(500)]);
  const rows = await noteRows(older);
  older.close();
  const before = await dump(name);

  const newer = await openSealed(diskOf(name, 2));
  expect(await noteRows(newer)).toEqual(rows);
  expect(await newer.append([noteSeen(500), noteSeen(501)])).toEqual({ appended: 1, duplicates: 1 });
  await newer.rebuild();
  expect((await newer.all({ name: 'notes', id: () => '' })).length).toBe(132);
  newer.close();
  const after = await dump(name);
  expect(before).not.toHaveProperty('albums');
  expect(after).toMatchObject({ albums: [[], []], facts: [['epoch'], [{ name: 'epoch', value: 2 }]] });
  expect((after['log'] as unknown[][])[0]).toEqual([50, 100, 131, 132, 133]);
});

test('backward: an older build that meets a newer one’s data says so and changes nothing, not a byte', async () => {
  const name = newName();
  const newer = await openSealed(diskOf(name, 2));
  await newer.append(events);
  await newer.checkpoint();
  await newer.append([noteSeen(500)]);
  newer.close();
  const before = await dump(name);

  const stale = { ...notesProjection, version: 7 };
  for (const projections of [[notesProjection], [stale]]) {
    const opening = openSealed(diskOf(name, 1), { projections });
    await expect(opening).rejects.toBeInstanceOf(StoreError);
    await expect(opening).rejects.toMatchObject({ code: 'superseded' });
  }
  expect(await dump(name)).toEqual(before);
});

test('an older build that was open when a newer one came writes no more, and nothing of it is lost', async () => {
  const name = newName();
  const older = await openSealed(diskOf(name, 1));
  await older.append(events);
  const newer = await openSealed(diskOf(name, 2));
  const before = await dump(name);
  await expect(older.append([noteSeen(600)])).rejects.toMatchObject({ code: 'superseded' });
  await expect(older.checkpoint()).rejects.toMatchObject({ code: 'superseded' });
  await expect(older.rebuild()).rejects.toMatchObject({ code: 'superseded' });
  await expect(older.writeMeta('x', 1)).rejects.toMatchObject({ code: 'superseded' });
  expect(await dump(name)).toEqual(before);
  expect(await newer.append([noteSeen(600)])).toEqual({ appended: 1, duplicates: 0 });
  older.close();
  newer.close();
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskCache } from './disk-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'city-cache-')), 'proxy');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const bytes = (length: number, value = 1): Buffer => Buffer.alloc(length, value);
const open = (most = 1000): DiskCache => new DiskCache({ folder, most });

test('what was put is there, for the next process too; what is no such file is left alone or swept', async () => {
  const cache = open();
  await cache.put('https://a.example/x y?z', 'image/svg+xml', bytes(10));
  const kept = await cache.get('https://a.example/x y?z');
  expect(kept).toMatchObject({ type: 'image/svg+xml', size: 10 });
  expect(await readFile(kept?.path ?? '')).toEqual(bytes(10));
  expect(await cache.get('https://a.example/')).toBeUndefined();
  await writeFile(join(folder, 'README'), 'mine');
  await writeFile(join(folder, 'abc.part'), 'half');
  const next = open();
  expect(await next.get('https://a.example/x y?z')).toMatchObject({ type: 'image/svg+xml', size: 10 });
  expect((await readdir(folder)).sort()).toEqual([
    expect.stringMatching(/^[0-9a-f]{64}\.image~svg\+xml$/),
    'README',
  ]);
});

test('what was used longest ago goes first, also after a new start', async () => {
  const cache = open(1000);
  for (const name of ['a', 'b', 'c', 'd']) await cache.put(name, 'image/png', bytes(250));
  await cache.get('a');
  await cache.put('e', 'image/png', bytes(250));
  expect(cache.bytes).toBe(1000);
  const there = async (from: DiskCache) => {
    const found = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) if (await from.get(name)) found.push(name);
    return found;
  };
  expect(await there(cache)).toEqual(['a', 'c', 'd', 'e']);
  expect(await there(open(1000))).toEqual(['a', 'c', 'd', 'e']);
  expect((await there(open(500))).length).toBe(2);
  expect(await readdir(folder)).toHaveLength(2);
});

test('the same name anew takes the old one’s place; forgetting gives its room back', async () => {
  const cache = open();
  await cache.put('a', 'image/png', bytes(100));
  await cache.put('a', 'image/gif', bytes(50, 2));
  expect(cache.bytes).toBe(50);
  expect(await cache.get('a')).toMatchObject({ type: 'image/gif', size: 50 });
  await cache.forget('a');
  expect([cache.bytes, await readdir(folder), await cache.get('a')]).toEqual([0, [], undefined]);
});

test('too large, no room at all, a folder that cannot be: nothing is kept and nothing fails', async () => {
  const cache = open(1000);
  await cache.put('a', 'image/png', bytes(251));
  expect(await cache.get('a')).toBeUndefined();
  const none = open(0);
  await none.put('a', 'image/png', bytes(0));
  await writeFile(join(folder, '..', 'file'), 'x');
  const nowhere = new DiskCache({ folder: join(folder, '..', 'file', 'proxy'), most: 1000 });
  await nowhere.put('a', 'image/png', bytes(1));
  expect(await nowhere.get('a')).toBeUndefined();
});

test('a file that somebody took away is not there', async () => {
  const cache = open();
  await cache.put('a', 'image/png', bytes(100));
  for (const file of await readdir(folder)) await rm(join(folder, file));
  expect(await cache.get('a')).toBeUndefined();
  expect(cache.bytes).toBe(0);
});

import { expect, test } from 'vitest';
import { MemoryFiles } from '../../../../tests/support/memory-files.ts';
import { makeProfileKeys } from '../../../../tests/support/profile-keys.ts';
import { SeenBlobs } from './seen-blobs.ts';

const keys = await makeProfileKeys();
const bytes = (length: number, seed: number) => new Uint8Array(length).fill(seed);
const open = (files: MemoryFiles, { bound = 10_000, clock = { now: 0 } } = {}) =>
  SeenBlobs.open(files, { keys, now: () => ++clock.now, bound });

test('what was seen is there again, after a reload too', async () => {
  const files = new MemoryFiles();
  const seen = await open(files);
  expect(await seen.put('one', bytes(500, 1))).toBe(true);
  expect(await seen.get('one')).toEqual(bytes(500, 1));
  expect(await seen.get('one', { from: 10, to: 20 })).toEqual(bytes(10, 1));
  expect(await seen.get('two')).toBeUndefined();
  await seen.save();
  expect(await (await open(files)).get('one')).toEqual(bytes(500, 1));
});

test('what was not wanted longest makes room', async () => {
  const files = new MemoryFiles();
  const seen = await open(files, { bound: 3_300 });
  for (const at of [1, 2, 3]) await seen.put(`no ${at}`, bytes(1000, at));
  await seen.get('no 1');
  await seen.put('no 4', bytes(1000, 4));
  expect(['no 1', 'no 2', 'no 3', 'no 4'].filter((key) => seen.has(key))).toEqual(['no 1', 'no 4']);
  expect((await seen.usage()).bytes).toBeLessThan(3_300);
});

test('nothing larger than the whole bound is taken, and a smaller bound makes room at once', async () => {
  const seen = await open(new MemoryFiles(), { bound: 2_000 });
  expect(await seen.put('huge', bytes(2_001, 1))).toBe(false);
  await seen.put('one', bytes(900, 1));
  await seen.setBound(100);
  expect(seen.has('one')).toBe(false);
});

test('emptied, nothing is left of what was seen', async () => {
  const files = new MemoryFiles();
  const seen = await open(files);
  for (const at of [1, 2, 3]) await seen.put(`no ${at}`, bytes(100, at));
  await seen.shrink(0);
  expect([...files.files.keys()]).toEqual(['index']);
  expect(await (await open(files)).get('no 1')).toBeUndefined();
});

test('neither names nor bytes on the disk tell what was seen', async () => {
  const files = new MemoryFiles();
  const seen = await open(files);
  await seen.put('whole canary', new TextEncoder().encode('canary '.repeat(20)));
  await seen.save();
  for (const [name, file] of files.files) {
    expect(name).not.toContain('canary');
    expect(Buffer.from(file).includes('canary')).toBe(false);
  }
});

test('two tabs keep what either of them saw', async () => {
  const files = new MemoryFiles();
  const clock = { now: 0 };
  const [one, two] = [await open(files, { clock }), await open(files, { clock })];
  await one.put('mine', bytes(100, 1));
  await two.put('yours', bytes(100, 2));
  await one.save();
  await two.save();
  const later = await open(files, { clock });
  expect([later.has('mine'), later.has('yours')]).toEqual([true, true]);
});

test('a lost index costs nothing but what was seen; a damaged file is simply not there', async () => {
  const files = new MemoryFiles();
  const seen = await open(files);
  await seen.put('one', bytes(100, 1));
  await seen.save();
  files.files.set('index', bytes(50, 9));
  const again = await open(files);
  expect(await again.get('one')).toBeUndefined();
  await again.shrink(0);
  expect([...files.files.keys()].filter((name) => name !== 'index')).toEqual([]);
  await again.put('two', bytes(100, 2));
  for (const [name, file] of files.files) if (name !== 'index') files.files.set(name, file.slice(0, 40));
  expect(await again.get('two')).toBeUndefined();
  expect(again.has('two')).toBe(false);
});

test('the same bytes under two names stay until the last name goes', async () => {
  const seen = await open(new MemoryFiles());
  await seen.put('one', bytes(100, 1));
  await seen.put('other', bytes(100, 1));
  await seen.drop('one');
  expect(await seen.get('other')).toEqual(bytes(100, 1));
});

test('where the browser gives no more, what was not wanted longest makes room', async () => {
  const files = new MemoryFiles();
  const seen = await open(files);
  await seen.put('old', bytes(900, 1));
  await seen.put('new', bytes(100, 2));
  const room = 1_100;
  files.guard = () => {
    const lying = [...files.files.values()].reduce((sum, file) => sum + file.length, 0);
    if (lying > room) throw new DOMException('full', 'QuotaExceededError');
  };
  expect(await seen.put('newest', bytes(200, 3))).toBe(true);
  expect([seen.has('old'), seen.has('newest')]).toEqual([false, true]);
});

test('a full disk means not kept', async () => {
  const files = new MemoryFiles();
  const seen = await open(files);
  files.guard = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  expect(await seen.put('one', bytes(100, 1))).toBe(false);
});

import { beforeEach, expect, test } from 'vitest';
import { MemoryCaches } from '../../../tests/support/memory-caches.ts';
import { MemoryShareKeys } from '../../../tests/support/memory-share-keys.ts';
import { SharedParcels } from './shared-parcels.ts';

const HOUR = 3_600_000;
let now: number;
let caches: MemoryCaches;
let keys: MemoryShareKeys;
let parcels: SharedParcels;

beforeEach(() => {
  now = 1_800_000_000_000;
  caches = new MemoryCaches();
  keys = new MemoryShareKeys();
  parcels = new SharedParcels(caches as unknown as CacheStorage, keys, 'https://city.example', () => now);
});

const parcel = (id: string) => ({ id, title: 'Lisbon', text: 'Come along', url: '', refused: [] });
const picture = (text: string, name = 'boat.png') => new File([text], name, { type: 'image/png' });

test('what was kept is read with its files under their names, until it is dropped', async () => {
  await parcels.keep(parcel('a'), [picture('one'), picture('two', 'quay.png')]);
  const kept = await parcels.read('a');
  expect(kept).toMatchObject({ id: 'a', text: 'Come along', at: now });
  const files = kept ? await parcels.files(kept) : [];
  expect(await Promise.all(files.map((each) => each.text()))).toEqual(['one', 'two']);
  expect(files.map(({ name, type }) => [name, type])).toEqual([
    ['boat.png', 'image/png'],
    ['quay.png', 'image/png'],
  ]);
  await parcels.drop('a');
  expect(await parcels.read('a')).toBeUndefined();
  expect(kept ? await parcels.files(kept) : []).toEqual([]);
  expect([await caches.has('shared'), keys.keys.size]).toEqual([false, 0]);
});

test('nothing of it lies readable on the disk, and without its key nothing can be read', async () => {
  await parcels.keep(parcel('a'), [picture('a canary in a picture', 'canary name.png')]);
  const lying = await caches.bytes();
  expect(lying.length).toBeGreaterThan(100);
  for (const plain of ['canary', 'Come along', 'Lisbon', 'image/png', String(now)])
    expect(lying.includes(plain)).toBe(false);
  expect([...keys.keys.values()].map(({ extractable }) => extractable)).toEqual([false]);
  keys.keys.clear();
  expect(await parcels.read('a')).toBeUndefined();
});

test('a file of many pieces comes back byte for byte; one that lost a piece does not come at all', async () => {
  const size = (9 << 20) + 5;
  const bytes = Buffer.alloc(size, 'pieces of a long film ');
  await parcels.keep(parcel('a'), [new File([bytes], 'film.mp4'), picture('one')]);
  const kept = await parcels.read('a');
  const [film] = kept ? await parcels.files(kept) : [];
  expect(Buffer.from((await film?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(bytes)).toBe(true);
  const cache = await caches.open('shared');
  await cache.delete({ url: 'https://city.example/shared/a/0/2' });
  expect(kept && (await parcels.files(kept)).map(({ name }) => name)).toEqual(['boat.png']);
});

test('pieces that were swapped are no file', async () => {
  await parcels.keep(parcel('a'), [picture('one'), picture('two', 'quay.png')]);
  const cache = await caches.open('shared');
  const [one, two] = ['https://city.example/shared/a/0/0', 'https://city.example/shared/a/1/0'];
  const [first, second] = [await cache.match(one), await cache.match(two)];
  if (!first || !second) throw new Error('no pieces');
  await cache.put(one, second);
  await cache.put(two, first);
  const kept = await parcels.read('a');
  expect(kept && (await parcels.files(kept))).toEqual([]);
});

test('another’s parcel stays when one is dropped, whatever their ids look like', async () => {
  await parcels.keep(parcel('a'), []);
  await parcels.keep(parcel('a/1'), []);
  await parcels.drop('a');
  expect(await parcels.read('a/1')).toBeDefined();
});

test('after an hour nobody reads it, and sweeping takes it away with its key', async () => {
  await parcels.keep(parcel('old'), [picture('one')]);
  const kept = await parcels.read('old');
  now += HOUR + 1;
  expect(await parcels.read('old')).toBeUndefined();
  await parcels.keep(parcel('young'), []);
  expect(kept && (await parcels.files(kept))).toEqual([]);
  expect([...keys.keys.keys()]).toEqual(['young']);
  now += HOUR + 1;
  await parcels.sweep();
  expect(await caches.has('shared')).toBe(false);
});

test('a clock that was set back does not keep it for ever', async () => {
  await parcels.keep(parcel('old'), []);
  now -= 2 * HOUR;
  expect(await parcels.read('old')).toBeUndefined();
});

test('five wait at most: the newest', async () => {
  for (const id of ['1', '2', '3', '4', '5', '6', '7']) {
    now += 1000;
    await parcels.keep(parcel(id), []);
  }
  expect(await parcels.read('2')).toBeUndefined();
  expect(await parcels.read('3')).toBeDefined();
  expect(await parcels.read('7')).toBeDefined();
});

test('what an earlier version kept in plain words is thrown away', async () => {
  const cache = await caches.open('shared');
  const plain = { ...parcel('plain'), at: now, files: [] };
  await cache.put('https://city.example/shared/plain', new Response(JSON.stringify(plain)));
  expect(await parcels.read('plain')).toBeUndefined();
  await parcels.sweep();
  expect(await caches.has('shared')).toBe(false);
});

test('a broken storage throws, so that the worker can say so, and leaves no key', async () => {
  caches.isBroken = true;
  await expect(parcels.keep(parcel('a'), [])).rejects.toThrow('broken');
  expect(keys.keys.size).toBe(0);
});

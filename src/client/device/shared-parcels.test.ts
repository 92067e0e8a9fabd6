import { beforeEach, expect, test } from 'vitest';
import { MemoryCaches } from '../../../tests/support/memory-caches.ts';
import { SharedParcels } from './shared-parcels.ts';

const HOUR = 3_600_000;
let now: number;
let caches: MemoryCaches;
let parcels: SharedParcels;

beforeEach(() => {
  now = 1_800_000_000_000;
  caches = new MemoryCaches();
  parcels = new SharedParcels(caches as unknown as CacheStorage, 'https://city.example', () => now);
});

const parcel = (id: string, pictures: readonly string[] = []) => ({
  id,
  title: 'Lisbon',
  text: 'Come along',
  url: '',
  pictures,
  refused: [],
});
const picture = (text: string) => new Blob([text], { type: 'image/png' });

test('what was kept is read with its pictures, until it is dropped', async () => {
  await parcels.keep(parcel('a', ['image/png', 'image/png']), [picture('one'), picture('two')]);
  const kept = await parcels.read('a');
  expect(kept).toMatchObject({ id: 'a', text: 'Come along', at: now });
  const pictures = kept ? await parcels.pictures(kept) : [];
  expect(await Promise.all(pictures.map((each) => each.text()))).toEqual(['one', 'two']);
  await parcels.drop('a');
  expect(await parcels.read('a')).toBeUndefined();
  expect(kept ? await parcels.pictures(kept) : []).toEqual([]);
});

test('another’s parcel stays when one is dropped, whatever their ids look like', async () => {
  await parcels.keep(parcel('a'), []);
  await parcels.keep(parcel('a/1'), []);
  await parcels.drop('a');
  expect(await parcels.read('a/1')).toBeDefined();
});

test('after an hour nobody reads it, and sweeping takes it away', async () => {
  await parcels.keep(parcel('old', ['image/png']), [picture('one')]);
  const kept = await parcels.read('old');
  now += HOUR + 1;
  expect(await parcels.read('old')).toBeUndefined();
  await parcels.keep(parcel('young'), []);
  expect(kept && (await parcels.pictures(kept))).toEqual([]);
  expect(await parcels.read('young')).toBeDefined();
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

test('a broken storage throws, so that the worker can say so', async () => {
  caches.isBroken = true;
  await expect(parcels.keep(parcel('a'), [])).rejects.toThrow('broken');
});

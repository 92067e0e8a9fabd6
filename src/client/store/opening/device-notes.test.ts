import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { MemoryDisk } from '../../../../tests/support/memory-disk.ts';
import { openSealed } from '../../../../tests/support/sealed-store.ts';
import { Packer } from '../seal/packing.ts';
import { makeDataKey, openSealer } from '../seal/sealer.ts';
import { Vessel } from '../sealed/vessel.ts';
import { DeviceNotes, openDeviceNotes } from './device-notes.ts';

const profile = '0'.repeat(32);

/** The store of a page and the notes of a worker, over one disk and one key. */
const both = async () => {
  const disk = new MemoryDisk();
  const sealer = await openSealer(makeDataKey(), { profile });
  // A compressor that nobody without it can undo.
  const turned = (bytes: Uint8Array) => bytes.map((byte) => 255 - byte);
  const vessel = new Vessel(sealer, new Packer({ compress: turned, decompress: turned }));
  const store = await openSealed(disk, { vessel });
  return { disk, store, notes: new DeviceNotes(disk, new Vessel(sealer, new Packer(undefined))) };
};

test('a worker reads what a page has left, and a page what a worker has', async () => {
  const { store, notes } = await both();
  await store.writeMeta('wake 0', { v: 1 });
  await store.writeMeta('wake 12', ['a', 'é']);
  await store.writeMeta('vault', 'not for it');
  expect(await notes.read('wake ')).toEqual(
    new Map<string, unknown>([
      ['0', { v: 1 }],
      ['12', ['a', 'é']],
    ]),
  );
  await notes.write('wake seen', ['x'.repeat(5000)]);
  expect(await store.readMeta('wake seen')).toEqual(['x'.repeat(5000)]);
});

test('what is compressed, damaged or moved is left out', async () => {
  const { disk, store, notes } = await both();
  await store.writeMeta('wake 0', 'z'.repeat(2000));
  await store.writeMeta('wake 1', 'short');
  const moved = disk.metaRecords.get('own wake 1');
  if (moved) disk.metaRecords.set('own wake 2', moved);
  disk.metaRecords.set('own wake 3', new Uint8Array(40));
  expect(await notes.read('wake ')).toEqual(new Map([['1', 'short']]));
});

test('in IndexedDB they outlive whoever wrote them, under their own key only', async () => {
  const [dataKey, other] = [makeDataKey(), makeDataKey()];
  const first = await openDeviceNotes({ profile, dataKey });
  await first.write('wake seen', 7);
  first.close();
  const again = await openDeviceNotes({ profile, dataKey });
  expect(await again.read('wake ')).toEqual(new Map([['seen', 7]]));
  again.close();
  const strange = await openDeviceNotes({ profile, dataKey: other });
  expect(await strange.read('wake ')).toEqual(new Map());
  strange.close();
});

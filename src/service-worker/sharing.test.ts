import { beforeAll, beforeEach, expect, test } from 'vitest';
import { SharedParcels } from '#client/device/shared-parcels.ts';
import type { SharedParcel } from '#client/device/shared-parcels.ts';
import { MemoryCaches } from '../../tests/support/memory-caches.ts';
import { MemoryShareKeys } from '../../tests/support/memory-share-keys.ts';
import type { keepShared as Keep } from './sharing.ts';

let keepShared: typeof Keep;
let caches: MemoryCaches;
let parcels: SharedParcels;

beforeAll(async () => {
  // Workbox looks for the worker's own scope as soon as it is read.
  Object.assign(globalThis, { self: globalThis, registration: { scope: 'https://city.example/' } });
  ({ keepShared } = await import('./sharing.ts'));
});
beforeEach(() => {
  caches = new MemoryCaches();
  parcels = new SharedParcels(
    caches as unknown as CacheStorage,
    new MemoryShareKeys(),
    'https://city.example',
  );
});

const file = (type: string, size = 10, name = 'file') => new File([new Uint8Array(size)], name, { type });

const share = async (fields: Record<string, string>, files: readonly File[] = []) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  for (const each of files) body.append('files', each);
  const request = new Request('https://city.example/share', { method: 'POST', body });
  const answer = await keepShared(request, parcels);
  const id = answer.headers.get('location')?.split('/').at(-1) ?? '';
  return { answer, parcel: (await parcels.read(id)) as SharedParcel };
};

test('words and files are kept, and the answer leads to their page', async () => {
  const { answer, parcel } = await share({ title: 'Lisbon', text: 'Come along', url: 'https://a.example' }, [
    file('image/png', 10, 'boat.png'),
    file('video/mp4', 20, 'boat.mp4'),
  ]);
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(`https://city.example/share/${parcel.id}`);
  expect(parcel).toMatchObject({
    title: 'Lisbon',
    text: 'Come along',
    url: 'https://a.example',
    refused: [],
  });
  expect(parcel.files).toEqual([
    { name: 'boat.png', type: 'image/png', size: 10 },
    { name: 'boat.mp4', type: 'video/mp4', size: 20 },
  ]);
  expect(await parcels.files(parcel)).toHaveLength(2);
});

test('two acts of sharing have pages of their own, which nobody can guess', async () => {
  const [one, two] = [await share({ text: 'one' }), await share({ text: 'two' })];
  expect(one.parcel.id).not.toBe(two.parcel.id);
  expect(one.parcel.id).toMatch(/^[0-9a-f-]{36}$/);
});

test('too many words are refused, the pictures beside them are not', async () => {
  const { parcel } = await share({ title: 'T', text: 'x'.repeat(20_000) }, [file('image/webp')]);
  expect(parcel).toMatchObject({
    text: '',
    title: '',
    refused: ['too-long'],
    files: [{ type: 'image/webp' }],
  });
  expect((await share({ text: 'x'.repeat(20_000) })).parcel.refused).toEqual([]);
});

test('files that are too big or too many stay outside; an empty field is no file', async () => {
  const big = file('video/mp4');
  Object.defineProperty(big, 'size', { value: 200_000_001 });
  const request = new Request('https://city.example/share', { method: 'POST' });
  request.formData = () =>
    Promise.resolve({ get: () => null, values: () => [big, file('image/png')] } as never);
  const answer = await keepShared(request, parcels);
  const parcel = await parcels.read(answer.headers.get('location')?.split('/').at(-1) ?? '');
  expect([parcel?.files.length, parcel?.refused]).toEqual([1, ['file-too-big']]);
  const many = await share(
    {},
    Array.from({ length: 23 }, () => file('image/png')),
  );
  expect([many.parcel.files.length, many.parcel.refused]).toEqual([20, ['too-many-files']]);
  expect((await share({}, [file('image/png', 0)])).parcel.files).toEqual([]);
});

test('a body that is no form leads to a page that says so', async () => {
  const request = new Request('https://city.example/share', {
    method: 'POST',
    body: 'no form',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  });
  const answer = await keepShared(request, parcels);
  const parcel = await parcels.read(answer.headers.get('location')?.split('/').at(-1) ?? '');
  expect(parcel).toMatchObject({ text: '', refused: ['unreadable'] });
});

test('a full device still leads to a page, which finds nothing and says so', async () => {
  caches.isBroken = true;
  const body = new FormData();
  body.append('text', 'hello');
  const answer = await keepShared(
    new Request('https://city.example/share', { method: 'POST', body }),
    parcels,
  );
  expect(answer.status).toBe(303);
  caches.isBroken = false;
  expect(await parcels.read(answer.headers.get('location')?.split('/').at(-1) ?? '')).toBeUndefined();
});

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FileSealer, makeFileKey } from '#protocol/media/sealing.ts';
import { makeProfileKeys } from '../../../../tests/support/profile-keys.ts';
import { hashHere } from '../sealing/hashing.ts';
import { LoadingHost } from './host.ts';
import type { Shelves } from './host.ts';
import type { MediaSource } from './source.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const ORIGIN = 'https://city.test';
const picture = new TextEncoder().encode('a picture, more or less');
const sha = (bytes: Bytes) => createHash('sha256').update(bytes).digest('hex');
const hash = sha(picture);
const file: MediaSource = { url: `${ORIGIN}/${hash}.webp`, hash, type: 'image/webp' };
const keys = await makeProfileKeys();

/** A city that gives out these bytes, and remembers who was asked. */
const make = async (given: Record<string, Bytes | number>, own?: Bytes) => {
  const asked: string[] = [];
  const kept = new Map<string, Bytes>();
  const seen: Shelves['seen'] = {
    has: (key) => kept.has(key),
    get: async (key) => kept.get(key),
    put: async (key, bytes) => (kept.set(key, bytes), true),
    usage: async () => ({ files: kept.size, bytes: 0 }),
    shrink: async () => kept.clear(),
    setBound: async () => undefined,
    save: async () => undefined,
  };
  const host = new LoadingHost({
    origin: ORIGIN,
    fetch: (async (url: string) => {
      asked.push(url);
      const found = given[url] ?? 404;
      return typeof found === 'number' ? new Response(null, { status: found }) : new Response(found);
    }) as typeof fetch,
    wait: () => Promise.resolve(),
    beginHash: hashHere,
    proxied: async (items) =>
      items.map(({ url, width }) => `/api/media?url=${encodeURIComponent(url)}${width ? `&w=${width}` : ''}`),
    shelves: async () => ({ seen, ...(own ? { own: async () => own } : {}) }),
  });
  await host.open(keys);
  return { host, asked, kept };
};
const text = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

test('a file comes from its place once, and from this device after that', async () => {
  const { host, asked } = await make({ [file.url]: picture });
  for (const id of [1, 2]) {
    const found = await host.load({ id, source: file, servers: [] });
    expect(found.ok && [found.value.type, await text(found.value)]).toEqual(['image/webp', picture]);
  }
  expect(asked).toEqual([file.url]);
});

test('what is not what was sent is neither shown nor kept; the right bytes elsewhere are', async () => {
  const wrong = new TextEncoder().encode('something else');
  const elsewhere = 'https://stranger.example/copy.webp';
  const { host, kept } = await make({ [file.url]: wrong });
  expect(await host.load({ id: 1, source: file, servers: [] })).toMatchObject({ error: { code: 'damaged' } });
  expect(kept.size).toBe(0);
  const proxied = `/api/media?url=${encodeURIComponent(elsewhere)}`;
  const second = await make({ [file.url]: wrong, [proxied]: picture });
  const found = await second.host.load({ id: 2, source: { ...file, fallback: [elsewhere] }, servers: [] });
  expect(found.ok).toBe(true);
});

test('nobody but the city is ever asked', async () => {
  const { host, asked } = await make({});
  const source = { ...file, url: `https://one.example/${hash}.webp`, fallback: ['http://two.example/x'] };
  await host.load({ id: 1, source, servers: ['https://three.example'] });
  await host.load({ id: 2, source, thumb: { thumb: 'https://four.example/small', width: 320 }, servers: [] });
  expect(asked.length).toBeGreaterThan(4);
  expect(asked.filter((url) => !url.startsWith('/api/media?url='))).toEqual([]);
});

test.each([
  [410, 'expired'],
  [404, 'missing'],
  [500, 'unreachable'],
])('an answer of %i ends as %s', async (status, code) => {
  const { host } = await make({ [file.url]: status });
  expect(await host.load({ id: 1, source: file, servers: [] })).toMatchObject({ error: { code } });
});

test('the small picture that its sender made is held against its hash; the city makes one where there is none', async () => {
  const small = `${ORIGIN}/${hash}.webp`;
  const made = `${ORIGIN}/${'cd'.repeat(32)}.png?w=320`;
  const source = { url: `${ORIGIN}/${'cd'.repeat(32)}.png`, hash: 'cd'.repeat(32), type: 'image/png' };
  const { host } = await make({ [small]: picture, [made]: new Uint8Array([1, 2]) });
  const given = await host.load({ id: 1, source, thumb: { thumb: small, width: 640 }, servers: [] });
  expect(given.ok && (await text(given.value))).toEqual(picture);
  const other = await host.load({ id: 2, source, thumb: { width: 320 }, servers: [] });
  expect(other.ok && (await text(other.value))).toEqual(new Uint8Array([1, 2]));
  const lying = await make({ [small]: new Uint8Array([9]) });
  expect(
    (await lying.host.load({ id: 3, source, thumb: { thumb: small, width: 640 }, servers: [] })).ok,
  ).toBe(false);
});

test('an own file that waits to be sent is shown before anybody has it', async () => {
  const { host, asked } = await make({}, picture);
  expect((await host.load({ id: 1, source: file, servers: [] })).ok).toBe(true);
  expect(asked).toEqual([]);
});

test('a sealed file is opened with its key, and kept opened under the device’s own seal only', async () => {
  const key = makeFileKey(picture.length);
  const sealed = await (await FileSealer.open(key)).seal(picture);
  const source: MediaSource = {
    url: `${ORIGIN}/${sha(sealed)}.bin`,
    hash: sha(sealed),
    type: 'image/webp',
    key,
  };
  const { host } = await make({ [source.url]: sealed });
  const found = await host.load({ id: 1, source, servers: [] });
  expect(found.ok && (await text(found.value))).toEqual(picture);
  const wrongKey = { ...source, key: makeFileKey(picture.length) };
  const other = await make({ [source.url]: sealed });
  expect(await other.host.load({ id: 2, source: wrongKey, servers: [] })).toMatchObject({
    error: { code: 'damaged' },
  });
});

test('a file in chunks is put together, or poured out, and too much of it is not held', async () => {
  const key = { ...makeFileKey(100_000_000), algorithm: 'aes-gcm-stream' as const };
  const sealed = await (await FileSealer.open(key)).sealChunk(picture, 0, true);
  const source: MediaSource = {
    url: `${ORIGIN}/${sha(sealed)}.bin`,
    hash: sha(sealed),
    type: 'video/mp4',
    size: picture.length,
    key,
  };
  const { host, kept } = await make({ [source.url]: sealed });
  const found = await host.load({ id: 1, source, servers: [] });
  expect(found.ok && (await text(found.value))).toEqual(picture);
  expect([...kept.keys()]).toEqual([`piece ${source.hash} 0`]);
  const poured: number[] = [];
  const done = await host.pour(
    { id: 2, source, servers: [] },
    async (bytes) => (poured.push(...bytes), bytes),
  );
  expect([done.ok, poured]).toEqual([true, [...picture]]);
  expect(await host.load({ id: 3, source: { ...source, size: 2_000_000_000 }, servers: [] })).toMatchObject({
    error: { code: 'too-big' },
  });
});

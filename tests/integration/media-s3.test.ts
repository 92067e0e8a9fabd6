/** Files in a store that speaks S3: stored, given in parts, deleted, and what happens while it is away. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { City } from '#server/city.ts';
import { makePerson } from '../support/client.ts';
import { codeOf, deleteFile, makeNoise, makePicture, putFile, sha256 } from '../support/media-api.ts';
import { startS3 } from '../support/s3-server.ts';
import type { S3Server } from '../support/s3-server.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

let store: S3Server;
let city: City;
const dataDir = makeFolder();
beforeAll(async () => {
  store = await startS3();
  city = await startTestCity({ dataDir, environment: { S3_URL: store.url } });
});
afterAll(async () => {
  await city.close();
  await store.close();
});

const nameOf = (hash: string): string => `files/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`;
const get = (hash: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(new URL(`/${hash}`, city.url), { headers });

test('a file lies in the bucket and nowhere else, and comes back whole and in parts', async () => {
  const [anna, picture] = [makePerson(), makePicture(3_000_000)];
  const hash = sha256(picture);
  expect((await putFile(city.url, anna, picture)).status).toBe(201);
  expect(store.objects.get(nameOf(hash))?.equals(picture)).toBe(true);
  expect(existsSync(join(dataDir, 'blobs'))).toBe(false);
  expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  expect(Buffer.from(await (await get(hash)).arrayBuffer()).equals(picture)).toBe(true);
  const part = await get(hash, { range: 'bytes=1000-1999' });
  expect(part.status).toBe(206);
  expect(Buffer.from(await part.arrayBuffer()).equals(picture.subarray(1000, 2000))).toBe(true);
  expect((await deleteFile(city.url, anna, hash)).status).toBe(204);
  expect(store.objects.has(nameOf(hash))).toBe(false);
  expect((await get(hash)).status).toBe(404);
});

test('a large one goes up in parts', async () => {
  const [anna, sealed] = [makePerson(), makeNoise(40_000_000)];
  const headers = { 'content-type': 'application/octet-stream' };
  expect((await putFile(city.url, anna, sealed, { headers })).status).toBe(201);
  expect(store.parts()).toBe(3);
  expect(sha256(store.objects.get(nameOf(sha256(sealed))) ?? Buffer.alloc(0))).toBe(sha256(sealed));
});

test('while it is away nothing is half-stored, and everything is told', async () => {
  const [anna, here, missed] = [makePerson(), makePicture(2_500_000), makePicture()];
  await putFile(city.url, anna, here);
  store.setAway(true);
  try {
    const put = await putFile(city.url, anna, missed);
    expect([put.status, await codeOf(put)]).toEqual([503, 'away']);
    const got = await get(sha256(here));
    expect([got.status, await codeOf(got)]).toEqual([503, 'away']);
    expect((await get(sha256(missed))).status).toBe(404);
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
    expect((await deleteFile(city.url, anna, sha256(here))).status).toBe(204);
    expect((await get(sha256(here))).status).toBe(404);
  } finally {
    store.setAway(false);
  }
  expect(store.objects.has(nameOf(sha256(here)))).toBe(true);
  await city.tend();
  expect(store.objects.has(nameOf(sha256(here)))).toBe(false);
  expect((await putFile(city.url, anna, missed)).status).toBe(201);
});

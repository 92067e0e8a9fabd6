/** An independent Blossom client from npm, and two cities that mirror each other's files. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Actions, createDeleteAuth, createListAuth, createUploadAuth } from 'blossom-client-sdk';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { City } from '#server/city.ts';
import type { Draft } from '#protocol/event.ts';
import { makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { codeOf, descriptorOf, makePicture, putFile, sha256, tokenOf } from '../support/media-api.ts';
import { startTestCity } from '../support/server.ts';

const { deleteBlob, listBlobs, mirrorBlob, uploadBlob } = Actions;

/** What lies elsewhere. */
const shelf = new Map<string, { readonly body: Buffer; readonly type?: string }>();
let other: Server;
let otherUrl: string;
let first: City;
let second: City;

beforeAll(async () => {
  other = createServer((request, response) => {
    const found = shelf.get(request.url ?? '');
    if (!found) return void response.writeHead(404).end();
    response.writeHead(200, { ...(found.type ? { 'content-type': found.type } : {}) }).end(found.body);
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  otherUrl = `http://127.0.0.1:${port}`;
  first = await startTestCity();
  second = await startTestCity({
    media: { fetching: { loopbackPorts: new Set([port, first.port]) } },
  });
});
afterAll(async () => {
  other.close();
  await first.close();
  await second.close();
});

const signerOf =
  (person: Person) => (draft: { kind: number; content: string; tags: string[][]; created_at: number }) => {
    const { tags, ...event } = person.sign(draft as Draft);
    return Promise.resolve({ ...event, tags: tags.map((tag) => [...tag]) });
  };

test('blossom-client-sdk uploads, lists, mirrors and deletes', async () => {
  const anna = makePerson();
  const sign = signerOf(anna);
  const picture = makePicture(50_000);
  const blob = new Blob([new Uint8Array(picture)], { type: 'image/png' });
  const onAuth = () => createUploadAuth(sign, blob);
  const said = await uploadBlob(first.url, blob, { onAuth });
  expect(said).toMatchObject({ sha256: sha256(picture), size: picture.length, type: 'image/png' });
  const list = () => listBlobs(first.url, anna.pubkey, { onAuth: () => createListAuth(sign) });
  expect(await list()).toEqual([said]);
  const mirrored = await mirrorBlob(second.url, said, { onAuth });
  expect(mirrored).toMatchObject({ sha256: said.sha256, size: said.size, type: 'image/png' });
  const got = Buffer.from(await (await fetch(mirrored.url)).arrayBuffer());
  expect(got.equals(picture)).toBe(true);
  await deleteBlob(first.url, said.sha256, { onAuth: () => createDeleteAuth(sign, said.sha256) });
  expect(await list()).toEqual([]);
  expect((await fetch(said.url)).status).toBe(404);
  expect((await fetch(mirrored.url)).status).toBe(200);
});

const mirror = (url: unknown, person: Person, hash: string): Promise<Response> =>
  fetch(new URL('/mirror', second.url), {
    method: 'PUT',
    headers: { authorization: tokenOf(person, 'upload', { hashes: [hash] }) },
    body: JSON.stringify({ url }),
  });

test('a mirror brings only what the token names, what is allowed, and from where it may', async () => {
  const anna = makePerson();
  const [picture, page] = [makePicture(), Buffer.from('<html>hello</html>'.padEnd(3000))];
  shelf.set('/right', { body: picture, type: 'image/png' });
  shelf.set('/untold', { body: picture });
  shelf.set('/page', { body: page, type: 'text/html' });
  const cases: [unknown, string, number][] = [
    [`${otherUrl}/right`, '0'.repeat(64), 409],
    [`${otherUrl}/nowhere`, sha256(picture), 502],
    [`${otherUrl}/page`, sha256(page), 415],
    ['http://127.0.0.1:22/', sha256(picture), 502],
    ['http://10.0.0.1/', sha256(picture), 502],
    ['ftp://127.0.0.1/', sha256(picture), 400],
    [7, sha256(picture), 400],
    [`${otherUrl}/untold`, sha256(picture), 201],
    [`${otherUrl}/right`, sha256(picture), 200],
  ];
  for (const [url, hash, status] of cases) {
    const answer = await mirror(url, anna, hash);
    expect([url, answer.status]).toEqual([url, status]);
  }
});

test('PUT /media turns a picture upright, shrinks it, and forgets where it was taken', async () => {
  const anna = makePerson();
  const photo = await sharp({ create: { width: 4000, height: 1000, channels: 3, background: '#c04040' } })
    .withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitude: '51/1 30/1 0/1', GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const answer = await putFile(first.url, anna, photo, {
    path: '/media',
    headers: { 'content-type': 'image/jpeg' },
  });
  expect(answer.status).toBe(201);
  const said = await descriptorOf(answer);
  expect(said.type).toBe('image/webp');
  const got = sharp(Buffer.from(await (await fetch(said.url)).arrayBuffer()));
  const { width, height, exif, orientation } = await got.metadata();
  expect([width, height, exif, orientation]).toEqual([640, 2560, undefined, undefined]);
  const broken = await putFile(first.url, anna, makePicture(), { path: '/media' });
  expect([broken.status, await codeOf(broken)]).toEqual([422, 'picture']);
});

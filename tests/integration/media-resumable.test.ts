/** Resumable uploads (tus) over real HTTP: cut, resumed, restarted, cancelled, refused. */
import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { City } from '#server/city.ts';
import { makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { codeOf, descriptorOf, makeNoise, makePicture, sha256, tokenOf } from '../support/media-api.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

const ENVIRONMENT = { MEDIA_QUOTA: '20 MB' };
const PACE = { stretchMs: 400, leastBytes: 500 };
let dataDir: string;
let city: City;
const start = async (): Promise<void> => {
  city = await startTestCity({ dataDir, environment: ENVIRONMENT, media: { pace: PACE } });
};
beforeAll(async () => {
  dataDir = makeFolder();
  await start();
});
afterAll(() => city.close());

const tus = { 'tus-resumable': '1.0.0' };
const b64 = (text: string): string => Buffer.from(text).toString('base64');
const sealedMeta = `type ${b64('application/octet-stream')},sealed ${b64('1')}`;

const begin = (
  person: Person,
  size: number,
  metadata = sealedMeta,
  authorization = tokenOf(person, 'upload'),
): Promise<Response> =>
  fetch(new URL('/api/uploads', city.url), {
    method: 'POST',
    headers: { ...tus, authorization, 'upload-length': String(size), 'upload-metadata': metadata },
  });

const begun = async (...ask: Parameters<typeof begin>): Promise<string> => {
  const answer = await begin(...ask);
  expect(answer.status).toBe(201);
  return answer.headers.get('location') ?? '';
};

const patch = (place: string, offset: number, bytes: Buffer): Promise<Response> =>
  fetch(new URL(place, city.url), {
    method: 'PATCH',
    headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    body: new Uint8Array(bytes),
  });

const offsetOf = async (place: string): Promise<number> => {
  const answer = await fetch(new URL(place, city.url), { method: 'HEAD', headers: tus });
  return Number(answer.headers.get('upload-offset') ?? NaN);
};

const finish = (place: string, person: Person, hash: string): Promise<Response> =>
  fetch(new URL(`${place}/finish`, city.url), {
    method: 'POST',
    headers: { authorization: tokenOf(person, 'upload', { hashes: [hash] }) },
  });

const fetched = async (hash: string): Promise<Buffer> =>
  Buffer.from(await (await fetch(new URL(`/${hash}`, city.url))).arrayBuffer());

/** Begins a PATCH of the rest and hangs up after some of it. */
const cutPatch = (place: string, offset: number, rest: Buffer, cutAt: number): Promise<void> =>
  new Promise((resolve) => {
    const sending = httpRequest(new URL(place, city.url), {
      method: 'PATCH',
      headers: {
        ...tus,
        'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream',
        'content-length': rest.length,
      },
    });
    sending.on('error', () => resolve());
    sending.on('close', () => resolve());
    sending.write(rest.subarray(0, cutAt), () => setTimeout(() => sending.destroy(), 50));
  });

test('an upload in pieces becomes a file like any other', async () => {
  const [anna, bytes] = [makePerson(), makeNoise(5_000_000)];
  const place = await begun(anna, bytes.length);
  expect(place).toMatch(/^\/api\/uploads\/[0-9a-f]{32}$/);
  expect((await patch(place, 0, bytes.subarray(0, 2_000_000))).status).toBe(204);
  expect(await offsetOf(place)).toBe(2_000_000);
  expect((await patch(place, 1_000_000, bytes.subarray(1_000_000))).status).toBe(409);
  const early = await finish(place, anna, sha256(bytes));
  expect([early.status, await codeOf(early)]).toEqual([409, 'incomplete']);
  expect((await patch(place, 2_000_000, bytes.subarray(2_000_000))).status).toBe(204);
  const wrong = await finish(place, anna, '0'.repeat(64));
  expect([wrong.status, await codeOf(wrong)]).toEqual([409, 'hash']);
  const foreign = await finish(place, makePerson(), sha256(bytes));
  expect(foreign.status).toBe(403);
  const done = await finish(place, anna, sha256(bytes));
  expect(done.status).toBe(201);
  expect(await descriptorOf(done)).toMatchObject({
    sha256: sha256(bytes),
    size: bytes.length,
    type: 'application/octet-stream',
  });
  expect((await fetched(sha256(bytes))).equals(bytes)).toBe(true);
  expect((await finish(place, anna, sha256(bytes))).status).toBe(200);
  expect((await finish(place, makePerson(), sha256(bytes))).status).toBe(404);
  expect(readdirSync(join(dataDir, 'uploads', 'resumable'))).toEqual([]);
});

test('a cut costs only what was on the wire', async () => {
  const [anna, bytes] = [makePerson(), makeNoise(8_000_000)];
  const place = await begun(anna, bytes.length);
  let sent = 0;
  let offset = 0;
  while (offset < bytes.length) {
    const rest = bytes.subarray(offset);
    const part = Math.min(rest.length, 3_000_000);
    sent += part;
    if (part < rest.length) await cutPatch(place, offset, rest, part);
    else expect((await patch(place, offset, rest)).status).toBe(204);
    offset = await offsetOf(place);
  }
  expect(sent).toBeLessThan(bytes.length * 1.3);
  expect((await finish(place, anna, sha256(bytes))).status).toBe(201);
  expect((await fetched(sha256(bytes))).equals(bytes)).toBe(true);
});

test('a restart in the middle keeps what came', async () => {
  const [anna, picture] = [makePerson(), makePicture(3_000_000)];
  const place = await begun(anna, picture.length, `type ${b64('image/png')}`);
  await patch(place, 0, picture.subarray(0, 1_500_000));
  await city.close();
  await start();
  expect(await offsetOf(place)).toBe(1_500_000);
  await patch(place, 1_500_000, picture.subarray(1_500_000));
  const done = await finish(place, anna, sha256(picture));
  expect(done.status).toBe(201);
  expect((await descriptorOf(done)).type).toBe('image/png');
});

test('a kept client of tus gets along with it', async () => {
  const [anna, bytes] = [makePerson(), makeNoise(2_500_000)];
  const address = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `${city.url}/api/uploads`,
      chunkSize: 1_000_000,
      metadata: { type: 'application/octet-stream', sealed: '1' },
      headers: { authorization: tokenOf(anna, 'upload') },
      onError: reject,
      onSuccess: () => resolve(upload.url ?? ''),
    });
    upload.start();
  });
  expect((await finish(new URL(address).pathname, anna, sha256(bytes))).status).toBe(201);
});

test('who may not begin is told why', async () => {
  const anna = makePerson();
  const cases: [Promise<Response>, number, string][] = [
    [begin(anna, 100, sealedMeta, ''), 401, 'auth'],
    [begin(anna, 100, sealedMeta, tokenOf(anna, 'delete')), 401, 'auth'],
    [begin(anna, 3_000_000_000), 413, 'too-large'],
    [begin(anna, 60_000_000, `type ${b64('video/mp4')}`), 413, 'too-large'],
    [begin(anna, 100, `type ${b64('text/html')}`), 415, 'type'],
    [begin(anna, 100, ''), 415, 'type'],
    [begin(anna, 100, `${sealedMeta},expires ${b64('1000')}`), 400, 'request'],
    [begin(anna, 21_000_000), 429, 'quota'],
  ];
  for (const [asked, status, code] of cases) {
    const answer = await asked;
    expect(answer.headers.get('x-reason')).toBeTruthy();
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
  }
});

test('what is on its way counts until it is cancelled', async () => {
  const anna = makePerson();
  const place = await begun(anna, 15_000_000);
  expect((await begin(anna, 6_000_000)).status).toBe(429);
  const cancelled = await fetch(new URL(place, city.url), { method: 'DELETE', headers: tus });
  expect(cancelled.status).toBe(204);
  expect(await offsetOf(place)).toBeNaN();
  expect((await begin(anna, 6_000_000)).status).toBe(201);
});

test('a lie about the type is found out at the end, and nothing of it stays', async () => {
  const [anna, picture] = [makePerson(), makePicture(100_000)];
  const place = await begun(anna, picture.length);
  await patch(place, 0, picture);
  const done = await finish(place, anna, sha256(picture));
  expect([done.status, await codeOf(done)]).toEqual([415, 'type']);
  expect(await offsetOf(place)).toBeNaN();
  expect((await fetch(new URL(`/${sha256(picture)}`, city.url))).status).toBe(404);
});

test('more bytes than were announced are not taken', async () => {
  const anna = makePerson();
  const place = await begun(anna, 1000);
  expect((await patch(place, 0, makeNoise(2000))).status).toBe(413);
  expect(await offsetOf(place)).toBe(0);
});

test('more bytes than were announced are not taken where nobody says how many come', async () => {
  const place = await begun(makePerson(), 1000);
  const status = await new Promise((resolve) => {
    const sending = httpRequest(new URL(place, city.url), {
      method: 'PATCH',
      headers: { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    });
    sending.on('response', (answer) => resolve(answer.statusCode));
    sending.on('error', () => undefined);
    sending.write(makeNoise(900));
    setTimeout(() => sending.end(makeNoise(900)), 50);
  });
  expect(status).toBe(413);
  expect(await offsetOf(place)).toBeLessThanOrEqual(1000);
});

test('a sender who only drips is cut, and what came stays', async () => {
  const [anna, bytes] = [makePerson(), makeNoise(100_000)];
  const place = await begun(anna, bytes.length);
  const closed = new Promise<void>((resolve) => {
    const sending = httpRequest(new URL(place, city.url), {
      method: 'PATCH',
      headers: {
        ...tus,
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': bytes.length,
      },
    });
    sending.on('error', () => resolve());
    sending.on('close', () => resolve());
    sending.write(bytes.subarray(0, 3000));
    const drip = setInterval(() => sending.write(Buffer.alloc(1)), 100);
    sending.on('close', () => clearInterval(drip));
  });
  const before = Date.now();
  await closed;
  expect(Date.now() - before).toBeLessThan(5000);
  await vi.waitFor(async () => expect(await offsetOf(place)).toBeGreaterThanOrEqual(3000), { timeout: 5000 });
});

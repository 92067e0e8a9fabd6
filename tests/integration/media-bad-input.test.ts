/** What strangers send to the doors of files: broken, endless, too much, for a full disk. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { City } from '#server/city.ts';
import { makePerson } from '../support/client.ts';
import {
  codeOf,
  deleteFile,
  makeNoise,
  makePicture,
  putFile,
  sha256,
  tokenOf,
} from '../support/media-api.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

const PACE = { stretchMs: 300, leastBytes: 500 };
let city: City;
const dataDir = makeFolder();
beforeAll(async () => {
  city = await startTestCity({ dataDir, media: { pace: PACE } });
});
afterAll(() => city.close());

const waiting = (folder = dataDir): string[] => readdirSync(join(folder, 'uploads'));

/** Sends a request by hand; what the other side said until the connection ended. */
const speak = (head: string, send: (write: (bytes: Buffer | string) => void, end: () => void) => void) =>
  new Promise<string>((resolve) => {
    const { port } = new URL(city.url);
    let said = '';
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(head);
      send(
        (bytes) => void (socket.destroyed || socket.write(bytes)),
        () => socket.destroy(),
      );
    });
    socket.on('data', (bytes) => (said += bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
  });

const headOf = (hash: string, length: number, authorization: string): string =>
  [
    'PUT /upload HTTP/1.1',
    'Host: city',
    'Content-Type: image/png',
    `X-SHA-256: ${hash}`,
    `Content-Length: ${length}`,
    `Authorization: ${authorization}`,
    '',
    '',
  ].join('\r\n');

test('who hangs up in the middle leaves nothing', async () => {
  const [anna, picture] = [makePerson(), makePicture(100_000)];
  const hash = sha256(picture);
  const token = tokenOf(anna, 'upload', { hashes: [hash] });
  await speak(headOf(hash, picture.length, token), (write, end) => {
    write(picture.subarray(0, 50_000));
    setTimeout(end, 100);
  });
  await vi.waitFor(() => expect(waiting()).toEqual([]));
  expect((await fetch(new URL(`/${hash}`, city.url))).status).toBe(404);
});

test('who only drips is told so and cut', async () => {
  const [anna, picture] = [makePerson(), makePicture(100_000)];
  const hash = sha256(picture);
  let drip: NodeJS.Timeout | undefined;
  const began = Date.now();
  const said = await speak(
    headOf(hash, picture.length, tokenOf(anna, 'upload', { hashes: [hash] })),
    (write) => {
      write(picture.subarray(0, 100));
      drip = setInterval(() => write('x'), 50);
    },
  );
  clearInterval(drip);
  expect(said).toMatch(/^HTTP\/1\.1 408 /);
  expect(said).toMatch(/x-reason: the bytes came too slowly/i);
  expect(Date.now() - began).toBeLessThan(8000);
  expect(waiting()).toEqual([]);
});

test('a body that is refused before it came is answered, not just cut', async () => {
  const anna = makePerson();
  const bytes = makeNoise(3_000_000);
  const answer = await putFile(city.url, anna, bytes, { headers: { authorization: 'Nostr x' } });
  expect([answer.status, await codeOf(answer)]).toEqual([401, 'auth']);
  const huge = await speak(
    headOf('0'.repeat(64), 9_000_000_000, tokenOf(anna, 'upload', { hashes: ['0'.repeat(64)] })),
    (write) => write('x'),
  );
  expect(huge).toMatch(/^HTTP\/1\.1 413 /);
});

test('a used token does no harm, and a stranger’s none at all', async () => {
  const [anna, mallory, picture] = [makePerson(), makePerson(), makePicture()];
  const hash = sha256(picture);
  const authorization = tokenOf(anna, 'upload', { hashes: [hash] });
  expect((await putFile(city.url, anna, picture, { headers: { authorization } })).status).toBe(201);
  expect((await putFile(city.url, mallory, picture, { headers: { authorization } })).status).toBe(200);
  const other = await putFile(city.url, mallory, makePicture(), { headers: { authorization } });
  expect(other.status).toBe(409);
  expect((await deleteFile(city.url, mallory, hash)).status).toBe(404);
  const remove = { method: 'DELETE', headers: { authorization } };
  expect((await fetch(new URL(`/${hash}`, city.url), remove)).status).toBe(401);
  expect((await fetch(new URL(`/${hash}`, city.url))).status).toBe(200);
});

test('headers that say nothing sensible are refused with a word', async () => {
  const [anna, picture] = [makePerson(), makePicture()];
  for (const headers of [{ 'x-sha-256': 'nonsense' }, { 'x-expiration': '-5' }]) {
    const answer = await putFile(city.url, anna, picture, { headers });
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'request']);
  }
  const mirror = await fetch(new URL('/mirror', city.url), {
    method: 'PUT',
    headers: { authorization: tokenOf(anna, 'upload', { hashes: ['0'.repeat(64)] }) },
    body: 'x'.repeat(100_000),
  });
  expect(mirror.status).toBe(413);
  for (const path of ['/upload', '/list/x', '/mirror'])
    expect((await fetch(new URL(path, city.url), { method: 'POST' })).status).toBe(404);
});

test('more than the city’s own quota is not taken, but what is here already may have another owner', async () => {
  const small = await startTestCity({ environment: { MEDIA_CITY_QUOTA: '1 MB' } });
  const [anna, ben, picture] = [makePerson(), makePerson(), makePicture(700_000)];
  expect((await putFile(small.url, anna, picture)).status).toBe(201);
  const answer = await putFile(small.url, ben, makePicture(700_000));
  expect([answer.status, await codeOf(answer)]).toEqual([507, 'city-full']);
  expect((await putFile(small.url, ben, picture)).status).toBe(200);
  await small.close();
});

const SIZE_MB = 100;

test(
  'a full disk is told with 507, keeps nothing half, and the city goes on',
  { timeout: 60_000 },
  async (story) => {
    const disk = mkdtempSync(join(tmpdir(), 'disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      rmSync(disk, { recursive: true });
      return story.skip('needs the right to mount');
    }
    const folder = join(disk, 'data');
    const full = await startTestCity({ dataDir: folder });
    try {
      const [anna, sealed] = [makePerson(), { 'content-type': 'application/octet-stream' }];
      const told = await putFile(full.url, anna, makeNoise(120_000_000), { headers: sealed });
      expect([told.status, await codeOf(told)]).toEqual([507, 'full']);
      // Without a length nobody can know before: the disk itself says no.
      const bytes = makeNoise(120_000_000);
      const stream = new ReadableStream({
        start: (controller) => {
          for (let at = 0; at < bytes.length; at += 4_000_000)
            controller.enqueue(new Uint8Array(bytes.subarray(at, at + 4_000_000)));
          controller.close();
        },
      });
      const untold = await fetch(new URL('/upload', full.url), {
        method: 'PUT',
        body: stream,
        duplex: 'half',
        headers: { ...sealed, authorization: tokenOf(anna, 'upload', { hashes: [sha256(bytes)] }) },
      } as RequestInit).catch(() => undefined);
      if (untold) expect([untold.status, await codeOf(untold)]).toEqual([507, 'full']);
      expect(waiting(folder)).toEqual([]);
      const picture = makePicture(1_000_000);
      expect((await putFile(full.url, anna, picture)).status).toBe(201);
      const got = await fetch(new URL(`/${sha256(picture)}`, full.url));
      expect(sha256(Buffer.from(await got.arrayBuffer()))).toBe(sha256(picture));
    } finally {
      await full.close();
      execFileSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true });
    }
  },
);

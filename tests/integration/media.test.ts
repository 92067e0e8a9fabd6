/** Files over real HTTP: Blossom's rules, one story each. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { City } from '#server/city.ts';
import { makePerson } from '../support/client.ts';
import {
  codeOf,
  deleteFile,
  descriptorOf,
  listFiles,
  makeNoise,
  makePicture,
  putFile,
  sha256,
  tokenOf,
} from '../support/media-api.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

let city: City;
let dataDir: string;
beforeAll(async () => {
  dataDir = makeFolder();
  city = await startTestCity({ dataDir, environment: { MEDIA_QUOTA: '10 MB' } });
});
afterAll(() => city.close());

const get = (hash: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(new URL(`/${hash}`, city.url), { method, headers });
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe('a file', () => {
  test('is stored once, described, and given back as it came', async () => {
    const anna = makePerson();
    const picture = makePicture(300_000);
    const hash = sha256(picture);
    const stored = await putFile(city.url, anna, picture);
    expect(stored.status).toBe(201);
    const said = await descriptorOf(stored);
    expect(said).toMatchObject({ sha256: hash, size: picture.length, type: 'image/png' });
    expect(said.url).toBe(`${city.url}/${hash}.png`);
    expect(said.nip94).toContainEqual(['x', hash]);
    const again = await putFile(city.url, anna, picture);
    expect(again.status).toBe(200);
    expect(await descriptorOf(again)).toEqual(said);
    for (const path of [hash, `${hash}.png`, `${hash}.exe`, `.well-known/nostr/pubkey/${hash}`]) {
      const got = await get(path);
      expect(got.status).toBe(200);
      expect((await bytesOf(got)).equals(picture)).toBe(true);
    }
    expect(existsSync(join(dataDir, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash))).toBe(true);
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  });

  test('comes with headers that let every page use it and nothing in it run', async () => {
    const anna = makePerson();
    const picture = makePicture();
    await putFile(city.url, anna, picture);
    const got = await get(sha256(picture), {}, 'HEAD');
    const headers = Object.fromEntries(got.headers);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(picture.length),
      'access-control-allow-origin': '*',
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-disposition': 'inline',
      etag: `"${sha256(picture)}"`,
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain('sandbox');
    const known = await get(sha256(picture), { 'if-none-match': `"${sha256(picture)}"` });
    expect(known.status).toBe(304);
  });

  test('is given in parts', async () => {
    const anna = makePerson();
    const picture = makePicture(10_000);
    const hash = sha256(picture);
    await putFile(city.url, anna, picture);
    const cases: [string, number, number][] = [
      ['bytes=0-99', 0, 100],
      ['bytes=9990-', 9990, 10_000],
      ['bytes=-10', 9990, 10_000],
      ['bytes=5000-999999', 5000, 10_000],
    ];
    for (const [range, from, to] of cases) {
      const part = await get(hash, { range });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/10000`);
      expect((await bytesOf(part)).equals(picture.subarray(from, to))).toBe(true);
    }
    const outside = await get(hash, { range: 'bytes=10000-' });
    expect(outside.status).toBe(416);
    expect(outside.headers.get('content-range')).toBe('bytes */10000');
    for (const range of ['bytes=5-2', 'lines=1-2', 'bytes=0-1,4-5'])
      expect((await get(hash, { range })).status).toBe(200);
    expect((await get(hash, { range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
  });

  test('that is not there is not there', async () => {
    const got = await get('0'.repeat(64));
    expect(got.status).toBe(404);
    expect(got.headers.get('access-control-allow-origin')).toBe('*');
    expect(got.headers.get('x-reason')).toBeTruthy();
  });

  test('may be asked about from any page', async () => {
    for (const path of ['/upload', '/media', `/${'0'.repeat(64)}`, `/list/${'0'.repeat(64)}`, '/report']) {
      const answer = await fetch(new URL(path, city.url), { method: 'OPTIONS' });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-allow-headers')).toBe('Authorization, *');
      expect(answer.headers.get('access-control-allow-methods')).toContain('DELETE');
    }
  });
});

describe('who may', () => {
  test('nobody without a token, with a foreign one, an old one, or one for something else', async () => {
    const [anna, picture] = [makePerson(), makePicture()];
    const hashes = [sha256(picture)];
    const tokens = [
      '',
      'Nostr nonsense',
      tokenOf(anna, 'upload', { hashes: ['0'.repeat(64)] }),
      tokenOf(anna, 'upload'),
      tokenOf(anna, 'delete', { hashes }),
      tokenOf(anna, 'upload', { hashes, expiration: 1_700_000_000 }),
      tokenOf(anna, 'upload', { hashes, servers: ['elsewhere.example'] }),
    ];
    for (const authorization of tokens) {
      const headers = { authorization, 'x-sha-256': sha256(picture) };
      const answer = await putFile(city.url, anna, picture, { headers });
      expect([answer.status, authorization.slice(0, 20)]).toEqual([401, authorization.slice(0, 20)]);
    }
    expect((await get(sha256(picture))).status).toBe(404);
  });

  test('a token for this city counts here', async () => {
    const [anna, picture] = [makePerson(), makePicture()];
    const authorization = tokenOf(anna, 'upload', { hashes: [sha256(picture)], servers: ['localhost'] });
    expect((await putFile(city.url, anna, picture, { headers: { authorization } })).status).toBe(201);
  });

  test('bytes that are not those of the token are not kept', async () => {
    const [anna, picture, other] = [makePerson(), makePicture(), makePicture()];
    const authorization = tokenOf(anna, 'upload', { hashes: [sha256(other)] });
    const answer = await putFile(city.url, anna, picture, { headers: { authorization } });
    expect(answer.status).toBe(409);
    expect(await codeOf(answer)).toBe('hash');
    expect((await get(sha256(picture))).status).toBe(404);
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  });
});

describe('one’s own files', () => {
  test('are listed for their owner alone, page by page', async () => {
    const [anna, ben] = [makePerson(), makePerson()];
    const pictures = [makePicture(), makePicture(), makePicture()];
    for (const picture of pictures) await putFile(city.url, anna, picture);
    const all = (await (await listFiles(city.url, anna)).json()) as { sha256: string }[];
    expect(all.map((each) => each.sha256).toSorted()).toEqual(pictures.map(sha256).toSorted());
    const first = (await (await listFiles(city.url, anna, anna.pubkey, '?limit=2')).json()) as typeof all;
    expect(first).toEqual(all.slice(0, 2));
    const rest = await listFiles(city.url, anna, anna.pubkey, `?limit=2&cursor=${all[1]?.sha256 ?? ''}`);
    expect(await rest.json()).toEqual(all.slice(2));
    expect((await listFiles(city.url, ben, anna.pubkey)).status).toBe(403);
    expect((await fetch(new URL(`/list/${anna.pubkey}`, city.url))).status).toBe(401);
    expect((await listFiles(city.url, anna, anna.pubkey, '?limit=x')).status).toBe(400);
  });

  test('stay while one of two owners has them, and go with the last', async () => {
    const [anna, ben, picture] = [makePerson(), makePerson(), makePicture()];
    const hash = sha256(picture);
    expect((await putFile(city.url, anna, picture)).status).toBe(201);
    expect((await putFile(city.url, ben, picture)).status).toBe(200);
    expect((await deleteFile(city.url, anna, hash)).status).toBe(204);
    expect((await get(hash)).status).toBe(200);
    expect((await deleteFile(city.url, anna, hash)).status).toBe(404);
    expect((await deleteFile(city.url, makePerson(), hash)).status).toBe(404);
    expect((await deleteFile(city.url, ben, hash)).status).toBe(204);
    expect((await get(hash)).status).toBe(404);
    expect(existsSync(join(dataDir, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash))).toBe(false);
  });

  test('are counted: no more than the city gives', async () => {
    const anna = makePerson();
    for (let i = 0; i < 3; i++)
      expect((await putFile(city.url, anna, makePicture(3_000_000))).status).toBe(201);
    const answer = await putFile(city.url, anna, makePicture(3_000_000));
    expect([answer.status, await codeOf(answer)]).toEqual([429, 'quota']);
    const head = await fetch(new URL('/upload', city.url), {
      method: 'HEAD',
      headers: {
        authorization: tokenOf(anna, 'upload', { hashes: ['1'.repeat(64)] }),
        'x-sha-256': '1'.repeat(64),
        'x-content-length': '3000000',
        'x-content-type': 'image/png',
      },
    });
    expect(head.status).toBe(429);
  });
});

describe('what a file is', () => {
  test('is told by its bytes', async () => {
    const anna = makePerson();
    const cases: [Buffer, string, number][] = [
      [Buffer.from(`MZ${'\0'.repeat(200)}`), 'image/png', 415],
      [Buffer.from('<html><script>alert(1)</script></html>'), 'image/png', 415],
      [makePicture(), 'text/html', 415],
      [makePicture(), 'video/mp4', 415],
      [makePicture(), 'application/octet-stream', 415],
      [makeNoise(), 'image/jpeg', 415],
      [makeNoise(), 'application/octet-stream', 201],
      [makePicture(), 'image/jpeg', 201],
    ];
    for (const [bytes, type, status] of cases) {
      const answer = await putFile(city.url, anna, bytes, { headers: { 'content-type': type } });
      expect([type, answer.status]).toEqual([type, status]);
    }
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  });
});

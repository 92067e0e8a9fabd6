/** A person's files, kept at a second server too: the city asks it on their behalf, and asks nobody it must not. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { City } from '#server/city.ts';
import { makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import {
  codeOf,
  descriptorOf,
  makeNoise,
  makePicture,
  putFile,
  sha256,
  tokenOf,
} from '../support/media-api.ts';
import { startTestCity } from '../support/server.ts';

let home: City;
let second: City;
/** Something on the web that is no server of files, and what it was asked. */
let site: Server;
let siteUrl: string;
let asked: string[] = [];

beforeAll(async () => {
  site = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    if (request.url === '/mirror')
      return void response.writeHead(307, { location: 'http://169.254.169.254/mirror' }).end();
    response.writeHead(200).end('<html>hello</html>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  siteUrl = `http://127.0.0.1:${port}`;
  const ports = new Set([port]);
  // Each is told the other's port once it is known: the rule looks at the set when it is asked.
  home = await startTestCity({ media: { fetching: { loopbackPorts: ports } } });
  second = await startTestCity({ media: { fetching: { loopbackPorts: ports } } });
  ports.add(home.port).add(second.port);
});
afterAll(async () => {
  site.close();
  await home.close();
  await second.close();
});

const ask = (
  path: string,
  body: unknown,
  headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
) => fetch(new URL(path, home.url), { method: 'POST', headers, body: JSON.stringify(body) });

const mirror = (
  person: Person,
  hash: string,
  { server = second.url, domain = new URL(server).hostname } = {},
) =>
  ask('/api/media/mirror', {
    server,
    hash,
    token: tokenOf(person, 'upload', { hashes: [hash], servers: [domain] }),
  });

test('a file that lies here is fetched by the other server, and lies there under the person’s key', async () => {
  const anna = makePerson();
  for (const [bytes, type] of [
    [makePicture(90_000), 'image/png'],
    [makeNoise(300_000), 'application/octet-stream'],
  ] as const) {
    const hash = sha256(bytes);
    await putFile(home.url, anna, bytes, { headers: { 'content-type': type } });
    const answer = await mirror(anna, hash);
    expect(answer.status).toBe(200);
    const said = await descriptorOf(answer);
    expect([said.sha256, new URL(said.url).origin]).toEqual([hash, second.url]);
    const there = Buffer.from(await (await fetch(said.url)).arrayBuffer());
    expect(there.equals(bytes)).toBe(true);
    // Twice is once.
    expect((await mirror(anna, hash)).status).toBe(200);
  }
});

test('only one’s own files, by a token for this file and that server, from a page of this city', async () => {
  const [anna, ben] = [makePerson(), makePerson()];
  const bytes = makePicture();
  const hash = sha256(bytes);
  await putFile(home.url, anna, bytes);
  expect((await mirror(ben, hash)).status).toBe(404);
  expect((await mirror(anna, 'a'.repeat(64))).status).toBe(404);
  expect((await mirror(anna, hash, { domain: 'elsewhere.example' })).status).toBe(401);
  const send = (token: string, headers?: Record<string, string>) =>
    ask('/api/media/mirror', { server: second.url, hash, token }, headers);
  const one = { hashes: [hash], servers: [new URL(second.url).hostname] };
  expect((await send(tokenOf(anna, 'upload', { hashes: [hash] }))).status).toBe(401);
  expect((await send(tokenOf(anna, 'upload', { ...one, hashes: ['b'.repeat(64)] }))).status).toBe(401);
  expect((await send(tokenOf(anna, 'delete', one))).status).toBe(401);
  expect((await send(tokenOf(anna, 'upload', { ...one, expiration: 1_000 }))).status).toBe(401);
  expect((await send('Nostr nonsense')).status).toBe(401);
  expect((await send(tokenOf(anna, 'upload', one), { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await send(tokenOf(anna, 'upload', one), {})).status).toBe(403);
});

test.each([
  'http://127.0.0.1',
  'http://localhost:80',
  'http://10.0.0.8',
  'http://169.254.169.254',
  'https://[::1]',
  'http://2130706433',
  'http://192.168.1.1:8080',
  'http://127.0.0.1:1',
])('%s is not asked', async (server) => {
  const anna = makePerson();
  const bytes = makePicture();
  await putFile(home.url, anna, bytes);
  const answer = await mirror(anna, sha256(bytes), { server });
  expect([answer.status, await codeOf(answer)]).toEqual([403, 'forbidden']);
  expect((await ask('/api/media/servers', { server })).status).toBe(403);
});

test('a token goes to the server it names and no further, whatever that server answers', async () => {
  const anna = makePerson();
  const bytes = makePicture();
  await putFile(home.url, anna, bytes);
  asked = [];
  const answer = await mirror(anna, sha256(bytes), { server: siteUrl });
  expect([answer.status, await codeOf(answer)]).toEqual([502, 'origin']);
  expect(asked.map((line) => line.slice(0, 18))).toEqual(['PUT /mirror Nostr ']);
});

test('the other server’s no comes back in its own words', async () => {
  const anna = makePerson();
  const bytes = makePicture();
  await putFile(home.url, anna, bytes);
  const busy = createServer((_request, response) =>
    response.writeHead(402, { 'x-reason': 'Pay for your shelf first' }).end(),
  );
  await new Promise<void>((resolve) => busy.listen(Number(new URL(siteUrl).port), '127.0.0.2', resolve));
  try {
    const server = `http://127.0.0.2:${new URL(siteUrl).port}`;
    const answer = await mirror(anna, sha256(bytes), { server });
    expect(await answer.json()).toEqual({ error: 'origin', message: 'Pay for your shelf first' });
  } finally {
    busy.close();
  }
});

test('a server of files is told from any other page, and this city from both', async () => {
  const check = (server: unknown) => ask('/api/media/servers', { server });
  const answer = await check(`${second.url}/some/path`);
  expect([answer.status, await answer.json()]).toEqual([200, { server: second.url }]);
  expect((await check(siteUrl)).status).toBe(502);
  expect((await check(home.url)).status).toBe(400);
  for (const wrong of ['', 'ftp://files.example', 7, undefined])
    expect((await check(wrong)).status).toBe(400);
});

/** Addresses of people elsewhere (NIP-05), looked up by the city over real HTTP: what is believed, who may ask, and how servers attack. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { NAME_CHECK_PATH } from '#protocol/names/addresses.ts';
import { NAMES_PATH } from '#protocol/names/names.ts';
import type { City } from '#server/city.ts';
import { callAdmin } from '../support/admin-api.ts';
import { makePerson } from '../support/client.ts';
import { startTestCity } from '../support/server.ts';

const AMPLE = { perSecond: 1e6, burst: 1e6 };
const nameRates = { byAddress: AMPLE, byKey: AMPLE, questions: AMPLE, inquiries: AMPLE };
const bob = makePerson();

let city: City;
let target: Server;
let heard: { url: string; headers: IncomingHttpHeaders }[];
let answer: RequestListener;
const ports = new Set<number>();

beforeAll(async () => {
  target = createServer((request, response) => {
    heard.push({ url: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  ports.add((target.address() as AddressInfo).port);
  const proxy = { loopbackPorts: ports, answerWithinMs: 600, pace: { leastPerSecond: 4096, graceMs: 300 } };
  city = await startTestCity({ proxy, nameRates });
});
beforeEach(() => {
  heard = [];
  answer = tells({ names: { bob: bob.pubkey }, relays: { [bob.pubkey]: ['wss://far.example'] } });
});
afterAll(async () => {
  await city.close();
  target.closeAllConnections();
  await new Promise((resolve) => target.close(resolve));
});

const tells =
  (value: unknown): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const there = (): string => `127.0.0.1:${[...ports][0]}`;
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };

const ask = async (address: string, headers: Record<string, string> = OWN_PAGE, on: City = city) => {
  const query = new URLSearchParams({ address }).toString();
  const response = await fetch(`${on.url}${NAME_CHECK_PATH}?${query}`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

test('whose an address is, told by the server it names, which never sees who asks', async () => {
  expect(await ask(`Bob@${there()}`, { ...OWN_PAGE, cookie: 'a=b', 'user-agent': 'Annas phone' })).toEqual({
    status: 200,
    body: { pubkey: bob.pubkey, relays: ['wss://far.example'] },
  });
  expect(heard.map(({ url }) => url)).toEqual(['/.well-known/nostr.json?name=bob']);
  expect(heard[0]?.headers['cookie']).toBeUndefined();
  expect(heard[0]?.headers['user-agent']).not.toContain('Anna');
  expect((await ask(`eve@${there()}`)).body).toEqual({ pubkey: null });
});

test('names of this city are answered here', async () => {
  const anna = makePerson();
  const claimed = await callAdmin(city, anna, `${NAMES_PATH}/anna`, { method: 'PUT' });
  expect((await ask(String(claimed.json['address']))).body).toMatchObject({ pubkey: anna.pubkey });
  expect((await ask(`nobody@${new URL(city.url).host}`)).body).toEqual({ pubkey: null });
  expect(heard).toEqual([]);
});

test('a redirect is not followed (NIP-05)', async () => {
  answer = (request, response) =>
    request.url?.startsWith('/.well-known')
      ? response.writeHead(302, { location: `http://${there()}/elsewhere` }).end()
      : tells({ names: { bob: bob.pubkey } })(request, response);
  expect(await ask(`bob@${there()}`)).toMatchObject({ status: 502, body: { code: 'unreachable' } });
  expect(heard).toHaveLength(1);
});

test('what is no answer is none: other words, endless bytes, silence, a broken line', async () => {
  const answers: RequestListener[] = [
    (_, response) => response.writeHead(200).end('<html>'),
    (_, response) => response.writeHead(500).end(),
    (_, response) => response.writeHead(200).end(' '.repeat(300_000)),
    (_, response) => void response.writeHead(200).write('{'),
    () => undefined,
    (request) => request.socket.destroy(),
  ];
  for (const one of answers) {
    answer = one;
    expect(await ask(`bob@${there()}`)).toMatchObject({ status: 502, body: { code: 'unreachable' } });
  }
  for (const odd of [[], { names: { bob: 'x' } }, { names: null }, { names: { BOB: bob.pubkey } }]) {
    answer = tells(odd);
    expect((await ask(`bob@${there()}`)).body).toEqual({ pubkey: null });
  }
});

test('nothing inside is reached: this machine, its network, other ports, and what is no address', async () => {
  for (const inside of [
    '127.0.0.1',
    'localhost',
    '10.0.0.1',
    '169.254.169.254',
    `127.0.0.1:${new URL(city.url).port}1`,
  ])
    expect([400, 502]).toContain((await ask(`bob@${inside}`)).status);
  for (const none of ['', 'bob', 'bob@', 'bob@2130706433', `bob@${there()}/x?`, 'bob@сity.example'])
    expect((await ask(none)).status).toBe(400);
  expect(heard).toEqual([]);
});

test('only pages of this city may ask, and at a person’s pace', async () => {
  const strange: Record<string, string>[] = [
    {},
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example' },
  ];
  for (const headers of strange) expect((await ask(`bob@${there()}`, headers)).status).toBe(403);
  expect(heard).toEqual([]);
  const small = await startTestCity({
    proxy: { loopbackPorts: ports },
    nameRates: { ...nameRates, inquiries: { perSecond: 0, burst: 2 } },
  });
  const asked = async () => (await ask(`bob@${there()}`, OWN_PAGE, small)).status;
  expect([await asked(), await asked(), await asked()]).toEqual([200, 200, 429]);
  expect((await ask(`a@${new URL(small.url).host}`, OWN_PAGE, small)).status).toBe(200);
  await small.close();
});

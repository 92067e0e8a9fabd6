/** The door of the city's Web Push: what it keeps, what it refuses, where it never knocks. */
import { rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodeHttpAuth, makeHttpAuth } from '#protocol/http-auth.ts';
import type { Draft } from '#protocol/event.ts';
import { makeJoinRequest } from '#protocol/groups.ts';
import { PUSH_PATH } from '#protocol/push.ts';
import type { City } from '#server/city.ts';
import { Client, makePerson } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { callPush, deletePush, pushKeyOf, putPush } from '../support/push-api.ts';
import {
  linesOf,
  PACE,
  quiet,
  startCityWithPush,
  subscribe,
  TAG,
  UNHURRIED_DOOR,
  woken,
} from '../support/push-city.ts';
import { startPushService } from '../support/push-service.ts';
import type { PushDevice, PushService } from '../support/push-service.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let service: PushService;
beforeAll(async () => {
  service = await startPushService();
});
afterAll(() => service.close());

test('an open place wakes those who asked and may read it, members or not', async () => {
  const city = await startCityWithPush();
  const client = await Client.connect(city.relayUrl);
  const [anna, ben] = [makePerson(), makePerson()];
  await client.publish(anna.sign(makePlace('square')));
  await client.publish(ben.sign(makeJoinRequest('square')));
  const crowd: PushDevice[] = [];
  for (let i = 0; i < 40; i++) crowd.push(await subscribe(service, city, makePerson(), [linesOf('square')]));
  await client.publish(ben.sign(makeLine('square', 'hello all')));
  await Promise.all(crowd.map((device) => woken(device)));
  client.close();
  await city.close();
});

test('a restart keeps subscriptions and the city’s push key, which only its owner reads', async () => {
  const dataDir = makeFolder();
  const first = await startCityWithPush({ dataDir });
  const [anna, ben] = [makePerson(), makePerson()];
  const before = await Client.connect(first.relayUrl);
  expect(await before.publish(anna.sign(makePlace('well')))).toEqual([true, '']);
  const firstKey = await pushKeyOf(first);
  const device = await subscribe(service, first, ben, [linesOf('well')]);
  const gone = await subscribe(service, first, ben, [linesOf('well')]);
  await deletePush(first, ben, gone);
  before.close();
  await first.close();
  expect(statSync(join(dataDir, 'push-secret-key')).mode & 0o777).toBe(0o600);
  const second = await startCityWithPush({ dataDir });
  expect(await pushKeyOf(second)).toBe(firstKey);
  const client = await Client.connect(second.relayUrl);
  expect(await client.publish(anna.sign(makeLine('well', 'still there?')))).toEqual([true, '']);
  await woken(device);
  await quiet();
  expect(gone.received).toEqual([]);
  client.close();
  await second.close();
  rmSync(dataDir, { recursive: true });
});

test('what was said just before the city stops still wakes', async () => {
  const city = await startCityWithPush({ push: { pace: { ...PACE, gap: 60_000 }, rates: UNHURRIED_DOOR } });
  const client = await Client.connect(city.relayUrl);
  const [anna, ben] = [makePerson(), makePerson()];
  await client.publish(anna.sign(makePlace('bar')));
  const device = await subscribe(service, city, ben, [linesOf('bar')]);
  await client.publish(anna.sign(makeLine('bar', 'one')));
  await woken(device);
  await client.publish(anna.sign(makeLine('bar', 'last orders')));
  client.close();
  await city.close();
  expect(device.received).toHaveLength(2);
});

describe('what the door refuses', () => {
  let city: City;
  const anna = makePerson();
  beforeAll(async () => {
    city = await startCityWithPush();
  });
  afterAll(() => city.close());

  const bodyOf = (device: PushDevice, more: object = {}): string =>
    JSON.stringify({ subscription: device.subscription, tag: TAG, wants: [linesOf('here')], ...more });
  const newDevice = async () => service.subscribe(await pushKeyOf(city));

  test('the key is for everybody; other methods are told which ones there are', async () => {
    const answer = await fetch(`${city.url}${PUSH_PATH}`);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({ key: expect.stringMatching(/^[\w-]{87}$/) });
    for (const [path, method, allow] of [
      [PUSH_PATH, 'POST', 'GET, HEAD, PUT, DELETE'],
      [PUSH_PATH, 'PATCH', 'GET, HEAD, PUT, DELETE'],
      [`${PUSH_PATH}/test`, 'GET', 'POST'],
    ] as const) {
      const refused = await fetch(`${city.url}${path}`, { method });
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
      expect(await refused.json()).toMatchObject({ code: 'wrong-method' });
    }
    expect((await fetch(`${city.url}${PUSH_PATH}/other`)).status).toBe(404);
  });

  const tagged =
    (name: string, value: string) =>
    (draft: Draft): Draft => ({
      ...draft,
      tags: draft.tags.map((tag) => (tag[0] === name ? [name, value] : tag)),
    });

  test.each<[string, (draft: Draft) => Draft]>([
    ['another address', tagged('u', 'http://evil.example/api/push')],
    ['another path', (draft) => tagged('u', `${city.url}/api/push/test`)(draft)],
    ['another method', tagged('method', 'DELETE')],
    ['another body', tagged('payload', '0'.repeat(64))],
    ['no body', (draft) => ({ ...draft, tags: draft.tags.filter(([name]) => name !== 'payload') })],
    ['another kind', (draft) => ({ ...draft, kind: 1 })],
    ['two minutes ago', (draft) => ({ ...draft, created_at: Math.floor(Date.now() / 1000) - 120 })],
    ['two minutes ahead', (draft) => ({ ...draft, created_at: Math.floor(Date.now() / 1000) + 120 })],
  ])('a request signed for %s is nobody’s', async (_, forge) => {
    const body = bodyOf(await newDevice());
    expect(await callPush(city, anna, { method: 'PUT', body, forge })).toMatchObject({
      status: 401,
      code: 'auth-required',
    });
  });

  test('a request counts once, and only with its signature', async () => {
    const device = await newDevice();
    const body = bodyOf(device);
    const url = `${city.url}${PUSH_PATH}`;
    const event = anna.sign(makeHttpAuth({ url, method: 'PUT', body }));
    const put = async (authorization?: string) =>
      (await fetch(url, { method: 'PUT', body, headers: authorization ? { authorization } : {} })).status;
    expect(await put()).toBe(401);
    expect(await put('Nostr e30=')).toBe(401);
    expect(await put(encodeHttpAuth({ ...event, sig: '0'.repeat(128) }))).toBe(401);
    expect(await put(encodeHttpAuth(event))).toBe(204);
    expect(await put(encodeHttpAuth(event))).toBe(401);
  });

  test.each<[string, object | string]>([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['deep nesting', '['.repeat(5000)],
    ['no wants', { wants: undefined }],
    ['51 wants', { wants: Array.from({ length: 51 }, () => linesOf('a')) }],
    ['a want for everything', { wants: [{ filter: {} }] }],
    ['a bad filter', { wants: [{ filter: { '#h': 'here' } }] }],
    ['a bad tag', { tag: 'home' }],
    ['NUL in a place', { wants: [linesOf('a\u0000b')] }],
    ['half a character in a place', { wants: [linesOf('a\ud83d')] }],
  ])('a body with %s is malformed', async (_, more) => {
    const body = typeof more === 'string' ? more : bodyOf(await newDevice(), more);
    const answer = await callPush(city, anna, { method: 'PUT', body });
    expect(answer).toMatchObject({ status: 400, code: 'malformed' });
    expect(answer.message).toMatch(/\w/);
  });

  test('keys that nothing can be encrypted to are malformed', async () => {
    const device = await newDevice();
    const point = Buffer.alloc(65, 7);
    point[0] = 4;
    const keys = { ...device.subscription.keys, p256dh: point.toString('base64url') };
    const body = bodyOf(device, { subscription: { ...device.subscription, keys } });
    expect(await callPush(city, anna, { method: 'PUT', body })).toMatchObject({ status: 400 });
  });

  test('a body beyond 64 KiB is not read to its end', async () => {
    const body = bodyOf(await newDevice(), { more: 'x'.repeat(70_000) });
    expect(await callPush(city, anna, { method: 'PUT', body })).toMatchObject({
      status: 413,
      code: 'too-large',
    });
    const endless = await new Promise<string>((resolve) => {
      const socket = connect({ port: city.port, host: '127.0.0.1' });
      let heard = '';
      socket.on('data', (data) => (heard += data.toString()));
      socket.on('close', () => resolve(heard));
      socket.on('error', () => undefined);
      socket.write('PUT /api/push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
      const more = setInterval(
        () => (socket.writable ? socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`) : clearInterval(more)),
        1,
      );
    });
    expect(endless).toMatch(/^HTTP\/1\.1 413/);
  });

  test('a key has 20 devices, a device 10 profiles', async () => {
    const ben = makePerson();
    for (let i = 0; i < 20; i++) await subscribe(service, city, ben, []);
    const one = await newDevice();
    const more = { device: one, tag: TAG, wants: [] };
    expect(await putPush(city, ben, more)).toMatchObject({ status: 409, code: 'too-many' });
    for (let i = 0; i < 10; i++) expect(await putPush(city, makePerson(), more)).toEqual({ status: 204 });
    expect(await putPush(city, makePerson(), more)).toMatchObject({ status: 409 });
  });

  test('haste is refused, by key and by address; forgeries don’t use up what a key may ask', async () => {
    const few = { perSecond: 0, burst: 3 };
    const ample = { perSecond: 0, burst: 12 };
    const push = { pace: PACE, rates: { byAddress: ample, byKey: few, tests: few } };
    const hasty = await startCityWithPush({ push });
    const device = service.subscribe(await pushKeyOf(hasty));
    const forge = tagged('method', 'PATCH');
    const forged = { method: 'PUT', body: bodyOf(device), forge };
    for (let i = 0; i < 5; i++) expect((await callPush(hasty, anna, forged)).status).toBe(401);
    for (let i = 0; i < 3; i++)
      expect(await putPush(hasty, anna, { device, tag: TAG, wants: [] })).toEqual({ status: 204 });
    expect(await deletePush(hasty, anna, device)).toMatchObject({ status: 429, code: 'rate-limited' });
    for (let i = 0; i < 3; i++) expect((await deletePush(hasty, makePerson(), device)).status).toBe(204);
    expect(await deletePush(hasty, makePerson(), device)).toMatchObject({ status: 429 });
    await hasty.close();
  });
});

describe('where the city never knocks', () => {
  const names: Record<string, readonly string[]> = {
    'push.example': ['8.8.8.8'],
    localhost: ['127.0.0.1'],
    'inside.example': ['10.1.2.3'],
    'both.example': ['8.8.8.8', '127.0.0.1'],
    'mapped.example': ['::ffff:127.0.0.1'],
    'six.example': ['fd00::1'],
    'nowhere.example': [],
  };
  let city: City;
  const anna = makePerson();
  beforeAll(async () => {
    const resolve = (host: string) => Promise.resolve(names[host] ?? []);
    // As in production: nothing on this machine.
    city = await startTestCity({ push: { pace: PACE, rates: UNHURRIED_DOOR, resolve } });
  });
  afterAll(() => city.close());

  const putAt = async (endpoint: string) => {
    const { keys } = service.subscribe(await pushKeyOf(city)).subscription;
    const body = JSON.stringify({ subscription: { endpoint, keys }, tag: TAG, wants: [] });
    return callPush(city, anna, { method: 'PUT', body });
  };

  test.each([
    'http://127.0.0.1/x',
    'http://push.example/x',
    'https://localhost/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://[::ffff:7f00:1]/x',
    'https://10.0.0.1/x',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/x',
    'https://[fe80::1]/x',
    'https://[64:ff9b::7f00:1]/x',
    'https://2130706433/x',
    'https://push.example:6379/x',
    'https://inside.example/x',
    'https://both.example/x',
    'https://mapped.example/x',
    'https://six.example/x',
  ])('%s', async (endpoint) => {
    expect(await putAt(endpoint)).toMatchObject({ status: 400, code: 'malformed' });
  });

  test('a name without address is the push service’s trouble', async () => {
    expect(await putAt('https://nowhere.example/x')).toMatchObject({ status: 502, code: 'push-service' });
  });

  test('a name that changes its mind after it was checked leads nowhere', async () => {
    const port = new URL(service.origin).port;
    names['turning.example'] = ['8.8.8.8'];
    expect(await putAt('https://turning.example/x')).toEqual({ status: 204 });
    names['turning.example'] = ['127.0.0.1'];
    const before = service.requests.length;
    const body = JSON.stringify({ endpoint: 'https://turning.example/x' });
    expect(await callPush(city, anna, { path: `${PUSH_PATH}/test`, method: 'POST', body })).toMatchObject({
      status: 502,
      message: 'the push service refused',
    });
    expect([port.length > 0, service.requests.length]).toEqual([true, before]);
  });
});

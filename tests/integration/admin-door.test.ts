/** The operators' door: what it refuses, and that it is nobody else's. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  ADMIN_DAYS_PATH,
  ADMIN_LIMITS,
  ADMIN_ME_PATH,
  ADMIN_REPORTS_PATH,
  ADMIN_RULES_PATH,
} from '#protocol/admin/admin.ts';
import { MANAGEMENT_TYPE } from '#protocol/admin/management.ts';
import type { Draft } from '#protocol/event.ts';
import { encodeHttpAuth, makeHttpAuth } from '#protocol/http-auth.ts';
import { operatorMark } from '#protocol/relay/information.ts';
import type { City } from '#server/city.ts';
import { callAdmin, manage, tellCity } from '../support/admin-api.ts';
import { Client, makePerson } from '../support/client.ts';
import { startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const [olga, eve] = [makePerson(), makePerson()];
let city: City;
beforeAll(async () => {
  city = await startTestCity({ environment: { ADMIN_PUBKEYS: olga.pubkey } });
});
afterAll(() => city.close());

const tagged =
  (name: string, value: string) =>
  (draft: Draft): Draft => ({
    ...draft,
    tags: draft.tags.map((tag) => (tag[0] === name ? [name, value] : tag)),
  });
const ban = JSON.stringify({ action: 'ban', pubkey: eve.pubkey });
const asPost = { method: 'POST', body: ban, type: 'application/json' };
const now = (): number => Math.floor(Date.now() / 1000);
const isUnbanned = async () => (await callAdmin(city, olga, ADMIN_RULES_PATH)).json['banned'];

describe('is shut for', () => {
  test('every other key, whatever it asks', async () => {
    for (const path of ['me', 'numbers', 'days', 'reports', 'rules', 'nothing'])
      expect(await callAdmin(city, eve, `/api/admin/${path}`)).toMatchObject({
        status: 403,
        json: { code: 'forbidden' },
      });
    expect((await tellCity(city, eve, ADMIN_RULES_PATH, { action: 'ban', pubkey: olga.pubkey })).status).toBe(
      403,
    );
    expect((await manage(city, eve, 'banpubkey', olga.pubkey)).status).toBe(403);
    expect((await manage(city, eve, 'supportedmethods')).status).toBe(403);
  });

  test('nobody at all', async () => {
    const bare = await fetch(`${city.url}${ADMIN_ME_PATH}`);
    expect([bare.status, await bare.json()]).toMatchObject([401, { code: 'auth-required' }]);
    const rpc = await fetch(city.url, {
      method: 'POST',
      headers: { 'content-type': MANAGEMENT_TYPE },
      body: JSON.stringify({ method: 'listbannedpubkeys', params: [] }),
    });
    expect([rpc.status, await rpc.json()]).toMatchObject([401, { error: expect.any(String) }]);
  });

  test.each<[string, (draft: Draft) => Draft]>([
    ['another host', tagged('u', `https://evil.example${ADMIN_RULES_PATH}`)],
    ['another path', (draft) => tagged('u', `${city.url}${ADMIN_REPORTS_PATH}`)(draft)],
    ['another question', (draft) => tagged('u', `${city.url}${ADMIN_RULES_PATH}?x=1`)(draft)],
    ['another method', tagged('method', 'GET')],
    ['another body', tagged('payload', '0'.repeat(64))],
    ['no body', (draft) => ({ ...draft, tags: draft.tags.filter(([name]) => name !== 'payload') })],
    ['two addresses', (draft) => ({ ...draft, tags: [['u', 'https://evil.example/'], ...draft.tags] })],
    ['another kind', (draft) => ({ ...draft, kind: 1 })],
    ['two minutes ago', (draft) => ({ ...draft, created_at: now() - 120 })],
    ['two minutes ahead', (draft) => ({ ...draft, created_at: now() + 120 })],
  ])('an operator’s request that was signed for %s', async (_, forge) => {
    expect(await callAdmin(city, olga, ADMIN_RULES_PATH, { ...asPost, forge })).toMatchObject({
      status: 401,
      json: { code: 'auth-required' },
    });
    const body = JSON.stringify({ method: 'banpubkey', params: [eve.pubkey] });
    const rpc = { method: 'POST', body, type: MANAGEMENT_TYPE, forge };
    expect((await callAdmin(city, olga, '/', rpc)).status).toBe(401);
    expect(await isUnbanned()).toEqual([]);
  });

  test('a body that was changed on its way, a signature of somebody else, a header that is none', async () => {
    const url = `${city.url}${ADMIN_RULES_PATH}`;
    const event = olga.sign(makeHttpAuth({ url, method: 'POST', body: ban }));
    const send = async (authorization: string, body = ban) =>
      (await fetch(url, { method: 'POST', body, headers: { authorization } })).status;
    expect(await send(encodeHttpAuth(event), ban.replace('"ban"', '"allow"'))).toBe(401);
    expect(await send(encodeHttpAuth({ ...eve.sign(event), pubkey: olga.pubkey }))).toBe(401);
    expect(await send(encodeHttpAuth({ ...event, sig: '0'.repeat(128) }))).toBe(401);
    expect(await send('Bearer secret')).toBe(401);
    expect(await send(`Nostr ${'A'.repeat(20_000)}`)).toBeGreaterThanOrEqual(400);
    expect(await isUnbanned()).toEqual([]);
  });

  test('the same request a second time, here and in the city’s other processes', async () => {
    const url = `${city.url}${ADMIN_ME_PATH}`;
    const authorization = encodeHttpAuth(olga.sign(makeHttpAuth({ url, method: 'GET' })));
    const get = async () => (await fetch(url, { headers: { authorization } })).status;
    expect(await Promise.all([get(), get(), get()]).then((all) => all.sort())).toEqual([200, 401, 401]);
  });

  test('operators of a city that has none', async () => {
    const plain = await startTestCity();
    expect(await callAdmin(plain, olga, ADMIN_ME_PATH)).toMatchObject({
      status: 403,
      json: { code: 'forbidden', message: 'this city has no operators' },
    });
    expect((await manage(plain, olga, 'supportedmethods')).status).toBe(403);
    await plain.close();
  });
});

describe('answers an operator who asks', () => {
  test('whether it is one', async () => {
    expect(await callAdmin(city, olga, ADMIN_ME_PATH)).toEqual({
      status: 200,
      json: { pubkey: olga.pubkey, operator: true },
    });
    const information = await fetch(city.url, { headers: { accept: 'application/nostr+json' } });
    expect(await information.json()).toMatchObject({
      pubkey: olga.pubkey,
      operators: [operatorMark(olga.pubkey)],
    });
  });

  test('too much: said or found out', async () => {
    const body = JSON.stringify({ action: 'ban', pubkey: 'x'.repeat(ADMIN_LIMITS.body) });
    expect(await callAdmin(city, olga, ADMIN_RULES_PATH, { ...asPost, body })).toMatchObject({
      status: 413,
      json: { code: 'too-large' },
    });
  });

  test.each<[string, string, object | string]>([
    ['no JSON', ADMIN_RULES_PATH, '{'],
    ['deep nesting', ADMIN_RULES_PATH, '['.repeat(5000)],
    ['nothing known', ADMIN_RULES_PATH, { action: 'drop' }],
    ['a key that is SQL', ADMIN_RULES_PATH, { action: 'ban', pubkey: "'; drop table events; --" }],
    ['a target that is SQL', ADMIN_REPORTS_PATH, { action: 'take', target: `' or 1=1 --${'a'.repeat(52)}` }],
    ['a reason with NUL', ADMIN_RULES_PATH, { action: 'ban', pubkey: eve.pubkey, reason: 'a\u0000b' }],
    ['a long reason', ADMIN_RULES_PATH, { action: 'ban', pubkey: eve.pubkey, reason: 'x'.repeat(301) }],
    ['an address that is none', ADMIN_RULES_PATH, { action: 'block', address: "1.2.3.4'; --" }],
    ['the whole internet', ADMIN_RULES_PATH, { action: 'block', address: '0.0.0.0/0' }],
    ['half a flag', ADMIN_RULES_PATH, { action: 'allow-list', on: 'yes' }],
  ])('for nonsense: %s', async (_, path, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    expect(await callAdmin(city, olga, path, { ...asPost, body: text })).toMatchObject({
      status: 400,
      json: { code: 'malformed', message: expect.any(String) },
    });
  });

  test('for what is not there, with the wrong method, of what nobody reported', async () => {
    expect((await callAdmin(city, olga, '/api/admin/keys')).status).toBe(404);
    expect((await callAdmin(city, olga, '/api/admin/__proto__')).status).toBe(404);
    expect((await callAdmin(city, olga, '/api/admin/toString')).status).toBe(404);
    expect((await callAdmin(city, olga, ADMIN_ME_PATH, { ...asPost })).status).toBe(405);
    expect((await callAdmin(city, olga, ADMIN_RULES_PATH, { method: 'DELETE' })).status).toBe(405);
    expect((await callAdmin(city, olga, `${ADMIN_DAYS_PATH}?days=1;drop`)).status).toBe(400);
    expect(
      await tellCity(city, olga, ADMIN_REPORTS_PATH, { action: 'take', target: 'a'.repeat(64) }),
    ).toMatchObject({ status: 404, json: { code: 'unknown' } });
  });

  test('words that look like SQL are words', async () => {
    const reason = "Robert'); DROP TABLE banned_keys;--";
    const pubkey = makePerson().pubkey;
    expect((await tellCity(city, olga, ADMIN_RULES_PATH, { action: 'ban', pubkey, reason })).status).toBe(
      200,
    );
    expect(await isUnbanned()).toMatchObject([{ name: pubkey, reason, by: olga.pubkey }]);
    await tellCity(city, olga, ADMIN_RULES_PATH, { action: 'unban', pubkey });
    expect(await isUnbanned()).toEqual([]);
  });

  test('so often and no more', async () => {
    const slow = { perSecond: 0.001, burst: 3 };
    const small = await startTestCity({
      environment: { ADMIN_PUBKEYS: olga.pubkey },
      adminRates: { byAddress: slow, byKey: slow },
    });
    for (let i = 0; i < 3; i++) expect((await callAdmin(small, olga, ADMIN_ME_PATH)).status).toBe(200);
    expect(await callAdmin(small, olga, ADMIN_ME_PATH)).toMatchObject({
      status: 429,
      json: { code: 'rate-limited' },
    });
    await small.close();
  });
});

test('NIP-86: what other tools ask is understood, in their words', async () => {
  const { json } = await manage(city, olga, 'supportedmethods');
  expect(json['result']).toEqual(
    expect.arrayContaining(['banpubkey', 'banevent', 'blockip', 'changerelayname']),
  );
  expect(await manage(city, olga, 'banpubkey', eve.pubkey, 'noise')).toEqual({
    status: 200,
    json: { result: true },
  });
  expect((await manage(city, olga, 'listbannedpubkeys')).json).toEqual({
    result: [{ pubkey: eve.pubkey, reason: 'noise' }],
  });
  expect((await manage(city, olga, 'unbanpubkey', eve.pubkey)).json).toEqual({ result: true });
  expect((await manage(city, olga, 'banpubkey', olga.pubkey)).status).toBe(409);
  expect((await manage(city, olga, 'banpubkey', city.pubkey)).status).toBe(409);
  expect((await manage(city, olga, 'disallowkind', 9007)).status).toBe(409);
  expect((await manage(city, olga, 'blockip', '127.0.0.1')).status).toBe(409);
  expect((await manage(city, olga, 'blockip', '203.0.113.0/24', 'noise')).json).toEqual({ result: true });
  expect((await manage(city, olga, 'listblockedips')).json).toEqual({
    result: [{ ip: '203.0.113.0/24', reason: 'noise' }],
  });
  expect((await manage(city, olga, 'unblockip', '203.0.113.0/24')).json).toEqual({ result: true });
  expect((await manage(city, olga, 'assignrole', eve.pubkey, 'x')).status).toBe(400);
  await manage(city, olga, 'disallowkind', 1);
  expect((await manage(city, olga, 'listallowedkinds')).json['result']).not.toContain(1);
  await manage(city, olga, 'allowkind', 1);
  expect((await manage(city, olga, 'listallowedkinds')).json['result']).toContain(1);
  await manage(city, olga, 'changerelayname', 'Harbour');
  const information = await fetch(city.url, { headers: { accept: 'application/nostr+json' } });
  expect(await information.json()).toMatchObject({ name: 'Harbour' });
  const plain = await fetch(city.url, { method: 'POST', body: '{}' });
  expect(plain.status).toBe(404);
  const client = await Client.connect(city.relayUrl);
  expect(await client.publish(eve.sign({ kind: 1, content: 'back', tags: [] }))).toEqual([true, '']);
  client.close();
});

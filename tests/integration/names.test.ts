/** Names of this city (NIP-05) over real HTTP, on both databases. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ADMIN_RULES_PATH } from '#protocol/admin/admin.ts';
import { encodeHttpAuth, makeHttpAuth } from '#protocol/http-auth.ts';
import type { Draft } from '#protocol/event.ts';
import { NAMES_PATH, WELL_KNOWN_PATH } from '#protocol/names/names.ts';
import { makeVanish } from '#protocol/relay/vanish.ts';
import type { City } from '#server/city.ts';
import { callAdmin, tellCity } from '../support/admin-api.ts';
import { startBothCities } from '../support/both-cities.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const AMPLE = { perSecond: 1e6, burst: 1e6 };
const nameRates = { byAddress: AMPLE, byKey: AMPLE, questions: AMPLE, inquiries: AMPLE };
const olga = makePerson();

let both: Awaited<ReturnType<typeof startBothCities>>;
beforeAll(async () => {
  both = await startBothCities({ environment: { ADMIN_PUBKEYS: olga.pubkey }, nameRates });
});
afterAll(() => both.close());

const onBoth = (story: string, tell: (city: City) => Promise<void>): void =>
  test(story, async () => {
    for (const { city } of both.cities) await tell(city);
  });

const pathOf = (name: string): string => `${NAMES_PATH}/${name}`;
const claim = (city: City, person: Person, name: string, forge?: (draft: Draft) => Draft) =>
  callAdmin(city, person, pathOf(name), { method: 'PUT', ...(forge ? { forge } : {}) });
const free = (city: City, person: Person, name: string) =>
  callAdmin(city, person, pathOf(name), { method: 'DELETE' });

const ask = async (city: City, query: string): Promise<unknown> => {
  const answer = await fetch(`${city.url}${WELL_KNOWN_PATH}${query}`, { redirect: 'error' });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  return answer.json();
};
const whose = async (city: City, name: string): Promise<string | undefined> =>
  ((await ask(city, `?name=${name}`)) as { names: Record<string, string> }).names[name];

onBoth('a name is claimed, found in any spelling, never listed, and free again', async (city) => {
  const [anna, ben] = [makePerson(), makePerson()];
  expect((await claim(city, anna, 'Anna_1')).json).toEqual({
    name: 'anna_1',
    address: `anna_1@${new URL(city.url).host}`,
  });
  for (const spelling of ['anna_1', 'ANNA_1'])
    expect(await ask(city, `?name=${spelling}`)).toEqual({
      names: { [spelling]: anna.pubkey },
      relays: { [anna.pubkey]: [city.relayUrl] },
    });
  for (const query of [
    '',
    '?',
    '?name=',
    '?name=_',
    '?name=ann',
    '?name=anna_1%00',
    '?other=anna_1',
    '?name=%',
  ])
    expect(await ask(city, query)).toEqual({ names: {} });
  expect(await claim(city, ben, 'aNNa_1')).toMatchObject({ status: 409, json: { code: 'taken' } });
  expect((await claim(city, anna, 'anna_1')).status).toBe(200);
  expect(await free(city, ben, 'anna_1')).toMatchObject({ status: 403, json: { code: 'foreign' } });
  expect(await whose(city, 'anna_1')).toBe(anna.pubkey);
  expect((await callAdmin(city, anna, NAMES_PATH)).json).toMatchObject({ name: 'anna_1' });
  expect((await free(city, anna, 'ANNA_1')).status).toBe(204);
  expect((await callAdmin(city, anna, NAMES_PATH)).json).toEqual({ name: null });
  expect((await free(city, anna, 'anna_1')).status).toBe(204);
  expect((await claim(city, ben, 'anna_1')).status).toBe(200);
});

onBoth('one name a person: another one frees the old', async (city) => {
  const [anna, ben] = [makePerson(), makePerson()];
  await claim(city, anna, 'first');
  await claim(city, anna, 'second');
  expect([await whose(city, 'first'), await whose(city, 'second')]).toEqual([undefined, anna.pubkey]);
  expect((await claim(city, ben, 'first')).status).toBe(200);
  expect((await claim(city, anna, 'first')).status).toBe(409);
  expect(await whose(city, 'second')).toBe(anna.pubkey);
});

onBoth('who race for a name: one gets it; who wants many at once has one', async (city) => {
  const crowd = Array.from({ length: 6 }, makePerson);
  for (const name of ['gold', 'silver', 'bronze']) {
    const answers = await Promise.all(crowd.map((person) => claim(city, person, name)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(5).fill(409)]);
    const winner = crowd[answers.findIndex(({ status }) => status === 200)];
    expect(await whose(city, name)).toBe(winner?.pubkey);
  }
  const greedy = makePerson();
  const wanted = Array.from({ length: 8 }, (_, i) => `greedy${i}`);
  await Promise.all(wanted.map((name) => claim(city, greedy, name)));
  const got = await Promise.all(wanted.map((name) => whose(city, name)));
  expect(got.filter(Boolean)).toEqual([greedy.pubkey]);
});

onBoth('two who change names with each other both end with one', async (city) => {
  const [anna, ben] = [makePerson(), makePerson()];
  await Promise.all([claim(city, anna, 'left'), claim(city, ben, 'right')]);
  const answers = await Promise.all([claim(city, anna, 'right'), claim(city, ben, 'left')]);
  expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
  const owners = [await whose(city, 'left'), await whose(city, 'right')];
  for (const { pubkey } of [anna, ben]) expect(owners.filter((owner) => owner === pubkey).length).toBe(1);
});

onBoth('what is no name, or the city’s own, is nobody’s', async (city) => {
  const anna = makePerson();
  for (const name of ['admin', 'ROOT', 'city', 'support', 'relay', '___', '__proto__'])
    expect(await claim(city, anna, name)).toMatchObject({ status: 403, json: { code: 'reserved' } });
  for (const name of ['ab', '_', 'a'.repeat(65), 'b%C3%B3b', 'bob%20', "bob';--", 'bob/x', '%00%00%00', ''])
    expect(await claim(city, anna, name)).toMatchObject({ status: 400, json: { code: 'malformed' } });
  expect((await callAdmin(city, anna, NAMES_PATH)).json).toEqual({ name: null });
});

const tagged =
  (name: string, value: string) =>
  (draft: Draft): Draft => ({
    ...draft,
    tags: draft.tags.map((tag) => (tag[0] === name ? [name, value] : tag)),
  });

onBoth('a request counts once, by its signer, for this method and this name', async (city) => {
  const [anna, ben] = [makePerson(), makePerson()];
  const forgeries: ((draft: Draft) => Draft)[] = [
    tagged('method', 'DELETE'),
    tagged('u', `${city.url}${pathOf('other')}`),
    tagged('u', `https://evil.example${pathOf('token')}`),
    (draft) => ({ ...draft, kind: 1 }),
    (draft) => ({ ...draft, created_at: Math.floor(Date.now() / 1000) - 120 }),
  ];
  for (const forge of forgeries)
    expect(await claim(city, anna, 'token', forge)).toMatchObject({
      status: 401,
      json: { code: 'auth-required' },
    });
  const url = `${city.url}${pathOf('token')}`;
  const event = anna.sign(makeHttpAuth({ url, method: 'PUT' }));
  const put = async (authorization?: string, body?: string) =>
    (
      await fetch(url, {
        method: 'PUT',
        headers: authorization ? { authorization } : {},
        ...(body ? { body } : {}),
      })
    ).status;
  expect(await put()).toBe(401);
  expect(await put(encodeHttpAuth({ ...event, pubkey: ben.pubkey }))).toBe(401);
  expect(await put(encodeHttpAuth({ ...event, sig: '0'.repeat(128) }))).toBe(401);
  expect(await put(encodeHttpAuth(event), 'not what was signed')).toBe(401);
  expect(await put(encodeHttpAuth(event), 'x'.repeat(2000))).toBe(413);
  expect(await whose(city, 'token')).toBeUndefined();
  expect(await put(encodeHttpAuth(event))).toBe(200);
  await free(city, anna, 'token');
  expect(await put(encodeHttpAuth(event))).toBe(401);
  expect(await whose(city, 'token')).toBeUndefined();
});

onBoth('other methods are told which ones there are', async (city) => {
  for (const [path, method, allow] of [
    [WELL_KNOWN_PATH, 'POST', 'GET, HEAD'],
    [NAMES_PATH, 'PUT', 'GET, HEAD'],
    [pathOf('bob'), 'GET', 'PUT, DELETE'],
  ] as const) {
    const refused = await fetch(`${city.url}${path}`, { method });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
  }
});

onBoth('a ban frees the name at once and lets none be claimed', async (city) => {
  const [eve, ben] = [makePerson(), makePerson()];
  await claim(city, eve, 'mallory');
  await tellCity(city, olga, ADMIN_RULES_PATH, { action: 'ban', pubkey: eve.pubkey });
  expect(await whose(city, 'mallory')).toBeUndefined();
  expect(await claim(city, eve, 'mallory2')).toMatchObject({ status: 403, json: { code: 'blocked' } });
  await vi.waitFor(async () => expect((await claim(city, ben, 'mallory')).status).toBe(200), 5000);
  await tellCity(city, olga, ADMIN_RULES_PATH, { action: 'unban', pubkey: eve.pubkey });
  expect(await whose(city, 'mallory')).toBe(ben.pubkey);
  expect((await callAdmin(city, eve, NAMES_PATH)).json).toEqual({ name: null });
});

onBoth('who vanishes leaves no name behind', async (city) => {
  const anna = makePerson();
  await claim(city, anna, 'fading');
  const client = await Client.connect(city.relayUrl);
  expect(await client.publish(anna.sign(makeVanish([city.relayUrl])))).toEqual([true, '']);
  await vi.waitFor(async () => expect(await whose(city, 'fading')).toBeUndefined(), 10_000);
  client.close();
});

test('haste is refused, by key and by address, of who claims and who asks', async () => {
  const few = { perSecond: 0, burst: 3 };
  const city = await startTestCity({
    nameRates: { byAddress: { perSecond: 0, burst: 6 }, byKey: few, questions: few, inquiries: few },
  });
  const [anna, ben] = [makePerson(), makePerson()];
  for (const name of ['one', 'two', 'three'].map((each) => `${each}_more`))
    expect((await claim(city, anna, name)).status).toBe(200);
  expect((await claim(city, anna, 'four_more')).status).toBe(429);
  expect((await claim(city, ben, 'ben')).status).toBe(200);
  expect((await claim(city, anna, 'five_more')).status).toBe(429);
  expect((await claim(city, makePerson(), 'carl')).status).toBe(429);
  const asked = async () => (await fetch(`${city.url}${WELL_KNOWN_PATH}?name=ben`)).status;
  expect([await asked(), await asked(), await asked(), await asked()]).toEqual([200, 200, 200, 429]);
  await city.close();
});

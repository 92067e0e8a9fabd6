/** What operators decide is in force at once: bans, the list, what is taken away and brought back, reports. */
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ADMIN_NUMBERS_PATH, ADMIN_REPORTS_PATH, ADMIN_RULES_PATH } from '#protocol/admin/admin.ts';
import { readAdminNumbers, readAdminReports } from '#protocol/admin/answers.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { makeJoinRequest } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { callAdmin, manage, tellCity } from '../support/admin-api.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { makePicture, putFile, sha256 } from '../support/media-api.ts';
import { startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const [olga, anna, ben, carl] = [makePerson(), makePerson(), makePerson(), makePerson()];
let city: City;
let client: Client;
let now = Math.floor(Date.now() / 1000);
beforeAll(async () => {
  city = await startTestCity({ environment: { ADMIN_PUBKEYS: olga.pubkey }, clock: { now: () => now } });
  client = await Client.connect(city.relayUrl);
  await client.publish(anna.sign(makePlace('square')));
  await client.publish(ben.sign(makeJoinRequest('square')));
});
afterAll(async () => {
  client.close();
  await city.close();
});

const rule = (action: object) => tellCity(city, olga, ADMIN_RULES_PATH, action);
const onReport = (action: object) => tellCity(city, olga, ADMIN_REPORTS_PATH, action);
const say = async (person: Person, text: string, from = client): Promise<NostrEvent> => {
  const event = person.sign(makeLine('square', text));
  expect(await from.publish(event)).toEqual([true, '']);
  return event;
};
const isThere = async ({ id }: NostrEvent): Promise<boolean> =>
  (await client.find({ ids: [id] })).length === 1;
const report = (by: Person, about: NostrEvent, type = 'spam', words = '') =>
  client.publish(
    by.sign({
      kind: kinds.REPORT,
      content: words,
      tags: [
        ['e', about.id, type],
        ['p', about.pubkey],
      ],
    }),
  );
const reports = async (state = 'open') =>
  readAdminReports((await callAdmin(city, olga, `${ADMIN_REPORTS_PATH}?state=${state}`)).json);
const BANNED = 'blocked: the operators of this city have banned this key';

test('a banned key writes nothing, nor does its open connection under another key; unbanned it writes again', async () => {
  const line = await say(ben, 'before');
  const bens = await Client.connect(city.relayUrl);
  expect(await bens.prove(ben)).toBe(true);
  await rule({ action: 'ban', pubkey: ben.pubkey });
  expect(await client.publish(ben.sign(makeLine('square', 'after')))).toEqual([false, BANNED]);
  expect(await bens.publish(carl.sign(makeLine('square', 'by another name')))).toEqual([false, BANNED]);
  // Refused before anything is proven: a forgery in the banned name costs no signature check.
  expect(await client.publish({ ...ben.sign(makeLine('square', 'x')), sig: '0'.repeat(128) })).toEqual([
    false,
    BANNED,
  ]);
  expect(await isThere(line)).toBe(true);
  expect((await client.find({ '#h': ['square'], kinds: [kinds.NOTE] })).length).toBeGreaterThan(0);
  await rule({ action: 'unban', pubkey: ben.pubkey });
  await say(ben, 'again', bens);
  bens.close();
});

test('what a banned key wrote goes when that is wanted, and comes back whole', async () => {
  const [first, second] = [await say(ben, 'one'), await say(ben, 'two')];
  const profile = ben.sign({ kind: kinds.PROFILE, content: '{"name":"Ben"}', tags: [] });
  await client.publish(profile);
  await rule({ action: 'ban', pubkey: ben.pubkey, take: true });
  expect([await isThere(first), await isThere(second), await isThere(profile)]).toEqual([
    false,
    false,
    false,
  ]);
  expect(await client.find({ authors: [ben.pubkey], kinds: [kinds.NOTE] })).toEqual([]);
  await rule({ action: 'unban', pubkey: ben.pubkey });
  expect([await isThere(first), await isThere(second), await isThere(profile)]).toEqual([true, true, true]);
  expect(await client.find({ '#h': ['square'], ids: [second.id] })).toEqual([second]);
  // Still a member: what makes the place was never touched.
  await say(ben, 'three');
});

test('an operator and the city are never kept out', async () => {
  expect((await rule({ action: 'ban', pubkey: olga.pubkey })).status).toBe(409);
  expect((await rule({ action: 'ban', pubkey: city.pubkey })).status).toBe(409);
  await say(olga, 'still here');
});

test('a line that was taken away stays away, devices hear of it after a moment, and it can come back', async () => {
  const follower = await Client.connect(city.relayUrl);
  const { events } = await follower.follow({ '#h': ['square'], kinds: [kinds.DELETE_EVENT] });
  const line = await say(ben, 'bad words');
  await manage(city, olga, 'banevent', line.id, 'bad');
  expect(await isThere(line)).toBe(false);
  expect(await client.publish(line)).toEqual([
    false,
    'blocked: the operators of this city have taken this away',
  ]);
  await city.tend();
  expect(events).toEqual([]);
  now += 30;
  await city.tend();
  await vi.waitFor(() => expect(events).toHaveLength(1));
  expect(events[0]).toMatchObject({ pubkey: city.pubkey, tags: expect.arrayContaining([['e', line.id]]) });
  expect((await manage(city, olga, 'listbannedevents')).json['result']).toEqual([
    { id: line.id, reason: 'bad' },
  ]);
  await manage(city, olga, 'allowevent', line.id);
  expect(await isThere(line)).toBe(true);
  expect(await client.find({ '#h': ['square'], kinds: [kinds.DELETE_EVENT] })).toEqual([]);
  const made = await client.find({ kinds: [kinds.CREATE_GROUP] });
  expect((await manage(city, olga, 'banevent', made[0]?.id ?? '')).status).toBe(409);
  follower.close();
});

test('with the list on, only who is on it writes; letters are let in by who brings them', async () => {
  const letter = () => makePerson().sign({ kind: kinds.GIFT_WRAP, content: 'x', tags: [['p', anna.pubkey]] });
  const bens = await Client.connect(city.relayUrl);
  expect(await client.publish(letter())).toEqual([true, '']);
  await rule({ action: 'allow', pubkey: ben.pubkey, reason: 'neighbour' });
  await rule({ action: 'allow-list', on: true });
  await say(ben, 'I am listed');
  await say(olga, 'I look after it');
  expect(await client.publish(anna.sign(makeLine('square', 'I am not')))).toEqual([
    false,
    'restricted: only keys on the list of this city write here',
  ]);
  expect(await bens.publish(letter())).toEqual([false, expect.stringMatching(/^auth-required: /)]);
  await bens.prove(ben);
  expect(await bens.publish(letter())).toEqual([true, '']);
  const information = await fetch(city.url, { headers: { accept: 'application/nostr+json' } });
  expect(await information.json()).toMatchObject({ limitation: { restricted_writes: true } });
  await rule({ action: 'unallow', pubkey: ben.pubkey });
  expect((await client.publish(ben.sign(makeLine('square', 'any more'))))[0]).toBe(false);
  await rule({ action: 'allow-list', on: false });
  await say(ben, 'everybody again');
  bens.close();
});

test('a blocked address hangs up and finds the door shut; the operator’s own cannot be blocked', async () => {
  const from = { 'x-forwarded-for': '203.0.113.9' };
  const far = await Client.connect(city.relayUrl, from);
  expect((await rule({ action: 'block', address: '127.0.0.0/8' })).status).toBe(409);
  const closed = far.closed();
  await rule({ action: 'block', address: '203.0.113.0/24', reason: 'flood' });
  expect(await closed).toBe(1008);
  const door = new WebSocket(city.relayUrl, { headers: from });
  const status = await new Promise((resolve) => {
    door.on('unexpected-response', (_, { statusCode }) => resolve(statusCode));
  });
  expect(status).toBe(403);
  await rule({ action: 'unblock', address: '203.0.113.0/24' });
  (await Client.connect(city.relayUrl, from)).close();
});

test('reports are gathered by what they are about; each reporter counts once', async () => {
  const [worse, bad] = [await say(carl, 'very bad'), await say(carl, 'bad')];
  for (let i = 0; i < 6; i++) await report(anna, bad, 'spam', `flood ${i}`);
  await report(anna, worse, 'illegal', 'look at this');
  await report(ben, worse, 'nonsense');
  await report(ben, worse, 'profanity');
  expect(await reports()).toMatchObject([
    {
      target: worse.id,
      about: 'event',
      author: carl.pubkey,
      place: 'square',
      text: 'very bad',
      reporters: 2,
      types: ['profanity', 'illegal', 'other'],
      words: ['look at this'],
      isGone: false,
    },
    { target: bad.id, reporters: 1, types: ['spam'] },
  ]);

  expect((await onReport({ action: 'take', target: worse.id })).status).toBe(200);
  expect(await isThere(worse)).toBe(false);
  expect((await reports()).map(({ target }) => target)).toEqual([bad.id]);
  expect(await reports('handled')).toMatchObject([
    { target: worse.id, isGone: true, text: 'very bad', end: { done: 'taken', by: olga.pubkey } },
  ]);
  await onReport({ action: 'reopen', target: worse.id });
  expect(await isThere(worse)).toBe(true);

  await onReport({ action: 'ban', target: worse.id, take: true });
  expect([await isThere(worse), await isThere(bad)]).toEqual([false, false]);
  expect((await client.publish(carl.sign(makeLine('square', 'x'))))[1]).toBe(BANNED);
  await onReport({ action: 'reopen', target: worse.id });
  expect([await isThere(worse), await isThere(bad)]).toEqual([true, true]);

  await onReport({ action: 'dismiss', target: bad.id });
  expect((await reports()).map(({ target }) => target)).toEqual([worse.id]);
  now += 5;
  const again = ben.sign({
    kind: kinds.REPORT,
    content: '',
    tags: [
      ['e', bad.id, 'spam'],
      ['p', carl.pubkey],
    ],
    created_at: now,
  });
  await client.publish(again);
  expect((await reports()).map(({ target }) => target)).toContain(bad.id);
  // What a banned key reported counts no more.
  await rule({ action: 'ban', pubkey: anna.pubkey });
  expect((await reports()).find(({ target }) => target === worse.id)).toMatchObject({ reporters: 1 });
  await rule({ action: 'unban', pubkey: anna.pubkey });
});

test('a file is reported by its hash alone, waits in the queue, is taken, and may come again', async () => {
  const picture = makePicture();
  const hash = sha256(picture);
  await putFile(city.url, ben, picture);
  const said = anna.sign({ kind: kinds.REPORT, content: 'not mine to see', tags: [['x', hash, 'nudity']] });
  const answer = await fetch(new URL('/report', city.url), { method: 'PUT', body: JSON.stringify(said) });
  expect(answer.status).toBe(204);
  const about = async () => (await reports()).find(({ target }) => target === hash);
  expect(await about()).toMatchObject({
    ...{ about: 'file', isGone: false, reporters: 1, types: ['nudity'] },
    words: ['not mine to see'],
  });
  expect(await onReport({ action: 'take', target: hash })).toMatchObject({ status: 200 });
  expect((await fetch(new URL(`/${hash}`, city.url))).status).toBeGreaterThanOrEqual(400);
  expect((await putFile(city.url, ben, picture)).status).toBe(403);
  expect((await reports('handled')).find(({ target }) => target === hash)).toMatchObject({
    ...{ isGone: true, end: { done: 'taken' } },
  });
  expect(await onReport({ action: 'reopen', target: hash })).toMatchObject({ status: 200 });
  expect(await about()).toMatchObject({ about: 'file', isGone: true });
  expect((await putFile(city.url, ben, picture)).status).toBe(201);
  expect(await about()).toMatchObject({ isGone: false });
  expect(await onReport({ action: 'dismiss', target: hash })).toMatchObject({ status: 200 });
  expect(await about()).toBeUndefined();
});

test('letters stay letters: an operator sees that one was reported, not what is in it', async () => {
  const wrap = makePerson().sign({ kind: kinds.GIFT_WRAP, content: 'sealed', tags: [['p', anna.pubkey]] });
  await client.publish(wrap);
  await report(anna, wrap);
  const found = (await reports()).find(({ target }) => target === wrap.id);
  expect(found).toMatchObject({ kind: kinds.GIFT_WRAP, isGone: false });
  expect(found?.text).toBeUndefined();
});

test('the numbers are those of the city', async () => {
  const numbers = readAdminNumbers((await callAdmin(city, olga, ADMIN_NUMBERS_PATH)).json);
  expect(numbers.events).toBe(numbers.stored.reduce((sum, { count }) => sum + count, 0));
  expect(numbers).toMatchObject({ places: 1, jobs: [{ name: 'statistics', state: 'done' }] });
  expect(numbers.eventsToday).toBeGreaterThan(10);
  expect(numbers.peopleToday).toBeGreaterThanOrEqual(4);
  expect(numbers.databaseBytes).toBeGreaterThan(1e6);
  expect(numbers.connections).toBeGreaterThanOrEqual(1);
});

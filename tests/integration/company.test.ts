/** Several processes of one city on one PostgreSQL, each any client's; with Redis between them and without. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeEditGroup, makeInvite, makeJoinRequest, makeRemoveUser } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import type { Geohash } from '#shared/geohash.ts';
import { Client, makePerson } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { startPushService } from '../support/push-service.ts';
import { linesOf, startCityWithPush, subscribe } from '../support/push-city.ts';
import { startTestRedis } from '../support/redis.ts';
import type { TestRedis } from '../support/redis.ts';
import { startTestCity } from '../support/server.ts';

const TYPING = 20015;
const [anna, ben, cleo] = [makePerson(), makePerson(), makePerson()];
const secret = (): string => randomBytes(32).toString('hex');
const keysOfCity = { CITY_SECRET_KEY: secret(), PUSH_SECRET_KEY: secret() };

let postgres: TestPostgres | undefined;
let redis: TestRedis | undefined;
beforeAll(async () => {
  postgres = await startTestPostgres();
  redis = await startTestRedis();
  if (!postgres) console.warn('SKIPPED: no PostgreSQL here; several processes of one city were not tried.');
  else if (!redis) console.warn('SKIPPED: no Redis here; several processes were tried without it only.');
});
afterAll(async () => {
  await redis?.close();
  await postgres?.close();
});

const environmentOf = (withRedis: boolean) => ({
  ...keysOfCity,
  DATABASE_URL: postgres?.url ?? '',
  ...(withRedis ? { REDIS_URL: redis?.url ?? '' } : {}),
});

describe.each([
  ['over PostgreSQL alone', false],
  ['with Redis', true],
])('%s', (_, withRedis) => {
  const cities: City[] = [];
  let [here, there]: (City | undefined)[] = [];
  let place = '';
  beforeAll(async () => {
    if (!postgres || (withRedis && !redis)) return;
    const environment = environmentOf(withRedis);
    // At the same moment: the schema is made once, and both come in.
    cities.push(...(await Promise.all([1, 2].map(() => startCityWithPush({ environment })))));
    [here, there] = cities;
  });
  afterAll(async () => {
    for (const city of cities) await city.close();
  });
  beforeEach((story) => {
    if (!here || !there) return story.skip('no PostgreSQL or Redis on this machine');
    place = `p${randomBytes(6).toString('hex')}`;
  });

  const both = async (): Promise<[Client, Client]> =>
    Promise.all([Client.connect(here?.relayUrl ?? ''), Client.connect(there?.relayUrl ?? '')]);

  test('what one takes the other gives, at once and live, in order and once', async () => {
    const [a, b] = await both();
    expect(await a.publish(anna.sign(makePlace(place)))).toEqual([true, '']);
    const live = await b.follow({ kinds: [kinds.NOTE], '#h': [place] });
    const said: string[] = [];
    for (let i = 0; i < 40; i++) {
      const line = (i % 2 ? anna : ben).sign(makeLine(place, `line ${i}`));
      said.push(line.id);
      expect(await (i % 3 ? a : b).publish(line)).toEqual([true, '']);
    }
    expect(await b.count({ kinds: [kinds.NOTE], '#h': [place] })).toBe(40);
    await vi.waitFor(() => expect(live.events).toHaveLength(40));
    expect(live.events.map(({ id }) => id)).toEqual(said);
    await new Promise((resolve) => setTimeout(resolve, 1200)); // longer than the next look
    expect(live.events).toHaveLength(40);
    [a, b].forEach((client) => client.close());
  });

  test('one event sent to both at once is stored once, and both say so', async () => {
    const [a, b] = await both();
    const events = Array.from({ length: 60 }, (_, i) =>
      anna.sign({ kind: kinds.NOTE, tags: [], content: `${place} ${i}` }),
    );
    const answers = await Promise.all(events.flatMap((event) => [a.publish(event), b.publish(event)]));
    expect(answers.filter(([accepted]) => !accepted)).toEqual([]);
    expect(answers.filter(([, words]) => words.startsWith('duplicate'))).toHaveLength(60);
    const found = await b.find({ ids: events.map(({ id }) => id) });
    expect(found).toHaveLength(60);
    [a, b].forEach((client) => client.close());
  });

  test('two who make one place at once: one is its admin everywhere, the other is told', async () => {
    const [a, b] = await both();
    const [first, second] = await Promise.all([
      a.publish(anna.sign(makePlace(place))),
      b.publish(ben.sign(makePlace(place))),
    ]);
    expect([first[0], second[0]].sort()).toEqual([false, true]);
    const admin = first[0] ? anna : ben;
    const edit = makeEditGroup(place, {
      name: 'Ours',
      about: '',
      geohash: 'u33db' as Geohash,
      modes: { private: false, restricted: false, closed: false, hidden: false },
    });
    const other = admin === anna ? ben : anna;
    expect((await a.publish(other.sign(edit)))[1]).toMatch(/^restricted:/);
    expect((await b.publish(other.sign({ ...edit, content: 'again' })))[1]).toMatch(/^restricted:/);
    expect(await (admin === anna ? b : a).publish(admin.sign(edit))).toEqual([true, '']);
    const state = await Promise.all(
      [a, b].map((client) => client.find({ kinds: [39000, 39001, 39002], '#d': [place] })),
    );
    expect(state[0]).toEqual(state[1]);
    [a, b].forEach((client) => client.close());
  });

  test('who is removed at one is shown nothing at the other, stored or live, from that answer on', async () => {
    const [a, b] = await both();
    await a.prove(anna);
    expect(await a.publish(anna.sign(makePlace(place, { private: true, closed: true })))).toEqual([true, '']);
    expect(await a.publish(anna.sign(makeInvite(place, 'come in')))).toEqual([true, '']);
    await b.prove(ben);
    expect(await b.publish(ben.sign(makeJoinRequest(place, 'come in')))).toEqual([true, '']);
    expect(await a.publish(anna.sign(makeLine(place, 'for us two')))).toEqual([true, '']);
    const live = await b.follow({ kinds: [kinds.NOTE], '#h': [place] });
    expect(live.events.map(({ content }) => content)).toEqual(['for us two']);
    const closed = b.later(([type, id]) => type === 'CLOSED' && id === live.id);
    expect(await a.publish(anna.sign(makeRemoveUser(place, ben.pubkey)))).toEqual([true, '']);
    const question = b.find({ kinds: [kinds.NOTE], '#h': [place] });
    await expect(question).rejects.toThrow(/^restricted:/);
    expect(await a.publish(anna.sign(makeLine(place, 'without him')))).toEqual([true, '']);
    expect(await closed).toMatchObject(['CLOSED', live.id, expect.stringMatching(/^restricted:/)]);
    expect(await b.find({ authors: [anna.pubkey], kinds: [kinds.NOTE], since: 0 })).not.toContainEqual(
      expect.objectContaining({ content: 'without him' }),
    );
    expect((await b.publish(ben.sign(makeLine(place, 'still me'))))[1]).toMatch(/^restricted:/);
    expect(live.events.map(({ content }) => content)).toEqual(['for us two']);
    [a, b].forEach((client) => client.close());
  });

  test('who joins at one may read at the other from that answer on', async () => {
    const [a, b] = await both();
    expect(await a.publish(anna.sign(makePlace(place, { private: true })))).toEqual([true, '']);
    expect(await a.publish(anna.sign(makeLine(place, 'welcome')))).toEqual([true, '']);
    for (let i = 0; i < 10; i++) {
      const guest = makePerson();
      await b.prove(guest);
      expect(await a.publish(guest.sign(makeJoinRequest(place)))).toEqual([true, '']);
      const lines = await b.find({ kinds: [kinds.NOTE], '#h': [place] });
      expect(lines.map(({ content }) => content)).toEqual(['welcome']);
      expect(await a.publish(anna.sign(makeRemoveUser(place, guest.pubkey)))).toEqual([true, '']);
      await expect(b.find({ kinds: [kinds.NOTE], '#h': [place] })).rejects.toThrow(/^restricted:/);
    }
    [a, b].forEach((client) => client.close());
  });

  test('what is never stored is passed on too, long or short, to whoever may see it', async () => {
    const [a, b] = await both();
    expect(await a.publish(anna.sign(makePlace(place)))).toEqual([true, '']);
    const live = await b.follow({ kinds: [TYPING], '#h': [place] });
    const typing = (content: string) => anna.sign({ kind: TYPING, tags: [['h', place]], content });
    const events = [typing(''), typing('🐢 and “ä”'.repeat(3000))];
    for (const event of events) expect(await a.publish(event)).toEqual([true, '']);
    await vi.waitFor(() => expect(live.events).toHaveLength(2));
    expect([...live.events].sort((x, y) => x.content.length - y.content.length)).toEqual(events);
    [a, b].forEach((client) => client.close());
  });

  test('a device that one process was told of is woken by what another takes', async () => {
    if (!here || !there) return;
    const service = await startPushService();
    const [a, b] = await both();
    expect(await b.publish(anna.sign(makePlace(place)))).toEqual([true, '']);
    const device = await subscribe(service, here, cleo, [linesOf(place)]);
    await vi.waitFor(async () => {
      await b.publish(anna.sign(makeLine(place, `are you there ${Math.random()}`)));
      expect(device.received.length).toBeGreaterThan(0);
    });
    expect(device.flaws).toEqual([]);
    [a, b].forEach((client) => client.close());
    await service.close();
  });

  test('another city may not use the same database', async () => {
    const environment = { ...environmentOf(withRedis), CITY_SECRET_KEY: secret() };
    await expect(startTestCity({ environment })).rejects.toThrow(/in use by another city/);
    const otherPush = { ...environmentOf(withRedis), PUSH_SECRET_KEY: secret() };
    await expect(startTestCity({ environment: otherPush })).rejects.toThrow(/PUSH_SECRET_KEY/);
  });
});

test('what REDIS_URL names must be there at the start', async (story) => {
  if (!postgres) return story.skip('no PostgreSQL on this machine');
  const environment = { ...environmentOf(false), REDIS_URL: 'redis://127.0.0.1:1' };
  await expect(startTestCity({ environment })).rejects.toThrow(/REDIS_URL names does not answer/);
});

/** The database or Redis gone for a while under two processes of one city: clear answers, nothing lost, no restart. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { Client, makePerson } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { startTestRedis } from '../support/redis.ts';
import type { TestRedis } from '../support/redis.ts';
import { startTestCity } from '../support/server.ts';

/** The whole minute: `OUTAGE_SECONDS=60`. */
const AWAY_MS = Number(process.env['OUTAGE_SECONDS'] ?? 3) * 1000;
const PATIENCE = { timeout: 15_000, interval: 100 };
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const anna = makePerson();
let postgres: TestPostgres | undefined;
let redis: TestRedis | undefined;
let cities: City[] = [];

beforeAll(async () => {
  if (process.env['TEST_DATABASE_URL']) return; // not ours to stop
  postgres = await startTestPostgres();
  redis = await startTestRedis();
  if (!postgres || !redis) return console.warn('SKIPPED: outages need PostgreSQL and Redis on this machine.');
  const secret = (): string => randomBytes(32).toString('hex');
  const environment = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    CITY_SECRET_KEY: secret(),
    PUSH_SECRET_KEY: secret(),
  };
  cities = await Promise.all([1, 2].map(() => startTestCity({ environment })));
});
afterAll(async () => {
  for (const city of cities) await city.close();
  await redis?.close();
  await postgres?.close();
});

const connectAll = (): Promise<Client[]> => Promise.all(cities.map((city) => Client.connect(city.relayUrl)));

test.each([
  ['stopped in good order', false],
  ['killed', true],
])(
  'a database that was %s: `error:` meanwhile, then as before',
  { timeout: 60_000 + 2 * AWAY_MS },
  async (how, sudden) => {
    if (!postgres || cities.length < 2) return;
    const [a, b] = await connectAll();
    if (!a || !b) return;
    const place = `away-${sudden ? 'killed' : 'stopped'}`;
    expect(await a.publish(anna.sign(makePlace(place)))).toEqual([true, '']);
    const live = await b.follow({ kinds: [kinds.NOTE], '#h': [place] });
    const said = [anna.sign(makeLine(place, 'before'))];
    expect(await a.publish(said[0] as (typeof said)[number])).toEqual([true, '']);
    await postgres.stop(sudden);
    const until = Date.now() + AWAY_MS;
    const refused = [];
    do {
      const line = anna.sign(makeLine(place, `meanwhile, ${how} ${refused.length}`));
      const [accepted, words] = await (refused.length % 2 ? a : b).publish(line);
      expect([accepted, words]).toEqual([false, expect.stringMatching(/^error: /)]);
      refused.push(line);
      await expect(a.find({ kinds: [kinds.NOTE], '#h': [place] })).rejects.toThrow(/^error: /);
      await pause(200);
    } while (Date.now() < until);
    const health = await fetch(`${cities[0]?.url}/health`);
    expect(health.status).toBe(503);
    expect(await health.text()).not.toContain('postgres://');
    await postgres.start();
    const [first = anna.sign(makeLine(place, '')), ...others] = refused;
    await vi.waitFor(async () => expect((await a.publish(first))[0]).toBe(true), PATIENCE);
    for (const line of others)
      await vi.waitFor(async () => expect((await b.publish(line))[0]).toBe(true), PATIENCE);
    said.push(...refused);
    await vi.waitFor(
      () => expect(new Set(live.events.map(({ id }) => id))).toEqual(new Set(said.map(({ id }) => id))),
      PATIENCE,
    );
    expect(live.events).toHaveLength(said.length);
    expect((await fetch(`${cities[0]?.url}/health`)).status).toBe(200);
    [a, b].forEach((client) => client.close());
  },
);

test(
  'Redis gone: what is said still comes to the other, and at once again when it is back',
  { timeout: 60_000 },
  async () => {
    if (!redis || cities.length < 2) return;
    const [a, b] = await connectAll();
    if (!a || !b) return;
    expect(await a.publish(anna.sign(makePlace('no-redis')))).toEqual([true, '']);
    const live = await b.follow({ kinds: [kinds.NOTE], '#h': ['no-redis'] });
    const say = async (content: string) => {
      expect(await a.publish(anna.sign(makeLine('no-redis', content)))).toEqual([true, '']);
      await vi.waitFor(() => expect(live.events.at(-1)?.content).toBe(content), PATIENCE);
    };
    await say('with it');
    await redis.stop();
    for (let i = 0; i < 3; i++) await say(`without it ${i}`);
    const health = await fetch(`${cities[0]?.url}/health`);
    expect(await health.text()).toContain('redis');
    await redis.start();
    await vi.waitFor(
      async () => expect(await (await fetch(`${cities[0]?.url}/health`)).text()).not.toContain('redis'),
      PATIENCE,
    );
    const before = Date.now();
    await say('with it again');
    expect(live.events.map(({ content }) => content)).toEqual([
      'with it',
      'without it 0',
      'without it 1',
      'without it 2',
      'with it again',
    ]);
    expect(Date.now() - before).toBeLessThan(PATIENCE.timeout);
    [a, b].forEach((client) => client.close());
  },
);

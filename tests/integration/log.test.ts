/** The city's log says what goes wrong and never what people write: canaries in everything that comes in, none comes out. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import * as groups from '#protocol/groups.ts';
import { encodeHttpAuth, makeHttpAuth } from '#protocol/http-auth.ts';
import type { City } from '#server/city.ts';
import { openLog } from '#server/telemetry/pino-log.ts';
import { Client, makePerson } from '../support/client.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let postgres: TestPostgres | undefined;
beforeAll(async () => {
  postgres = await startTestPostgres();
  if (!postgres)
    console.warn('There is no PostgreSQL on this machine: what a broken database logs was not tried.');
});
afterAll(() => postgres?.close());

const [anna, ben] = [makePerson(), makePerson()];
const citySecret = randomBytes(32).toString('hex');
const canary = 'canaryYellowFeather';
const address = '203.0.113.77';

/** Everything that must not be told, whole or in part. */
const secretsOf = (events: readonly NostrEvent[]): string[] => [
  canary,
  address,
  citySecret,
  ...[anna, ben].flatMap(({ secret, pubkey }) => [Buffer.from(secret).toString('hex'), pubkey]),
  ...events.flatMap(({ id, sig }) => [id, sig]),
];

const talk = async (city: City): Promise<NostrEvent[]> => {
  const client = await Client.connect(city.relayUrl, {
    'x-forwarded-for': address,
    authorization: `Bearer ${canary}`,
    cookie: canary,
  });
  const events = [
    anna.sign(makePlace('well', { closed: true })),
    anna.sign(groups.makeInvite('well', `${canary}code`)),
    ben.sign(groups.makeJoinRequest('well', `${canary}code`, canary)),
    ben.sign(makeLine('well', `words ${canary}`, [['subject', canary]])),
    ben.sign({ kind: 20100, tags: [['t', canary]], content: canary }),
    { ...ben.sign({ kind: 1, tags: [], content: canary }), content: `${canary} forged` },
    ben.sign({ kind: 1, tags: [], content: `${canary}\u0000` }),
    ben.sign(makeLine('nowhere', canary)),
  ];
  for (const event of events) await client.publish(event);
  await client.prove(anna);
  for (const frame of [
    `["EVENT",{"content":"${canary}"`,
    `["${canary}"]`,
    `["REQ","${canary}",{"${canary}":1}]`,
  ])
    client.raw(frame);
  await client.find({ '#t': [canary], kinds: [1] });
  const url = `${city.url}/api/push`;
  const body = JSON.stringify({ endpoint: `https://push.example/${canary}` });
  const signed = anna.sign(makeHttpAuth({ url, method: 'PUT', body: Buffer.from(body) }));
  await fetch(url, { method: 'PUT', body, headers: { authorization: encodeHttpAuth(signed) } });
  for (const path of ['health', 'metrics', `${canary}?${canary}`])
    await fetch(`${city.url}/${path}`, { headers: { authorization: `Bearer ${canary}` } });
  client.close();
  return [...events, signed];
};

/** Breaks the database in the ways in which it quotes what was written. */
const breakWith = async (url: string, city: City): Promise<NostrEvent[]> => {
  const intruder = new pg.Client({ connectionString: url });
  await intruder.connect();
  await intruder.query(`create function quote() returns trigger language plpgsql as
    $$ begin raise exception 'cannot keep %', new.content using errcode = tg_argv[0]; end $$`);
  const client = await Client.connect(city.relayUrl);
  const events: NostrEvent[] = [];
  for (const code of ['22P02', '23505', 'P0001']) {
    await intruder.query(
      `create trigger quoting before insert on events for each row execute function quote('${code}')`,
    );
    const line = anna.sign({ kind: 1, tags: [], content: `${canary} ${code}` });
    events.push(line);
    expect((await client.publish(line))[1]).toMatch(/^error:/);
    await intruder.query('drop trigger quoting on events');
  }
  await intruder.query('alter table events rename to events_away');
  await expect(client.find({ kinds: [1], '#t': [canary] })).rejects.toThrow(/^error:/);
  await intruder.query('alter table events_away rename to events');
  await intruder.end();
  client.close();
  return events;
};

test('whatever comes in, whatever breaks: nothing of it is told, and what broke is', async () => {
  const lines: string[] = [];
  const log = openLog({ level: 'debug', plain: false, sink: { write: (line) => lines.push(line) } });
  const environment = {
    CITY_SECRET_KEY: citySecret,
    ...(postgres ? { DATABASE_URL: postgres.url } : {}),
  };
  const city = await startTestCity({ environment, log });
  const events = await talk(city);
  if (postgres) events.push(...(await breakWith(postgres.url, city)));
  await city.close();
  const told = lines.join('');
  expect(secretsOf(events).filter((secret) => told.includes(secret))).toEqual([]);
  if (!postgres) return;
  const heard = lines.map((line) => JSON.parse(line) as { msg: string; code?: string; level: string });
  expect(heard.filter(({ msg }) => msg === 'could not store events').map(({ code }) => code)).toEqual([
    '22P02',
    '23505',
    'P0001',
  ]);
  expect(heard).toContainEqual(
    expect.objectContaining({ level: 'error', msg: 'could not answer a REQ', code: '42P01' }) as unknown,
  );
});

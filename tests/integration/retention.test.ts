/** What a city does not keep: expired at once, letters and what was taken away after their time; told first, in small steps, by one. */
import { rmSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Database } from '#server/db/database.ts';
import { migrateUp } from '#server/db/migrate.ts';
import { openCityData } from '#server/operations/city-data.ts';
import { openServer } from '#server/operations/databases.ts';
import { listDue, sweepDue, sweepExpired } from '#server/operations/retention.ts';
import { ensureTemplate } from '../../src/launch/template.mjs';
import { Client, makePerson } from '../support/client.ts';
import { runProgram } from '../support/commands.ts';
import { contentsOf } from '../support/full-city.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { makeFolder, startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const DAY = 86_400;
const now = 1_700_000_000;
const rules = { letters: 30, removed: 30 };

/** `n` events of a kind, so many days old; `expires`: how long ago they expired, in seconds. */
const store = async (db: Database, name: string, n: number, kind: number, days: number, expires?: number) => {
  await sql`insert into events (event_id, pubkey, created_at, kind, tags, content, sig, expires_at)
    select md5(${name} || i) || md5(i::text), md5(i::text), ${now - days * DAY}, ${kind}, '[]', '', '',
      ${expires === undefined ? null : now - expires}::bigint from generate_series(1, ${n}::int) i`.execute(
    db,
  );
  await sql`insert into event_tags (name, value, kind, created_at, event_id)
    select 'p', 'x', kind, created_at, event_id from events where event_id like md5(${name} || '1') || '%'`.execute(
    db,
  );
};

const setAside = async (db: Database, name: string, days: number): Promise<void> => {
  await sql`insert into removed_events (event_id, pubkey, event, because, removed_at)
    values (${name}, 'a', ${'{"kind":9}'}::jsonb, 'event:x', ${now - days * DAY})`.execute(db);
};

const fill = async (db: Database): Promise<void> => {
  await store(db, 'old letter', 1201, kinds.GIFT_WRAP, 31);
  await store(db, 'new letter', 5, kinds.GIFT_WRAP, 29);
  await store(db, 'old line', 5, kinds.NOTE, 400);
  await store(db, 'expired', 700, kinds.NOTE, 2, 1);
  await store(db, 'expired letter', 2, kinds.GIFT_WRAP, 31, 10);
  await store(db, 'expires soon', 3, kinds.NOTE, 2, -1);
  await setAside(db, 'long ago', 31);
  await setAside(db, 'lately', 29);
};

const story = async (db: Database): Promise<void> => {
  await fill(db);
  const before = await contentsOf(db);
  expect(await listDue(db, now, rules)).toEqual([
    { reason: 'expired', kind: kinds.NOTE, count: 700, oldest: 2 },
    { reason: 'expired', kind: kinds.GIFT_WRAP, count: 2, oldest: 31 },
    { reason: 'letter', kind: kinds.GIFT_WRAP, count: 1201, oldest: 31 },
    { reason: 'removed', kind: kinds.CHAT_LINE, count: 1, oldest: 31 },
  ]);
  expect(await contentsOf(db)).toEqual(before);
  expect(await sweepDue(db, now, rules)).toEqual({ expired: 702, letter: 1201, removed: 1 });
  expect(await listDue(db, now, rules)).toEqual([]);
  const left = await sql<{
    kind: number;
    n: number;
  }>`select kind, count(*)::int as n from events group by 1 order by 1`.execute(db);
  expect(left.rows).toEqual([
    { kind: kinds.NOTE, n: 8 },
    { kind: kinds.GIFT_WRAP, n: 5 },
  ]);
  const loose = await sql<{ n: number }>`select count(*)::int as n from event_tags t
    where not exists (select from events e where e.event_id = t.event_id)`.execute(db);
  expect(loose.rows[0]?.n).toBe(0);
  expect(await sweepDue(db, now, { letters: 29, removed: 400 })).toEqual({
    expired: 0,
    letter: 0,
    removed: 0,
  });
  expect(await sweepDue(db, now + 1, { letters: 29, removed: 28 })).toEqual({
    expired: 3,
    letter: 5,
    removed: 1,
  });
};

test('embedded: told first, then gone, and nothing else', async () => {
  const folder = makeFolder();
  const data = await openCityData({ dataDir: folder }, { template: await ensureTemplate() });
  if (!data.ok) throw new Error(data.error.message);
  await migrateUp(data.value.db);
  await story(data.value.db);
  await data.value.close();
  rmSync(folder, { recursive: true });
});

describe('on PostgreSQL', () => {
  let postgres: TestPostgres | undefined;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    if (!postgres)
      console.warn(
        'SKIPPED: there is no PostgreSQL on this machine; retention was tried on the embedded database only.',
      );
  });
  afterAll(() => postgres?.close());

  test('the same; and while one process sweeps, the others leave it alone', async (context) => {
    if (!postgres) return context.skip('no PostgreSQL on this machine');
    const [one, other] = [await openServer(postgres.url), await openServer(postgres.url)];
    if (!one.ok || !other.ok) throw new Error('the database does not answer');
    await migrateUp(one.value.db);
    await story(one.value.db);
    await store(one.value.db, 'again', 1500, kinds.NOTE, 2, 1);
    const both = await Promise.all([sweepExpired(one.value.db, now), sweepExpired(other.value.db, now)]);
    expect(both[0] + both[1]).toBeLessThanOrEqual(1500);
    await store(one.value.db, 'held', 5, kinds.NOTE, 2, 1);
    await one.value.db.transaction().execute(async (holder) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(0x53_57_45_50)})`.execute(holder);
      expect(await sweepExpired(other.value.db, now)).toBe(0);
    });
    expect(await sweepExpired(other.value.db, now)).toBeGreaterThanOrEqual(5);
    await one.value.close();
    await other.value.close();
  });
});

test('what an admin takes away is set aside where no question finds it; what its author takes back is gone', async () => {
  const dataDir = makeFolder();
  const city = await startTestCity({ dataDir });
  const client = await Client.connect(city.relayUrl);
  const [admin, ben] = [makePerson(), makePerson()];
  await client.publish(admin.sign(makePlace('well')));
  await client.publish(admin.sign(makePlace('doomed')));
  const say = async (place: string, text: string, by = ben) => {
    const line = by.sign(makeLine(place, text));
    expect(await client.publish(line)).toEqual([true, '']);
    return line;
  };
  const [removed, regretted, own] = [
    await say('well', 'removed'),
    await say('well', 'regretted'),
    await say('well', 'own', admin),
  ];
  const [both, drowned] = [await say('well', 'removed, then regretted'), await say('doomed', 'drowned')];
  for (const { id } of [removed, own, both])
    await client.publish(admin.sign(groups.makeDeleteEvent('well', id)));
  for (const { id } of [regretted, both])
    await client.publish(ben.sign({ kind: kinds.DELETION, tags: [['e', id]], content: '' }));
  await client.publish(admin.sign(groups.makeDeleteGroup('doomed')));
  const gone = [removed, regretted, own, both, drowned];
  await client.prove(admin);
  expect(await client.find({ ids: gone.map(({ id }) => id) })).toEqual([]);
  expect(await client.count({ ids: gone.map(({ id }) => id) })).toBe(0);
  for (const line of gone) expect((await client.publish(line))[0]).toBe(false);
  client.close();
  await city.close();
  const data = await openCityData({ dataDir });
  if (!data.ok) throw new Error(data.error.message);
  const aside = await data.value.db
    .selectFrom('removed_events')
    .select(['event', 'because'])
    .orderBy('because')
    .execute();
  expect(aside).toEqual([
    { event: removed, because: `event:${removed.id}` },
    { event: drowned, because: 'place:doomed' },
  ]);
  await sql`update removed_events set removed_at = removed_at - 40 * 86400`.execute(data.value.db);
  await data.value.close();
  const run = (...args: readonly string[]) => runProgram('retention', { DATA_DIR: dataDir }, args);
  const dry = await run('--dry-run');
  expect(dry.output).toMatch(
    /^2 of kind 1: removed by somebody else than its author, past its time, the oldest of 40 days$/m,
  );
  expect(dry.output).toMatch(/Nothing was changed/);
  expect((await run()).output).toBe('Gone: 0 expired, 0 letters, 2 removed before.\n');
  expect((await run('--dry-run')).output).toBe('Nothing would go.\n');
  expect((await run('--wet')).code).toBe(1);
  rmSync(dataDir, { recursive: true });
});

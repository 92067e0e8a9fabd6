/** What the city counts: every stored event once, and nothing that could be led back to somebody. */
import { sql } from 'kysely';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { DAY } from '#shared/time.ts';
import { readDays, refreshDailyStats, StatisticsKeeper } from '#server/admin/statistics.ts';
import { openCityKey } from '#server/city-key.ts';
import { openDatabase } from '#server/db/database.ts';
import type { OpenDatabase } from '#server/db/database.ts';
import { migrateTo, migrateUp } from '#server/db/migrate.ts';
import { JobBook } from '#server/jobs/job-book.ts';
import { sweepExpired } from '#server/operations/retention.ts';
import { emptyPlan, writePlan } from '#server/store/plan.ts';
import { ensureTemplate } from '../../src/launch/template.mjs';
import { makePerson } from '../support/client.ts';
import { startTestPostgres } from '../support/postgres.ts';
import { makeLine } from '../support/places.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const opened = openCityKey('/nowhere', '1'.repeat(64));
if (!opened.ok) throw new Error(opened.error.message);
const key = opened.value;

const postgres = await startTestPostgres();
if (!postgres) console.warn('NO POSTGRESQL HERE: the counts were tested on the embedded database alone');
afterAll(() => postgres?.close());

const open = async (databaseUrl?: string): Promise<OpenDatabase> => {
  const database = await openDatabase(databaseUrl ? { databaseUrl } : { template: await ensureTemplate() });
  if (!database.ok) throw new Error(database.error.message);
  await migrateUp(database.value.db);
  return database.value;
};

const NOON = 20_000 * DAY + DAY / 2; // 2024-10-04
const [anna, ben] = [makePerson(), makePerson()];
const line = (by: typeof anna, at: number, tags: string[][] = []): NostrEvent =>
  by.sign({ ...makeLine('well', `${Math.random()}`, tags), created_at: at });

const places: [string, string | undefined][] = [['the embedded database', undefined]];
if (postgres) places.push(['PostgreSQL', postgres.url]);

describe.each(places)('on %s', (_, url) => {
  test('days are counted by kind and by people, and stay counted when events go', async () => {
    const { db, close } = await open(url);
    const write = (inserts: NostrEvent[], removals: string[] = []) =>
      db
        .transaction()
        .execute((transaction) => writePlan(transaction, { ...emptyPlan(), inserts, removals }, key));
    const first = line(anna, NOON - DAY);
    await write([first, line(anna, NOON - DAY), line(ben, NOON - DAY)]);
    await write([anna.sign({ kind: kinds.REACTION, content: '+', tags: [], created_at: NOON - DAY })]);
    await write([key.sign({ kind: kinds.NOTE, content: 'from the city', tags: [], created_at: NOON })]);
    await write([line(anna, NOON, [['expiration', String(NOON + 1)]])], [first.id]);
    await sweepExpired(db, NOON + 2);
    expect(await refreshDailyStats(db, NOON)).toBe(true);
    expect(await readDays(db, 30, NOON)).toEqual([
      { day: '2024-10-03', kind: kinds.NOTE, count: 3, authors: 2 },
      { day: '2024-10-03', kind: kinds.REACTION, count: 1, authors: 1 },
      { day: '2024-10-04', kind: kinds.NOTE, count: 1, authors: 1 },
    ]);
    expect(await readDays(db, 1, NOON)).toHaveLength(1);

    // Nobody's key, nobody's words, and another number for the same key on another day.
    const { rows } = await sql<{ author: number; row: string }>`
      select author, to_jsonb(m)::text as row from message_events m order by time`.execute(db);
    expect(rows.some(({ row }) => row.includes(anna.pubkey) || row.includes(first.id))).toBe(false);
    expect(rows[0]?.author).toBe(rows[1]?.author);
    expect(rows[0]?.author).not.toBe(rows.at(-1)?.author);
    await migrateTo(db, '0003-search');
    await migrateUp(db);
    await refreshDailyStats(db, NOON);
    // What is still here is counted anew by the migration; what went is not.
    expect((await readDays(db, 30, NOON))[0]).toMatchObject({ count: 2, authors: 2 });
    await close();
  });

  test('the refresh waits for its time, and says how it went', async () => {
    const { db, close } = await open(url);
    let now = NOON;
    const clock = { now: () => now };
    const jobs = new JobBook(db, clock);
    const keeper = new StatisticsKeeper({ db, clock, jobs });
    expect(await keeper.tend()).toBe(true);
    expect(await keeper.tend()).toBe(false);
    now += 601;
    expect(await keeper.tend()).toBe(true);
    await expect(jobs.run('backup', () => Promise.reject(new Error('the disk is full')))).rejects.toThrow();
    expect(await jobs.list()).toEqual(
      expect.arrayContaining([
        { name: 'statistics', state: 'done', startedAt: now, endedAt: now, progress: 1, result: 'counted' },
        { name: 'backup', state: 'failed', startedAt: now, endedAt: now, result: 'the disk is full' },
      ]),
    );
    await close();
  });
});

test.runIf(postgres)('of several processes one refreshes', async () => {
  const { db, close } = await open(postgres?.url);
  await db.transaction().execute(async (other) => {
    await sql`select pg_advisory_xact_lock(${0x53_59_4e_53})`.execute(other);
    expect(await refreshDailyStats(db, NOON)).toBe(false);
  });
  expect(await refreshDailyStats(db, NOON)).toBe(true);
  await close();
});

/** The city in numbers, at a price that does not grow with it: large tables are looked at in part. */
import { sql } from 'kysely';
import type { AdminNumbers, AdminStored } from '#protocol/admin/admin.ts';
import { DAY } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { Database } from '../db/database.ts';
import type { JobBook } from '../jobs/job-book.ts';

export interface OverviewPorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly jobs: JobBook;
  /** What this process knows without asking. */
  readonly live: () => { readonly connections: number; readonly places: number };
}

const ROWS_LOOKED_AT = 50_000;
/** The database itself tells the planner how large a table is, now and then. */
const partOf = async (db: Database): Promise<number> => {
  const { rows } = await sql<{ rows: number }>`
    select greatest(reltuples, 0)::float8 as rows from pg_class where oid = 'events'::regclass`.execute(db);
  return Math.min(1, ROWS_LOOKED_AT / Math.max(1, rows[0]?.rows ?? 0));
};

/** Events and their bytes by kind, the largest first; of a large table an estimate from a part of it. Throws on I/O. */
const readStored = async (db: Database): Promise<AdminStored[]> => {
  const part = await partOf(db);
  const from = part === 1 ? sql`events e` : sql`events e tablesample system (${sql.lit(part * 100)})`;
  const { rows } =
    await sql<AdminStored>`select kind, round(count(*) / ${sql.lit(part)}::float8)::float8 as count,
    round(sum(pg_column_size(e.*)) / ${sql.lit(part)}::float8)::float8 as bytes
    from ${from} group by kind order by 3 desc limit 100`.execute(db);
  return rows;
};

const readToday = async (db: Database, now: number): Promise<{ events: number; people: number }> => {
  const { rows } = await sql<{ events: number; people: number }>`
    select count(*)::int as events, count(distinct author)::int as people from message_events
    where time >= to_timestamp(${Math.floor(now / DAY) * DAY})`.execute(db);
  return rows[0] ?? { events: 0, people: 0 };
};

const readSize = async (db: Database): Promise<number> => {
  const { rows } = await sql<{ bytes: number }>`
    select pg_database_size(current_database())::float8 as bytes`.execute(db);
  return rows[0]?.bytes ?? 0;
};

/** Everything for the first look at the page. Throws on I/O. */
export const readOverview = async ({ db, clock, jobs, live }: OverviewPorts): Promise<AdminNumbers> => {
  const [stored, today, databaseBytes, list] = await Promise.all([
    readStored(db),
    readToday(db, clock.now()),
    readSize(db),
    jobs.list(),
  ]);
  return {
    events: stored.reduce((sum, { count }) => sum + count, 0),
    eventsToday: today.events,
    peopleToday: today.people,
    databaseBytes,
    ...live(),
    memoryBytes: process.memoryUsage.rss(),
    uptimeSeconds: Math.floor(process.uptime()),
    stored,
    jobs: list,
  };
};

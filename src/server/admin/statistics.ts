/** How much was said: `daily_message_stats` over `message_events` (migration 0005), refreshed by one process at a time. */
import { sql } from 'kysely';
import { DAY } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { Database } from '../db/database.ts';
import type { JobBook } from '../jobs/job-book.ts';

/** A kind's count on a day (UTC, `2026-11-22`), and how many people it was. */
export interface DayCount {
  readonly day: string;
  readonly kind: number;
  readonly count: number;
  readonly authors: number;
}

const LOCK = 0x53_59_4e_53; // "SYNS"
const KEPT_DAYS = 400;
/** A place that was deleted is forgotten by the counts at the next refresh; how far back to look for such places. */
const FORGET_WITHIN = 7 * DAY;

const forgetPlaces = async (db: Database, now: number): Promise<void> => {
  const { rows } = await sql<{ group_id: string }>`
    select group_id from groups where not is_active and updated_at > ${now - FORGET_WITHIN}`.execute(db);
  if (rows.length === 0) return;
  const gone = rows.map(({ group_id }) => group_id);
  await sql`update message_events set group_id = null where group_id = any(${gone}::text[])`.execute(db);
};

/** Brings the view up to date; false when another process is at it. Throws on I/O. */
export const refreshDailyStats = (db: Database, now: number): Promise<boolean> =>
  db.transaction().execute(async (transaction) => {
    await sql`set local statement_timeout = '10min'`.execute(transaction);
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${LOCK}) as mine`.execute(
      transaction,
    );
    if (!rows[0]?.mine) return false;
    await forgetPlaces(transaction, now);
    await sql`delete from message_events where time < to_timestamp(${now - KEPT_DAYS * DAY})`.execute(
      transaction,
    );
    await sql`refresh materialized view concurrently daily_message_stats`.execute(transaction);
    return true;
  });

/** Counts of the last so many days, today's as they are at this moment. Throws on I/O. */
export const readDays = async (db: Database, days: number, now: number): Promise<DayCount[]> => {
  const today = Math.floor(now / DAY) * DAY;
  const { rows } = await sql<DayCount>`
    select day::text as day, kind, count, authors from daily_message_stats
      where day > (to_timestamp(${today - days * DAY}) at time zone 'UTC')::date
        and day < (to_timestamp(${today}) at time zone 'UTC')::date
    union all
    select (time at time zone 'UTC')::date::text, kind, count(*)::int, count(distinct author)::int
      from message_events where time >= to_timestamp(${today}) and time < to_timestamp(${today + DAY}) group by 1, 2
    order by 1, 2`.execute(db);
  return rows;
};

const JOB = 'statistics';
const REFRESH_EVERY = 600;
/** The refresh may take a hundredth of the time: the larger the city, the rarer it is. */
const SHARE = 100;
const CHEAP_MS = 300;

export interface StatisticsPorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly jobs: JobBook;
}

/** Keeps the view fresh while the city runs. */
export class StatisticsKeeper {
  #ports: StatisticsPorts;
  #pause = REFRESH_EVERY;
  /** Milliseconds that the last refresh took. */
  #cost = 0;

  constructor(ports: StatisticsPorts) {
    this.#ports = ports;
  }

  /** Refreshes when it is time and nobody else has; whether it did. Throws on I/O. */
  async tend(): Promise<boolean> {
    const { clock, jobs } = this.#ports;
    const last = await jobs.endOf(JOB);
    if (last !== undefined && clock.now() - last < this.#pause) return false;
    await this.#refresh();
    return true;
  }

  /** Refreshes because somebody looks, where that costs next to nothing. Throws on I/O. */
  async look(): Promise<void> {
    if (this.#cost <= CHEAP_MS) await this.#refresh();
  }

  async #refresh(): Promise<void> {
    const { db, clock, jobs } = this.#ports;
    const began = Date.now();
    await jobs.run(JOB, async () =>
      (await refreshDailyStats(db, clock.now())) ? 'counted' : 'another process is at it',
    );
    this.#cost = Date.now() - began;
    this.#pause = Math.max(REFRESH_EVERY, (this.#cost * SHARE) / 1000);
  }
}

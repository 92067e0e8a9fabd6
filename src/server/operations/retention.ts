/**
 * What a city does not keep: what has expired at once, letters (gift wraps) that nobody keeps for their reader any longer, and what was set
 * aside when somebody else than its author took it away. In small steps, so that no writer waits long; one process at a time.
 */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import * as kinds from '#protocol/kinds.ts';
import { DAY } from '#shared/time.ts';
import type { Database } from '../db/database.ts';
import type { RetentionRules } from '../retention-rules.ts';
import { deleteEvents } from '../store/plan.ts';

/** Why something goes: it has expired, it is an old letter, it was set aside long enough ago. */
type RetentionReason = 'expired' | 'letter' | 'removed';

/** How much of a kind would go, and the age of the oldest in days. */
interface Leaving {
  readonly reason: RetentionReason;
  readonly kind: number;
  readonly count: number;
  readonly oldest: number;
}

type Swept = Readonly<Record<RetentionReason, number>>;

const STEP = 500;
/** Advisory lock of whoever sweeps. */
const BROOM = 0x53_57_45_50; // "SWEP"

const expired = (now: number): RawBuilder<unknown> => sql`expires_at <= ${now}::bigint`;
const letters = (now: number, days: number): RawBuilder<unknown> =>
  sql`kind = ${sql.lit(kinds.GIFT_WRAP)} and created_at < ${now - days * DAY}::int`;
const removed = (now: number, days: number): RawBuilder<unknown> =>
  sql`removed_at < ${now - days * DAY}::int`;

const sweepEvents = (db: Database, condition: RawBuilder<unknown>): Promise<number> =>
  deleteEvents(db, sql`id = any(array(select id from events where ${condition} limit ${sql.lit(STEP)}))`);

const sweepRemoved = async (db: Database, condition: RawBuilder<unknown>): Promise<number> => {
  const { rows } = await sql<{ gone: number }>`
    with gone as (delete from removed_events where event_id = any(array(
      select event_id from removed_events where ${condition} limit ${sql.lit(STEP)})) returning 1)
    select count(*)::int as gone from gone`.execute(db);
  return rows[0]?.gone ?? 0;
};

/** Step by step until nothing is left or another process has the broom; how much went. */
const sweepAll = async (db: Database, step: (db: Database) => Promise<number>): Promise<number> => {
  for (let gone = 0; ;) {
    const some = await db.transaction().execute(async (transaction) => {
      const { rows } = await sql<{
        mine: boolean;
      }>`select pg_try_advisory_xact_lock(${sql.lit(BROOM)}) as mine`.execute(transaction);
      return rows[0]?.mine ? step(transaction) : 0;
    });
    gone += some;
    if (some < STEP) return gone;
  }
};

/** Takes away what has expired (NIP-40); how many events went. Throws on I/O. */
export const sweepExpired = (db: Database, now: number): Promise<number> =>
  sweepAll(db, (step) => sweepEvents(step, expired(now)));

/** Takes away all that is due. `now` in Unix seconds. Throws on I/O. */
export const sweepDue = async (db: Database, now: number, rules: RetentionRules): Promise<Swept> => ({
  expired: await sweepExpired(db, now),
  letter: await sweepAll(db, (step) => sweepEvents(step, letters(now, rules.letters))),
  removed: await sweepAll(db, (step) => sweepRemoved(step, removed(now, rules.removed))),
});

/** What would go, by reason and kind; changes nothing. Throws on I/O. */
export const listDue = async (db: Database, now: number, rules: RetentionRules): Promise<Leaving[]> => {
  const { rows } = await sql<Leaving>`
    select reason, kind, count(*)::int as count, ((${now}::int - min(since)) / ${sql.lit(DAY)})::int as oldest from (
      select 'expired' as reason, kind, created_at as since from events where ${expired(now)}
      union all
      select 'letter', kind, created_at from events where ${letters(now, rules.letters)}
        and (expires_at is null or not (${expired(now)}))
      union all
      select 'removed', (event->>'kind')::int, removed_at from removed_events where ${removed(now, rules.removed)}
    ) due group by reason, kind order by reason, kind`.execute(db);
  return rows;
};

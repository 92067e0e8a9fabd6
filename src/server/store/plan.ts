/** What a judged batch writes, in one transaction. */
import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { DAY } from '#shared/time.ts';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { toRow, toTagRows } from './rows.ts';
import type { TagRow } from './rows.ts';

interface Tombstone {
  readonly target: string;
  readonly author: string;
  readonly deleted_at: number;
}

/** Inserts come first, then removals, then the rest: an event may come and go in one batch. */
export interface Plan {
  readonly inserts: NostrEvent[];
  /** Ids to take away. */
  readonly removals: string[];
  /** Those of them that somebody else than their author takes away: a copy is set aside for a while. */
  readonly setAside: string[];
  readonly tombstones: Tombstone[];
  /** Places whose content goes (their moderation events stay, for the rebuild). */
  readonly emptied: string[];
  /** Older waiting requests to take away: all of an author in a place but the one named. */
  readonly replacedRequests: { readonly place: string; readonly author: string; readonly keep: string }[];
}

/** A plan that writes nothing yet. */
export const emptyPlan = (): Plan => ({
  inserts: [],
  removals: [],
  setAside: [],
  tombstones: [],
  emptied: [],
  replacedRequests: [],
});

type Writer = Transaction<Tables>;

/** The city: its own events are indexed in full and not counted. */
export interface PlanOwner {
  readonly pubkey: string;
  /** Null: an event of that day is not to be counted. */
  saltOf(day: number): number | null;
}

/** The numbers that inserted events got (`events.id`). */
export interface Numbers {
  readonly first: number;
  readonly last: number;
}

/** What makes a key a number for its day's count only: tomorrow the same key has another one. */
const saltFor = ({ pubkey, created_at }: NostrEvent, own: PlanOwner): number | null =>
  pubkey === own.pubkey ? null : own.saltOf(Math.floor(created_at / DAY));

/** Events and their counts in one statement: a second one would cost a lone event a tenth of its time. */
const insertEvents = async (
  db: Writer,
  events: readonly NostrEvent[],
  own: PlanOwner,
): Promise<Numbers | undefined> => {
  if (events.length === 0) return undefined;
  const rows = JSON.stringify(events.map((event) => ({ ...toRow(event), salt: saltFor(event, own) })));
  const inserted = await sql<Numbers>`with r as (
      select * from json_to_recordset(${rows}::json) as r(event_id text, pubkey text, created_at int, kind int, tags jsonb,
        content text, sig text, group_id text, identifier text, expires_at bigint, words text, salt bigint)),
    counted as (insert into message_events (time, kind, group_id, author)
      select to_timestamp(created_at), kind, group_id, hashtextextended(pubkey, salt)::bit(32)::int
      from r where salt is not null),
    inserted as (
      insert into events (event_id, pubkey, created_at, kind, tags, content, sig, group_id, identifier, expires_at, words)
      select event_id, pubkey, created_at, kind, tags, content, sig, group_id, identifier, expires_at, words::tsvector
      from r returning id)
    select min(id) as first, max(id) as last from inserted`.execute(db);
  await insertTags(
    db,
    events.flatMap((event) => (event.pubkey === own.pubkey ? toTagRows(event, Infinity) : toTagRows(event))),
  );
  return inserted.rows[0];
};

/** What filters find events by. Throws on I/O. */
export const insertTags = async (db: Writer, tags: readonly TagRow[]): Promise<void> => {
  if (tags.length === 0) return;
  await sql`insert into event_tags (name, value, kind, created_at, event_id)
    select name, value, kind, created_at, event_id
    from json_to_recordset(${JSON.stringify(tags)}::json) as r(name text, value text, kind int, created_at int, event_id text)`.execute(
    db,
  );
};

const insertTombstones = async (db: Writer, tombstones: readonly Tombstone[]): Promise<void> => {
  const latest = new Map<string, Tombstone>();
  for (const each of tombstones) {
    const key = `${each.target} ${each.author}`;
    if ((latest.get(key)?.deleted_at ?? -1) < each.deleted_at) latest.set(key, each);
  }
  if (latest.size === 0) return;
  await sql`insert into tombstones (target, author, deleted_at)
    select target, author, deleted_at
    from json_to_recordset(${JSON.stringify([...latest.values()])}::json) as r(target text, author text, deleted_at int)
    on conflict (target, author) do update set deleted_at = greatest(tombstones.deleted_at, excluded.deleted_at)`.execute(
    db,
  );
};

/** Deletes events and their tags by a condition on `events`; how many events went. */
export const deleteEvents = async (db: Database, condition: RawBuilder<unknown>): Promise<number> => {
  const { rows } = await sql<{ gone: number }>`
    with gone as (delete from events where ${condition} returning event_id),
      tags as (delete from event_tags t using gone where t.event_id = gone.event_id)
    select count(*)::int as gone from gone`.execute(db);
  return rows[0]?.gone ?? 0;
};

/** No question reads it there; operators may look at it and bring it back (admin/removal.ts), until its time is over. */
const setAside = async (
  db: Writer,
  condition: RawBuilder<unknown>,
  because: RawBuilder<unknown>,
): Promise<void> => {
  await sql`insert into removed_events (event_id, pubkey, event, because, removed_at, announced)
    select event_id, pubkey, jsonb_build_object('id', event_id, 'pubkey', pubkey, 'created_at', created_at, 'kind', kind,
      'tags', tags, 'content', content, 'sig', sig), ${because}, extract(epoch from now())::int, true
    from events where ${condition} on conflict (event_id) do nothing`.execute(db);
};

/** What its author takes back is not kept for anybody. */
const forgetAside = async (db: Writer, tombstones: readonly Tombstone[]): Promise<void> => {
  const own = tombstones.filter(({ author }) => !author.startsWith('h:'));
  if (own.length === 0) return;
  await sql`delete from removed_events r using json_to_recordset(${JSON.stringify(own)}::json) as t(target text, author text)
    where r.event_id = t.target and r.pubkey = t.author`.execute(db);
};

/** Writes a plan; the numbers of what came in. Throws on I/O. */
export const writePlan = async (db: Writer, plan: Plan, own: PlanOwner): Promise<Numbers | undefined> => {
  const numbers = await insertEvents(db, plan.inserts, own);
  if (plan.setAside.length > 0)
    await setAside(db, sql`event_id = any(${plan.setAside}::text[])`, sql`'event:' || event_id`);
  if (plan.removals.length > 0) await deleteEvents(db, sql`event_id = any(${plan.removals}::text[])`);
  for (const { place, author, keep } of plan.replacedRequests)
    await deleteEvents(
      db,
      sql`group_id = ${place} and pubkey = ${author} and event_id <> ${keep}
        and kind = ${sql.lit(kinds.JOIN_REQUEST)}`,
    );
  if (plan.emptied.length > 0) {
    const content = sql`group_id = any(${plan.emptied}::text[])
        and kind not between ${sql.lit(kinds.FIRST_MODERATION)} and ${sql.lit(kinds.LAST_MODERATION)}`;
    await setAside(db, sql`${content} and pubkey <> ${own.pubkey}`, sql`'place:' || group_id`);
    await deleteEvents(db, content);
  }
  await insertTombstones(db, plan.tombstones);
  await forgetAside(db, plan.tombstones);
  return numbers;
};

/** Tells the planner how the tables have grown: the embedded database has nobody else who would. Throws on I/O. */
export const refreshStatistics = async (db: Database): Promise<void> => {
  await sql`analyze events, event_tags`.execute(db);
};

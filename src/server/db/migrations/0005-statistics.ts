/** What the operator's page stands on: counts of what was said, who and what is kept out, handled reports, the city's work. */
import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';
import { GROUP_METADATA } from '#protocol/kinds.ts';

/**
 * One row an event that was stored, without words and without its author: `author` is a number that means somebody for
 * one day only (store/counting.ts). Rows stay when an event expires or is deleted; they are counts.
 */
const counts = [
  sql`set local statement_timeout = 0`,
  sql`create table message_events (
    time timestamptz not null,
    kind integer not null,
    group_id text,
    author integer not null
  )`,
  sql`insert into message_events (time, kind, group_id, author)
    with salts as (select day, random()::text as salt from
      (select distinct created_at / 86400 as day from events) days)
    select to_timestamp(e.created_at), e.kind, e.group_id, hashtext(salts.salt || e.pubkey)
    from events e join salts on salts.day = e.created_at / 86400
    where e.kind not between ${sql.lit(GROUP_METADATA)} and ${sql.lit(GROUP_METADATA + 9)}`,
  // Rows come nearly in the order of their time: ranges of pages are enough, and cost nothing to keep.
  sql`create index idx_message_events_time on message_events using brin (time)`,
];

/**
 * TimescaleDB's chunks where it is there. Asked for only where the server has loaded it: making the extension elsewhere
 * would end the connection, not just fail.
 */
const hypertable = sql`do $$
begin
  if not exists (select from pg_extension where extname = 'timescaledb') then
    if not exists (select from pg_available_extensions where name = 'timescaledb')
      or coalesce(current_setting('shared_preload_libraries', true), '') !~ 'timescaledb' then return; end if;
    create extension timescaledb;
  end if;
  perform create_hypertable('message_events', 'time', migrate_data => true);
exception when others then raise notice 'message_events stays a plain table: %', sqlerrm;
end $$`;

const view = [
  sql`create materialized view daily_message_stats as
    select (time at time zone 'UTC')::date as day, kind, count(*)::int as count, count(distinct author)::int as authors
    from message_events group by 1, 2`,
  // Refreshing beside readers needs it.
  sql`create unique index idx_daily_message_stats on daily_message_stats (day, kind)`,
];

const marked = sql.raw('reason text not null, by_key text not null, at integer not null');

const rules = [
  sql`create table banned_keys (pubkey text collate "C" primary key, ${marked})`,
  sql`create table banned_events (event_id text collate "C" primary key, ${marked})`,
  sql`create table allowed_keys (pubkey text collate "C" primary key, ${marked})`,
  sql`create table blocked_addresses (address text primary key, ${marked})`,
  sql`create table disallowed_kinds (kind integer primary key, at integer not null)`,
  sql`create table city_settings (name text primary key, value text not null, at integer not null)`,
  // What an operator took away, kept for a while so that it can come back.
  sql`create table removed_events (
    event_id text collate "C" primary key,
    pubkey text collate "C" not null,
    event jsonb not null,
    because text not null,
    removed_at integer not null,
    announced boolean not null default false
  )`,
  sql`create index idx_removed_events_pubkey on removed_events (pubkey)`,
  sql`create index idx_removed_events_removed_at on removed_events (removed_at)`,
];

const desk = [
  sql`create table report_states (
    target text collate "C" primary key,
    done text not null,
    by_key text not null,
    at integer not null
  )`,
  sql`create table city_jobs (
    name text primary key,
    state text not null,
    started_at integer not null,
    ended_at integer,
    progress real,
    result text
  )`,
  // Signed requests of operators that were used, while they could be used again (NIP-98).
  sql`create table used_requests (event_id text collate "C" primary key, until integer not null)`,
];

const tables = [
  'used_requests',
  'city_jobs',
  'report_states',
  'removed_events',
  'city_settings',
  'disallowed_kinds',
  'blocked_addresses',
  'allowed_keys',
  'banned_events',
  'banned_keys',
];

/** Up makes and fills everything, down drops everything (what was taken away and not brought back is lost). */
export const statistics: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of [...counts, hypertable, ...view, ...rules, ...desk]) await statement.execute(db);
  },
  down: async (db: Kysely<unknown>) => {
    for (const table of tables) await db.schema.dropTable(table).execute();
    await sql`drop materialized view daily_message_stats`.execute(db);
    await db.schema.dropTable('message_events').execute();
  },
};

/** Seed 000's relay tables, the tag index and the tombstones. */
import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

const statements = [
  // Collation "C" on hex columns: bytewise order, so a prefix (NIP-29 `previous`) is a range of the index.
  sql`create table events (
    id serial primary key,
    event_id text collate "C" unique not null,
    pubkey text collate "C" not null,
    created_at integer not null,
    kind integer not null,
    tags jsonb not null,
    content text not null,
    sig text not null,
    group_id text,
    identifier text,
    expires_at bigint
  )`,
  sql`create index idx_events_created_at on events (created_at desc, event_id)`,
  sql`create index idx_events_kind on events (kind, created_at desc, event_id)`,
  sql`create index idx_events_pubkey on events (pubkey, kind, created_at desc)`,
  sql`create index idx_events_group on events (group_id, kind, id) where group_id is not null`,
  sql`create index idx_events_expires on events (expires_at) where expires_at is not null`,
  // No foreign key: checking it for every tag was a sixth of an import. Who deletes events deletes their tags (store/plan.ts).
  // A B-tree instead of the seed's GIN over jsonb: a large group's newest lines in 1.7 ms against 5.3.
  sql`create table event_tags (
    name text collate "C" not null,
    value text collate "C" not null,
    created_at integer not null,
    event_id text collate "C" not null
  )`,
  sql`create index idx_event_tags on event_tags (name, value, created_at desc, event_id)`,
  sql`create index idx_event_tags_event on event_tags (event_id)`,
  sql`create table tombstones (
    target text not null,
    author text not null,
    deleted_at integer not null,
    primary key (target, author)
  )`,
  sql`create table groups (
    id serial primary key,
    group_id text unique not null,
    name text not null,
    description text,
    geohash text not null,
    latitude real not null,
    longitude real not null,
    privacy_level text default 'public',
    picture text,
    relay_url text not null,
    created_by text not null,
    is_active boolean default true,
    member_count integer default 0,
    active_call_id text,
    created_at integer not null,
    updated_at integer not null
  )`,
  sql`create index idx_groups_geohash on groups (geohash text_pattern_ops)`,
  sql`create index idx_groups_location on groups (latitude, longitude)`,
  sql`create index idx_groups_active on groups (is_active) where is_active = true`,
  sql`create table group_members (
    group_id text references groups (group_id) on delete cascade,
    pubkey text not null,
    role text default 'member',
    joined_at integer not null default extract(epoch from now()),
    added_by text,
    primary key (group_id, pubkey)
  )`,
  sql`create index idx_group_members_pubkey on group_members (pubkey)`,
  sql`create index idx_group_members_role on group_members (group_id, role)`,
  sql`create table group_metadata (
    group_id text references groups (group_id) on delete cascade,
    key text not null,
    value jsonb not null,
    updated_at integer not null default extract(epoch from now()),
    primary key (group_id, key)
  )`,
];

const tables = ['group_metadata', 'group_members', 'groups', 'tombstones', 'event_tags', 'events'];

/** Up makes everything, down drops everything. */
export const eventsAndGroups: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of statements) await statement.execute(db);
  },
  down: async (db: Kysely<unknown>) => {
    for (const table of tables) await db.schema.dropTable(table).execute();
  },
};

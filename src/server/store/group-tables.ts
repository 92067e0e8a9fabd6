/** Seed 000's tables `groups`, `group_members`, `group_metadata`: the shadow of the places, for other readers. */
import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { toEvent } from './rows.ts';
import type { EventRow } from './rows.ts';

/** A place as the tables have it. */
export interface PlaceRow {
  readonly group_id: string;
  readonly name: string;
  readonly description: string;
  readonly geohash: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly privacy_level: 'public' | 'private';
  readonly picture: string | null;
  readonly relay_url: string;
  readonly created_by: string;
  readonly is_active: boolean;
  readonly member_count: number;
  readonly created_at: number;
  readonly updated_at: number;
}

export interface PersonRow {
  readonly group_id: string;
  readonly pubkey: string;
  readonly role: string;
  readonly joined_at: number;
  readonly added_by: string;
}

export interface AttributeRow {
  readonly group_id: string;
  readonly key: string;
  readonly value: unknown;
  readonly updated_at: number;
}

/** What changed in the shadow since the last commit. */
export interface ShadowChange {
  readonly places: readonly PlaceRow[];
  readonly people: readonly PersonRow[];
  readonly gone: readonly { readonly group_id: string; readonly pubkey: string }[];
  readonly attributes: readonly AttributeRow[];
}

const placeColumns = `group_id text, name text, description text, geohash text, latitude real, longitude real,
  privacy_level text, picture text, relay_url text, created_by text, is_active boolean, member_count int,
  created_at int, updated_at int`;

/** Writes the change in the transaction of the events that caused it. Throws on I/O. */
export const writeShadow = async (db: Transaction<Tables>, change: ShadowChange): Promise<void> => {
  if (change.places.length > 0)
    await sql`insert into groups (group_id, name, description, geohash, latitude, longitude, privacy_level, picture,
        relay_url, created_by, is_active, member_count, created_at, updated_at)
      select * from json_to_recordset(${JSON.stringify(change.places)}::json) as r(${sql.raw(placeColumns)})
      on conflict (group_id) do update set name = excluded.name, description = excluded.description,
        geohash = excluded.geohash, latitude = excluded.latitude, longitude = excluded.longitude,
        privacy_level = excluded.privacy_level, picture = excluded.picture, is_active = excluded.is_active,
        member_count = excluded.member_count, updated_at = excluded.updated_at`.execute(db);
  if (change.gone.length > 0)
    await sql`delete from group_members m using json_to_recordset(${JSON.stringify(change.gone)}::json)
        as r(group_id text, pubkey text) where m.group_id = r.group_id and m.pubkey = r.pubkey`.execute(db);
  if (change.people.length > 0)
    await sql`insert into group_members (group_id, pubkey, role, joined_at, added_by)
      select * from json_to_recordset(${JSON.stringify(change.people)}::json)
        as r(group_id text, pubkey text, role text, joined_at int, added_by text)
      on conflict (group_id, pubkey) do update set role = excluded.role`.execute(db);
  if (change.attributes.length > 0)
    await sql`insert into group_metadata (group_id, key, value, updated_at)
      select * from json_to_recordset(${JSON.stringify(change.attributes)}::json)
        as r(group_id text, key text, value jsonb, updated_at int)
      on conflict (group_id, key) do update set value = excluded.value, updated_at = excluded.updated_at`.execute(
      db,
    );
};

const moderation = sql`kind between ${sql.lit(kinds.FIRST_MODERATION)} and ${sql.lit(kinds.LAST_MODERATION)}`;

/** All moderation events in their order of acceptance, or those of some places. Throws on I/O. */
export const loadModeration = async (db: Database, places?: readonly string[]): Promise<NostrEvent[]> => {
  const which = places ? sql`and group_id = any(${places}::text[])` : sql``;
  const { rows } =
    await sql<EventRow>`select event_id, pubkey, created_at, kind, tags, content, sig from events
    where group_id is not null and ${moderation} ${which} order by id`.execute(db);
  return rows.map(toEvent);
};

/** The newest time of the city's own events of each place, by place. Throws on I/O. */
export const loadStamps = async (db: Database, own: string): Promise<Map<string, number>> => {
  const { rows } = await sql<{ group_id: string; newest: number }>`
    select group_id, max(created_at) as newest from events
    where pubkey = ${own} and kind between ${sql.lit(kinds.GROUP_METADATA)} and ${sql.lit(kinds.GROUP_PINS)}
    group by group_id`.execute(db);
  return new Map(rows.map((row) => [row.group_id, row.newest]));
};

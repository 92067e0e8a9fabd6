/** Filters and audiences as SQL conditions on `events`. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Filter } from '#protocol/filters.ts';
import { tagConditions } from '#protocol/filters.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Audience } from './audience.ts';

export type Condition = RawBuilder<boolean>;

const MAX_TIME = 2 ** 31 - 1; // created_at is a 32-bit integer, as in seed 000

const textArray = (values: readonly string[]) => sql`${values}::text[]`;
const intArray = (values: readonly number[]) => sql`${values}::int[]`;
/** Seconds as the database's integer. */
export const time = (seconds: number) => Math.min(seconds, MAX_TIME);

const tagCondition = (name: string, values: readonly string[]): Condition =>
  sql<boolean>`e.event_id in (select t.event_id from event_tags t where t.name = ${name} and t.value = any(${textArray(values)}))`;

/** NIP-01's conditions but for the tags that the caller joins itself, and the limit. */
export const filterConditions = (filter: Filter, joined?: string): Condition[] => [
  ...(filter.ids ? [sql<boolean>`e.event_id = any(${textArray(filter.ids)})`] : []),
  ...(filter.authors ? [sql<boolean>`e.pubkey = any(${textArray(filter.authors)})`] : []),
  ...(filter.kinds ? [sql<boolean>`e.kind = any(${intArray(filter.kinds)})`] : []),
  ...(filter.since === undefined ? [] : [sql<boolean>`e.created_at >= ${time(filter.since)}::int`]),
  ...(filter.until === undefined ? [] : [sql<boolean>`e.created_at <= ${time(filter.until)}::int`]),
  ...tagConditions(filter).flatMap(([name, values]) => (name === joined ? [] : [tagCondition(name, values)])),
];

const mayReturn = (filter: Filter, ...wanted: readonly number[]): boolean =>
  !filter.kinds || filter.kinds.some((kind) => wanted.includes(kind));

const privateConditions = (filter: Filter, { keys, administered, moderated }: Audience): Condition[] => [
  ...(mayReturn(filter, kinds.LEGACY_DIRECT_MESSAGE, kinds.GIFT_WRAP)
    ? [
        sql<boolean>`(e.kind not in (${sql.lit(kinds.LEGACY_DIRECT_MESSAGE)}, ${sql.lit(kinds.GIFT_WRAP)})
          or e.pubkey = any(${textArray(keys)})
          or exists (select 1 from event_tags r where r.event_id = e.event_id and r.name = 'p'
            and r.value = any(${textArray(keys)})))`,
      ]
    : []),
  ...(mayReturn(filter, kinds.APP_DATA)
    ? [
        sql<boolean>`(e.kind <> ${sql.lit(kinds.APP_DATA)} or e.identifier <> 'devices' or e.pubkey = any(${textArray(keys)}))`,
      ]
    : []),
  ...(mayReturn(filter, kinds.CREATE_INVITE, kinds.JOIN_REQUEST)
    ? [
        sql<boolean>`(e.kind not in (${sql.lit(kinds.CREATE_INVITE)}, ${sql.lit(kinds.JOIN_REQUEST)})
          or (e.kind = ${sql.lit(kinds.JOIN_REQUEST)} and e.pubkey = any(${textArray(keys)}))
          or e.group_id = any(${textArray(administered)})
          or (e.kind = ${sql.lit(kinds.JOIN_REQUEST)} and e.group_id = any(${textArray(moderated)})
            and not jsonb_path_exists(e.tags, '$[*] ? (@[0] == "code")')))`,
      ]
    : []),
];

/** 39000, 39001, 39003: shown of private places too; the people of a private place (39002, 39004) and its pins are talk. */
const describing = [kinds.GROUP_METADATA, kinds.GROUP_ADMINS, kinds.GROUP_ROLES];

const placeConditions = ({ closedPlaces, hiddenPlaces, deletedPlaces }: Audience): Condition[] => [
  ...(closedPlaces.length > 0
    ? [
        sql<boolean>`(e.group_id is null or e.kind = any(${intArray(describing)}) or e.group_id <> all(${textArray(closedPlaces)}))`,
      ]
    : []),
  ...(hiddenPlaces.length > 0
    ? [sql<boolean>`(e.group_id is null or e.group_id <> all(${textArray(hiddenPlaces)}))`]
    : []),
  ...(deletedPlaces.length > 0
    ? [
        sql<boolean>`(e.group_id is null or e.kind = ${sql.lit(kinds.DELETE_GROUP)} or e.group_id <> all(${textArray(deletedPlaces)}))`,
      ]
    : []),
];

/** What this audience may see of what a filter asks, at a time (Unix seconds; NIP-40). */
export const audienceConditions = (filter: Filter, audience: Audience, now: number): Condition[] => [
  sql<boolean>`(e.expires_at is null or e.expires_at > ${now}::bigint)`,
  ...privateConditions(filter, audience),
  ...placeConditions(audience),
];

/** Filters and audiences as SQL conditions on `events`. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Filter } from '#protocol/filters.ts';
import { tagConditions } from '#protocol/filters.ts';
import { DEVICE_LIST, OWN_PREFIX } from '#protocol/lists/own-business.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Audience } from './audience.ts';
import { askOf } from './search/ask.ts';

export type Condition = RawBuilder<boolean>;

const MAX_TIME = 2 ** 31 - 1; // created_at is a 32-bit integer, as in seed 000

export const textArray = (values: readonly string[]) => sql`${values}::text[]`;
export const intArray = (values: readonly number[]) => sql`${values}::int[]`;
/** Seconds as the database's integer. */
const time = (seconds: number) => Math.min(seconds, MAX_TIME);

/** What a filter names, condition by condition: a question answers some by where it walks, the others here. */
export const nameConditions = ({ ids, authors, kinds: numbers }: Filter): Condition[] => [
  ...(ids ? [sql<boolean>`e.event_id = any(${textArray(ids)})`] : []),
  ...(authors ? [sql<boolean>`e.pubkey = any(${textArray(authors)})`] : []),
  ...(numbers ? [sql<boolean>`e.kind = any(${intArray(numbers)})`] : []),
];

/** `since` and `until` on a column; always of the index that is walked, else a page of long ago walks through all since. */
export const timeConditions = ({ since, until }: Filter, column: RawBuilder<unknown>): Condition[] => [
  ...(since === undefined ? [] : [sql<boolean>`${column} >= ${time(since)}::int`]),
  ...(until === undefined ? [] : [sql<boolean>`${column} <= ${time(until)}::int`]),
];

/** NIP-50: the words; a search without a word finds nothing. */
export const searchConditions = ({ search }: Filter): Condition[] => {
  if (search === undefined) return [];
  const ask = askOf(search);
  return [ask === undefined ? sql<boolean>`false` : sql<boolean>`e.words @@ ${ask}::tsquery`];
};

/** How well the words fit, best first: names before descriptions before what is said. */
export const searchOrder = ({ search }: Filter): RawBuilder<unknown> => {
  const ask = search === undefined ? undefined : askOf(search);
  return ask === undefined ? sql`` : sql`ts_rank(e.words, ${ask}::tsquery) desc,`;
};

/**
 * Tag conditions looked up event by event: `offset 0` keeps the planner from gathering everything that has such a tag
 * first, which would cost what the store holds.
 */
export const tagProbes = (filter: Filter, walked?: string): Condition[] =>
  tagConditions(filter).flatMap(([name, values]) =>
    name === walked
      ? []
      : [
          sql<boolean>`exists (select 1 from event_tags t where t.event_id = e.event_id
            and t.name = ${name} and t.value = any(${textArray(values)}) offset 0)`,
        ],
  );

/** The same as sets, for counting everything that matches: there the planner may choose. */
export const tagSets = (filter: Filter): Condition[] =>
  tagConditions(filter).map(([name, values]) => {
    const conditions = [
      sql<boolean>`t.name = ${name} and t.value = any(${textArray(values)})`,
      ...(filter.kinds ? [sql<boolean>`t.kind = any(${intArray(filter.kinds)})`] : []),
      ...timeConditions(filter, sql.raw('t.created_at')),
    ];
    return sql<boolean>`e.event_id in (select t.event_id from event_tags t where ${sql.join(conditions, sql` and `)})`;
  });

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
        sql<boolean>`(e.kind <> ${sql.lit(kinds.APP_DATA)}
          or (e.identifier <> ${sql.lit(DEVICE_LIST)} and not starts_with(e.identifier, ${sql.lit(OWN_PREFIX)}))
          or e.pubkey = any(${textArray(keys)}))`,
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

/** NIP-01 questions in SQL: newest first, ties by the lower id. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { NostrEvent } from '#protocol/event.ts';
import { newestFirst } from '#protocol/event.ts';
import { isEmptyFilter, tagConditions } from '#protocol/filters.ts';
import type { Filter } from '#protocol/filters.ts';
import type { Item } from '#protocol/negentropy/item-set.ts';
import type { Database } from '../db/database.ts';
import type { Audience } from './audience.ts';
import { audienceConditions, filterConditions, time } from './conditions.ts';
import { toEvent } from './rows.ts';
import type { EventRow } from './rows.ts';

interface Question {
  readonly filter: Filter;
  readonly audience: Audience;
  /** Unix seconds. */
  readonly now: number;
}

const columns = sql.raw('e.event_id, e.pubkey, e.created_at, e.kind, e.tags, e.content, e.sig');

/**
 * A tag condition with one value leads: its index gives the newest first, so the limit ends the walk early. With
 * several values an event could come twice, so they stay a subquery.
 */
const leadingTag = (filter: Filter): [string, string] | undefined => {
  if (filter.ids) return undefined;
  for (const [name, values] of tagConditions(filter)) if (values.length === 1) return [name, values[0] ?? ''];
  return undefined;
};

/** The bounds of time stand on the index too: else a page of long ago walks through everything that came after it. */
const leadConditions = ({ since, until }: Filter, [name, value]: [string, string]) => [
  sql<boolean>`l.name = ${name}`,
  sql<boolean>`l.value = ${value}`,
  ...(since === undefined ? [] : [sql<boolean>`l.created_at >= ${time(since)}::int`]),
  ...(until === undefined ? [] : [sql<boolean>`l.created_at <= ${time(until)}::int`]),
];

const sourceOf = ({
  filter,
  audience,
  now,
}: Question): { from: RawBuilder<unknown>; where: RawBuilder<unknown> } => {
  const lead = leadingTag(filter);
  const conditions = [...filterConditions(filter, lead?.[0]), ...audienceConditions(filter, audience, now)];
  if (lead) conditions.push(...leadConditions(filter, lead));
  return {
    from: lead ? sql`event_tags l join events e on e.event_id = l.event_id` : sql`events e`,
    where: sql.join(conditions, sql` and `),
  };
};

const selectEvents = (question: Question, limit: number): RawBuilder<EventRow> => {
  const { from, where } = sourceOf(question);
  const order = leadingTag(question.filter)
    ? sql`l.created_at desc, l.event_id`
    : sql`e.created_at desc, e.event_id`;
  return sql<EventRow>`select ${columns} from ${from} where ${where} order by ${order} limit ${limit}`;
};

const textOf = (event: NostrEvent): number =>
  event.tags.reduce(
    (sum, tag) => tag.reduce((length, part) => length + part.length, sum),
    event.content.length,
  );

/** The newest events whose text together stays within so many characters. */
const newestWithin = (events: readonly NostrEvent[], most: number): NostrEvent[] => {
  let room = most;
  const end = events.findIndex((event) => (room -= textOf(event)) < 0);
  return events.slice(0, end < 0 ? events.length : end);
};

/**
 * Stored events that match any filter, newest first, each once; `most` bounds every filter's limit, `mostText` what
 * several filters bring together. One filter after the other, so that one question is never many at once. Throws on I/O.
 */
export const findEvents = async (
  db: Database,
  filters: readonly Filter[],
  scope: {
    readonly audience: Audience;
    readonly now: number;
    readonly most: number;
    readonly mostText: number;
  },
): Promise<NostrEvent[]> => {
  let found: NostrEvent[] = [];
  for (const filter of filters.filter((each) => !isEmptyFilter(each))) {
    const limit = Math.min(filter.limit ?? scope.most, scope.most);
    const { rows } = await selectEvents({ filter, ...scope }, limit).execute(db);
    const events = rows.map(toEvent);
    if (found.length === 0) found = events;
    else {
      const merged = new Map([...found, ...events].map((event) => [event.id, event]));
      found = newestWithin([...merged.values()].sort(newestFirst), scope.mostText);
    }
  }
  return found;
};

/** How many stored events match any filter (NIP-45); limits don't count. Throws on I/O. */
export const countEvents = async (
  db: Database,
  filters: readonly Filter[],
  scope: { readonly audience: Audience; readonly now: number },
): Promise<number> => {
  const parts = filters
    .map(({ limit: _limit, ...filter }): Filter => filter)
    .filter((filter) => !isEmptyFilter(filter))
    .map((filter) => {
      const { from, where } = sourceOf({ filter, ...scope });
      return sql`select e.event_id from ${from} where ${where}`;
    });
  if (parts.length === 0) return 0;
  // Only several filters may find an event twice, and sorting that out costs most of the time.
  const matching = parts.length === 1 ? sql.join(parts) : sql.join(parts, sql` union `);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (${matching}) as matching`.execute(db);
  return rows[0]?.count ?? 0;
};

/** How many are read at once: between two pages others get their turn at the database. */
const ITEMS_A_PAGE = 20_000;

/**
 * Times and ids of stored events that match, newest first, for reconciling (NIP-77): undefined for more than `most`. A filter's
 * limit counts. Throws on I/O.
 */
export const findItems = async (
  db: Database,
  filter: Filter,
  scope: { readonly audience: Audience; readonly now: number; readonly most: number },
): Promise<Item[] | undefined> => {
  if (isEmptyFilter(filter)) return [];
  const { from, where } = sourceOf({ filter, ...scope });
  const [at, id] = leadingTag(filter)
    ? [sql.raw('l.created_at'), sql.raw('l.event_id')]
    : [sql.raw('e.created_at'), sql.raw('e.event_id')];
  const wanted = Math.min(filter.limit ?? Infinity, scope.most + 1);
  const found: Item[] = [];
  for (;;) {
    const last = found.at(-1);
    const after = last
      ? sql`and ${at} <= ${last.at}::int and (${at} < ${last.at}::int or ${id} > ${last.id})`
      : sql``;
    const size = Math.min(ITEMS_A_PAGE, wanted - found.length);
    // One row a page: a hundred thousand small ones cost more on their way here than in the database.
    const { rows } = await sql<{ ids: string | null; times: string | null }>`
      select string_agg(page.id, ' ') as ids, string_agg(page.at::text, ' ') as times from (
        select ${id} as id, ${at} as at from ${from} where ${where} ${after} order by ${at} desc, ${id} limit ${size}
      ) page`.execute(db);
    const ids = rows[0]?.ids?.split(' ') ?? [];
    const times = rows[0]?.times?.split(' ') ?? [];
    ids.forEach((one, index) => found.push({ id: one, at: Number(times[index]) }));
    if (found.length > scope.most) return undefined;
    if (ids.length < size || found.length >= wanted) return found;
  }
};

/** NIP-01 questions in SQL: newest first, ties by the lower id. */
import { sql } from 'kysely';
import type { NostrEvent } from '#protocol/event.ts';
import { newestFirst } from '#protocol/event.ts';
import { isEmptyFilter } from '#protocol/filters.ts';
import type { Filter } from '#protocol/filters.ts';
import type { Item } from '#protocol/negentropy/item-set.ts';
import type { Database } from '../db/database.ts';
import type { Audience } from './audience.ts';
import {
  audienceConditions,
  nameConditions,
  searchConditions,
  tagSets,
  timeConditions,
} from './conditions.ts';
import { toEvent } from './rows.ts';
import type { EventRow } from './rows.ts';
import { selectItems, selectRows } from './walk.ts';
import type { Question } from './walk.ts';

const columns = sql.raw('e.event_id, e.pubkey, e.created_at, e.kind, e.tags, e.content, e.sig');

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
    const { rows } = await selectRows<EventRow>({ filter, ...scope }, columns, limit).execute(db);
    const events = rows.map(toEvent);
    if (found.length === 0) found = events;
    else {
      const merged = new Map([...found, ...events].map((event) => [event.id, event]));
      // What was searched for comes in the order of how well it fits, filter by filter (NIP-50).
      const all = filters.some(({ search }) => search !== undefined)
        ? [...merged.values()]
        : [...merged.values()].sort(newestFirst);
      found = newestWithin(all, scope.mostText);
    }
  }
  return found;
};

const matching = ({ filter, audience, now }: Question) => {
  const conditions = [
    ...nameConditions(filter),
    ...timeConditions(filter, sql.raw('e.created_at')),
    ...tagSets(filter),
    ...searchConditions(filter),
    ...audienceConditions(filter, audience, now),
  ];
  return sql`select e.event_id from events e where ${sql.join(conditions, sql` and `)}`;
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
    .map((filter) => matching({ filter, ...scope }));
  if (parts.length === 0) return 0;
  // Only several filters may find an event twice, and sorting that out costs most of the time.
  const all = parts.length === 1 ? sql.join(parts) : sql.join(parts, sql` union `);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (${all}) as matching`.execute(db);
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
  const question = { filter, ...scope };
  const wanted = Math.min(filter.limit ?? Infinity, scope.most + 1);
  const found: Item[] = [];
  for (;;) {
    const size = Math.min(ITEMS_A_PAGE, wanted - found.length);
    // One row a page: a hundred thousand small ones cost more on their way here than in the database.
    const { rows } = await sql<{ ids: string | null; times: string | null }>`
      select string_agg(page.event_id, ' ') as ids, string_agg(page.created_at::text, ' ') as times
      from (${selectItems(question, size, found.at(-1))}) page`.execute(db);
    const ids = rows[0]?.ids?.split(' ') ?? [];
    const times = rows[0]?.times?.split(' ') ?? [];
    ids.forEach((one, index) => found.push({ id: one, at: Number(times[index]) }));
    if (found.length > scope.most) return undefined;
    if (ids.length < size || found.length >= wanted) return found;
  }
};

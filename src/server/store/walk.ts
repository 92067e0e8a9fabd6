/**
 * How a question walks through the store: always down an index that has the newest first, so that its limit ends the walk and the
 * cost grows with the answer, not with the store. Several values (two places, three kinds) are several walks, merged.
 */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { tagConditions } from '#protocol/filters.ts';
import type { Filter } from '#protocol/filters.ts';
import type { Audience } from './audience.ts';
import {
  audienceConditions,
  intArray,
  nameConditions,
  searchConditions,
  searchOrder,
  tagProbes,
  textArray,
  timeConditions,
} from './conditions.ts';
import type { Condition } from './conditions.ts';

export interface Question {
  readonly filter: Filter;
  readonly audience: Audience;
  /** Unix seconds. */
  readonly now: number;
}

/** Where a page ended: the next one begins after it. */
export interface PageEnd {
  readonly at: number;
  readonly id: string;
}

interface Walk {
  /** Pairs `c(v, k)` of a value and a kind, each walked by itself; none: one walk. */
  readonly cells?: RawBuilder<unknown>;
  readonly from: RawBuilder<unknown>;
  readonly conditions: readonly Condition[];
  /** The columns of the index that give the order. */
  readonly at: RawBuilder<unknown>;
  readonly id: RawBuilder<unknown>;
}

/** More walks than this would cost more than one walk that looks at everything on its way. */
const MAX_CELLS = 4000;

/** Tags that name one thing, whoever speaks of it. */
const POINTING = ['e', 'a', 'q', 'E', 'A', 'r'];
/** Other tags, the rarest first. */
const COMMON = ['p', 'h', 'd', 'i', 'g', 't'];

const and = (conditions: readonly Condition[]) => sql.join(conditions, sql` and `);

/** The tag to walk by; an author wrote less than a place holds or a topic gathers. */
const walkedTag = (filter: Filter): [string, readonly string[]] | undefined => {
  const tags = new Map(tagConditions(filter));
  const names = filter.authors ? POINTING : [...POINTING, ...COMMON, ...tags.keys()];
  const name = names.find((each) => tags.has(each));
  return name === undefined ? undefined : [name, tags.get(name) ?? []];
};

/** The kinds to walk: those named, or those that there are for a value, each found by one step in the index. */
const cellsOf = (
  values: readonly string[],
  numbers: readonly number[] | undefined,
  of: (value: RawBuilder<unknown>) => RawBuilder<unknown>,
): RawBuilder<unknown> => {
  const each = sql`unnest(${textArray(values)}) as v`;
  if (numbers) return sql`(select v, k from ${each} cross join unnest(${intArray(numbers)}) as k) as c`;
  const next = (more: RawBuilder<unknown>) =>
    sql`(select s.kind from ${of(sql.raw('u.v'))} ${more} order by s.kind limit 1)`;
  return sql`(select u.v, f.k from (select v from ${each}) as u cross join lateral (
    with recursive found(k) as (
      ${next(sql``)} union all select ${next(sql`and s.kind > found.k`)} from found where found.k is not null)
    select k from found where k is not null) as f) as c`;
};

const byTag = (filter: Filter, [name, values]: [string, readonly string[]]): Walk => {
  const source = (value: RawBuilder<unknown>) =>
    sql`event_tags s where s.name = ${name} and s.value = ${value}`;
  const single = values.length === 1 && filter.kinds?.length === 1;
  const [value, kind] = single
    ? [sql`${values[0]}`, sql`${filter.kinds[0]}::int`]
    : [sql.raw('c.v'), sql.raw('c.k')];
  return {
    ...(single ? {} : { cells: cellsOf(values, filter.kinds, source) }),
    from: sql`event_tags l cross join lateral (select * from events x where x.event_id = l.event_id offset 0) e`,
    conditions: [
      sql<boolean>`l.name = ${name} and l.value = ${value} and l.kind = ${kind}`,
      ...timeConditions(filter, sql.raw('l.created_at')),
      ...nameConditions({ ...(filter.authors ? { authors: filter.authors } : {}) }),
      ...tagProbes(filter, name),
    ],
    at: sql.raw('l.created_at'),
    id: sql.raw('l.event_id'),
  };
};

const own = { from: sql.raw('events e'), at: sql.raw('e.created_at'), id: sql.raw('e.event_id') };

const byAuthor = (filter: Filter, authors: readonly string[]): Walk => {
  const source = (value: RawBuilder<unknown>) => sql`events s where s.pubkey = ${value}`;
  const single = authors.length === 1 && filter.kinds?.length === 1;
  const condition = single
    ? sql<boolean>`e.pubkey = ${authors[0]} and e.kind = ${filter.kinds[0]}::int`
    : sql<boolean>`e.pubkey = c.v and e.kind = c.k`;
  return {
    ...own,
    ...(single ? {} : { cells: cellsOf(authors, filter.kinds, source) }),
    conditions: [condition, ...timeConditions(filter, own.at), ...tagProbes(filter)],
  };
};

const byKind = (filter: Filter, numbers: readonly number[]): Walk => {
  const single = numbers.length === 1;
  const condition = single ? sql<boolean>`e.kind = ${numbers[0]}::int` : sql<boolean>`e.kind = c.k`;
  return {
    ...own,
    ...(single ? {} : { cells: sql`(select k from unnest(${intArray(numbers)}) as k) as c` }),
    conditions: [condition, ...timeConditions(filter, own.at), ...tagProbes(filter)],
  };
};

/** Down the time of everything; also by ids, which are few, and by words, whose index has no order. */
const byTime = (filter: Filter): Walk => ({
  ...own,
  conditions: [...nameConditions(filter), ...timeConditions(filter, own.at), ...tagProbes(filter)],
});

const walkOf = (filter: Filter): Walk => {
  const tag = walkedTag(filter);
  const kindCount = filter.kinds?.length ?? 16;
  if (filter.ids || filter.search !== undefined) return byTime(filter);
  if (tag && tag[1].length * kindCount <= MAX_CELLS) return byTag(filter, tag);
  if (filter.authors && filter.authors.length * kindCount <= MAX_CELLS)
    return byAuthor(filter, filter.authors);
  return !tag && !filter.authors && filter.kinds ? byKind(filter, filter.kinds) : byTime(filter);
};

const pageConditions = ({ at, id }: Walk, after: PageEnd | undefined): Condition[] =>
  after
    ? [sql<boolean>`${at} <= ${after.at}::int and (${at} < ${after.at}::int or ${id} > ${after.id})`]
    : [];

const allConditions = (
  walk: Walk,
  { filter, audience, now }: Question,
  after?: PageEnd,
): RawBuilder<unknown> =>
  and([
    ...walk.conditions,
    ...pageConditions(walk, after),
    ...searchConditions(filter),
    ...audienceConditions(filter, audience, now),
  ]);

/** The newest matching events' `created_at` and `event_id`, in order; at most so many, after where a page ended. */
export const selectItems = (question: Question, limit: number, after?: PageEnd): RawBuilder<unknown> => {
  const walk = walkOf(question.filter);
  const { cells, from, at, id } = walk;
  const one = sql`select ${at} as created_at, ${id} as event_id from ${from}
    where ${allConditions(walk, question, after)} order by ${at} desc, ${id} limit ${limit}`;
  if (!cells) return one;
  return sql`select distinct w.created_at, w.event_id from ${cells} cross join lateral (${one}) as w
    order by w.created_at desc, w.event_id limit ${limit}`;
};

/** The newest matching events with the given columns of `e`, in order; searches by how well the words fit, then newest. */
export const selectRows = <Row>(
  question: Question,
  columns: RawBuilder<unknown>,
  limit: number,
): RawBuilder<Row> => {
  const walk = walkOf(question.filter);
  const { cells, from, at, id } = walk;
  if (cells)
    return sql<Row>`select ${columns} from (${selectItems(question, limit)}) as page
      cross join lateral (select * from events x where x.event_id = page.event_id limit 1) as e
      order by page.created_at desc, page.event_id`;
  const order = sql`${at} desc, ${id}`;
  return sql<Row>`select ${columns} from ${from} where ${allConditions(walk, question)}
    order by ${searchOrder(question.filter)} ${order} limit ${limit}`;
};

/** NIP-01 filters: shape, strict parsing, matching. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { NostrEvent } from './event.ts';

/** A NIP-01 filter; tag conditions are the keys `#a` … `#Z`. An empty list matches nothing. */
export interface Filter {
  readonly ids?: readonly string[];
  readonly authors?: readonly string[];
  readonly kinds?: readonly number[];
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
  readonly search?: string;
  readonly [tag: `#${string}`]: readonly string[] | undefined;
}

export type FilterFailure = Failure<'filter'>;

const tagKey = /^#[a-zA-Z]$/;
const MAX_VALUES = 1000;

type Check = (value: unknown) => boolean;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= MAX_VALUES && value.every(check);
const seconds: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const fields: Readonly<Record<string, Check>> = {
  ids: listOf(isHex64),
  authors: listOf(isHex64),
  kinds: listOf((value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65535),
  since: seconds,
  until: seconds,
  limit: seconds,
  search: (value) => typeof value === 'string' && value.length <= 256,
};
const tagValuesCheck = listOf((value) => typeof value === 'string' && value.length <= 1024);

/**
 * Strict NIP-01 filter. Unknown fields are refused (silence would answer another question than was asked).
 * An empty list is allowed and matches nothing (`isEmptyFilter`), as other relays have it.
 */
export const parseFilter = (value: unknown): Result<Filter, FilterFailure> => {
  if (!isRecord(value)) return fail('filter', 'a filter is a JSON object');
  for (const [key, field] of Object.entries(value)) {
    const check = Object.hasOwn(fields, key) ? fields[key] : tagKey.test(key) ? tagValuesCheck : undefined;
    if (!check) return fail('filter', `unknown filter field ${JSON.stringify(key.slice(0, 32))}`);
    if (!check(field)) return fail('filter', `filter field ${key} is malformed`);
  }
  return ok(value as Filter);
};

const conditionsOf = new WeakMap<Filter, readonly [string, readonly string[]][]>();

/** The tag conditions of a filter as [letter, values] pairs; taken apart once, for a filter is matched again and again. */
export const tagConditions = (filter: Filter): readonly [string, readonly string[]][] => {
  const known = conditionsOf.get(filter);
  if (known) return known;
  const conditions = Object.entries(filter).flatMap(([key, values]): [string, readonly string[]][] =>
    key.startsWith('#') && Array.isArray(values) ? [[key.slice(1), values as readonly string[]]] : [],
  );
  conditionsOf.set(filter, conditions);
  return conditions;
};

/** True when a filter cannot match any event: one of its lists is empty, or its limit is 0. */
export const isEmptyFilter = (filter: Filter): boolean =>
  filter.limit === 0 || Object.values(filter).some((field) => Array.isArray(field) && field.length === 0);

/** NIP-01 matching of one event (limit and search aside). */
export const matchesFilter = (filter: Filter, event: NostrEvent): boolean => {
  if (filter.ids && !filter.ids.includes(event.id)) return false;
  if (filter.kinds && !filter.kinds.includes(event.kind)) return false;
  if (filter.authors && !filter.authors.includes(event.pubkey)) return false;
  if (filter.since !== undefined && event.created_at < filter.since) return false;
  if (filter.until !== undefined && event.created_at > filter.until) return false;
  return tagConditions(filter).every(([letter, values]) =>
    event.tags.some((tag) => tag[0] === letter && tag[1] !== undefined && values.includes(tag[1])),
  );
};

/** True when any of the filters matches. */
export const matchesAny = (filters: readonly Filter[], event: NostrEvent): boolean =>
  filters.some((filter) => matchesFilter(filter, event));

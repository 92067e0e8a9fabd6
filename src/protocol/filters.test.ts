import fc from 'fast-check';
import { matchFilter } from 'nostr-tools/filter';
import { expect, test } from 'vitest';
import { anyEvent, anyJson, anyText, hex64 } from '../../tests/support/wire-arbitraries.ts';
import type { NostrEvent } from './event.ts';
import { isEmptyFilter, matchesAny, matchesFilter, parseFilter, tagConditions } from './filters.ts';
import type { Filter } from './filters.ts';

const times = fc.integer({ min: 1, max: 6 });
const few = fc.constantFrom('a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64));
const kind = fc.constantFrom(1, 7, 9);

// A small world, so that filters and events meet often.
const event: fc.Arbitrary<NostrEvent> = fc.record({
  id: few,
  pubkey: few,
  created_at: times,
  kind,
  tags: fc.array(
    fc.oneof(
      fc.tuple(fc.constantFrom('h', 'p', 'e', 'hh', 'H'), few),
      fc.tuple(fc.constantFrom('h', '-', 'p')),
    ),
    { minLength: 1, maxLength: 6 },
  ),
  content: fc.constant(''),
  sig: fc.constant('f'.repeat(128)),
});
const some = <T>(item: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.array(item, { minLength: 2, maxLength: 5 }) }, fc.constant<T[]>([]));
const filter: fc.Arbitrary<Filter> = fc.record(
  {
    ids: some(few),
    authors: some(few),
    kinds: some(kind),
    since: fc.integer({ min: 1, max: 3 }),
    until: fc.integer({ min: 3, max: 6 }),
    '#h': some(few),
    '#p': some(few),
  },
  { requiredKeys: [] },
);

/** NIP-01 read aloud. */
const naive = (filter: Filter, event: NostrEvent): boolean => {
  const failures: boolean[] = [];
  for (const [key, condition] of Object.entries(filter)) {
    if (key === 'ids') failures.push(!(condition as string[]).some((id) => id === event.id));
    else if (key === 'authors') failures.push(!(condition as string[]).some((key) => key === event.pubkey));
    else if (key === 'kinds')
      failures.push(!(condition as unknown as number[]).some((kind) => kind === event.kind));
    else if (key === 'since') failures.push(event.created_at < Number(condition));
    else if (key === 'until') failures.push(event.created_at > Number(condition));
    else {
      const held = new Set(
        event.tags.filter((tag) => `#${tag[0]}` === key && tag.length > 1).map((tag) => tag[1]),
      );
      failures.push(!(condition as string[]).some((value) => held.has(value)));
    }
  }
  return !failures.includes(true);
};

test('matchesFilter agrees with NIP-01 read aloud and with nostr-tools', () => {
  let hits = 0;
  fc.assert(
    fc.property(filter, event, (filter, event) => {
      const matched = matchesFilter(filter, event);
      hits += Number(matched);
      expect(matched).toBe(naive(filter, event));
      const copy = structuredClone({ filter, event });
      expect(matched).toBe(matchFilter(copy.filter as never, copy.event as never));
    }),
    { numRuns: 3000 },
  );
  expect(hits).toBeGreaterThan(50);
});

test('an event found by a filter is found by any list that holds it, and by no empty one', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      expect(matchesFilter({}, event)).toBe(true);
      expect(matchesFilter({ ids: [event.id], kinds: [event.kind], until: event.created_at }, event)).toBe(
        true,
      );
      expect(matchesFilter({ ids: [] }, event)).toBe(false);
      expect(matchesAny([{ ids: [] }, { authors: [event.pubkey] }], event)).toBe(true);
      expect(matchesAny([], event)).toBe(false);
    }),
  );
});

test('isEmptyFilter: what it calls empty matches nothing', () => {
  fc.assert(
    fc.property(filter, event, (filter, event) => {
      if (isEmptyFilter(filter)) expect(matchesFilter(filter, event)).toBe(false);
    }),
    { numRuns: 1000 },
  );
  expect([{ limit: 0 }, { '#h': [] }, { ids: [] }].every(isEmptyFilter)).toBe(true);
  expect([{}, { limit: 1 }, { search: '' }, { since: 0 }].some(isEmptyFilter)).toBe(false);
});

const keys = fc.constantFrom(
  'ids',
  'authors',
  'kinds',
  'since',
  'until',
  'limit',
  'search',
  '#h',
  '#é',
  '#hh',
  'x',
);

test('parseFilter never throws on any JSON; what it takes, it takes unchanged', () => {
  const odd = fc.dictionary(fc.oneof(keys, anyText), fc.oneof(anyJson, fc.array(hex64), fc.nat()));
  fc.assert(
    fc.property(fc.oneof(anyJson, odd), (value) => {
      const result = parseFilter(value);
      if (result.ok) expect(result.value).toEqual(value);
      else expect(result.error.code).toBe('filter');
    }),
    { numRuns: 1000 },
  );
});

test('parseFilter takes every right filter', () => {
  fc.assert(
    fc.property(filter, (filter) => void expect(parseFilter(filter)).toEqual({ ok: true, value: filter })),
  );
});

test.each([
  [{ ids: ['A'.repeat(64)] }, 'an upper-case id'],
  [{ ids: ['ab'] }, 'a prefix of an id'],
  [{ authors: 'a'.repeat(64) }, 'a string for a list'],
  [{ kinds: [1.5] }, 'half a kind'],
  [{ kinds: ['1'] }, 'a kind in quotes'],
  [{ since: -1 }, 'a negative time'],
  [{ until: 1e300 }, 'a time without precision'],
  [{ limit: null }, 'no limit'],
  [{ '#hh': ['x'] }, 'a long tag name'],
  [{ '#': ['x'] }, 'no tag name'],
  [{ '#é': ['x'] }, 'a letter beyond ASCII'],
  [{ '#h': [1] }, 'a number as tag value'],
  [{ '#h': ['x'.repeat(1025)] }, 'an endless tag value'],
  [{ kinds: Array.from({ length: 1001 }, () => 1) }, 'more than 1000 values'],
  [{ search: 'x'.repeat(257) }, 'an endless search'],
  [{ toString: [] }, 'an inherited name'],
  [JSON.parse('{"__proto__": []}'), 'a prototype'],
  [[], 'an array'],
  [null, 'null'],
])('parseFilter refuses %j: %s', (value) => {
  expect(parseFilter(value).ok).toBe(false);
});

test('tagConditions lists the tag keys only', () => {
  expect(tagConditions({ kinds: [1], '#h': ['a'], '#P': ['b', 'c'], limit: 1 })).toEqual([
    ['h', ['a']],
    ['P', ['b', 'c']],
  ]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import {
  addressOf,
  isPlaced,
  MAX_INDEXED_TAGS,
  parseAddress,
  placeOf,
  toEvent,
  toRow,
  toTagRows,
} from './rows.ts';

const make = (kind: number, tags: string[][]): NostrEvent => ({
  id: '1'.repeat(64),
  pubkey: '2'.repeat(64),
  kind,
  tags,
  content: 'x',
  created_at: 5,
  sig: '3'.repeat(128),
});

test('an event goes into a row and comes back the same', () => {
  const tags = fc.array(fc.array(fc.string(), { minLength: 1 }));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65535 }), tags, (kind, list) => {
      const event = make(kind, list);
      expect(toEvent(toRow(event))).toEqual(event);
    }),
  );
});

test('the place is h, but d for what the city says of a place', () => {
  expect(
    placeOf(
      make(1, [
        ['h', 'a'],
        ['d', 'b'],
      ]),
    ),
  ).toBe('a');
  expect(placeOf(make(39000, [['d', 'b']]))).toBe('b');
  expect(placeOf(make(1, []))).toBeUndefined();
});

test('an event is in one place or in none: what a question finds is what was judged', () => {
  const tags = fc.array(fc.constantFrom<string[]>(['h'], ['h', ''], ['h', 'a'], ['h', 'b'], ['t', 'a']));
  fc.assert(
    fc.property(tags, (list) => {
      const event = make(1, list);
      const found = toTagRows(event).flatMap(({ name, value }) => (name === 'h' ? [value] : []));
      const judged = placeOf(event);
      if (isPlaced(event)) expect(found).toEqual(judged === undefined ? [] : [judged]);
      else expect(list.filter(([name]) => name === 'h')).not.toEqual([]);
    }),
  );
});

test('tag rows are single letters, each once, h and d always among the first 32', () => {
  const many = Array.from({ length: 100 }, (_, i) => ['t', String(i)]);
  const rows = toTagRows(make(1, [...many, ['imeta', 'x'], ['t', '1'], ['h', 'well']]));
  expect(rows).toHaveLength(MAX_INDEXED_TAGS);
  expect(rows[0]).toMatchObject({ name: 'h', value: 'well', created_at: 5 });
  expect(toTagRows(make(1, [['t', 'a'], ['t', 'a'], ['t'], ['long', 'x']]))).toHaveLength(1);
});

test('addresses of what is replaced, and back', () => {
  const author = '2'.repeat(64);
  expect(addressOf(make(0, []))).toBe(`0:${author}:`);
  expect(addressOf(make(30023, [['d', 'a:b']]))).toBe(`30023:${author}:a:b`);
  expect(addressOf(make(1, []))).toBeUndefined();
  expect(parseAddress(`30023:${author}:a:b`)).toEqual({ kind: 30023, pubkey: author, identifier: 'a:b' });
  expect(parseAddress('30023:nobody:a')).toBeUndefined();
});

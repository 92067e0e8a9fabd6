import { expect, test } from 'vitest';
import fc from 'fast-check';
import { boundsOf, parseSearchAddress, questionOf, searchAddress } from './question.ts';
import type { When, Wish } from './question.ts';

const local = (text: string) => Math.floor(new Date(text).getTime() / 1000);
const now = local('2026-11-22T14:30:00');

test('lately begins with a day, in local time', () => {
  expect(boundsOf({ kind: 'any' }, now)).toEqual({});
  expect(boundsOf({ kind: 'week' }, now)).toEqual({ since: local('2026-11-15T00:00:00') });
  expect(boundsOf({ kind: 'month' }, now)).toEqual({ since: local('2026-10-23T00:00:00') });
  expect(boundsOf({ kind: 'year' }, now)).toEqual({ since: local('2025-11-22T00:00:00') });
});

test('a range holds both its days', () => {
  expect(boundsOf({ kind: 'range', from: '2026-03-01', to: '2026-03-01' }, now)).toEqual({
    since: local('2026-03-01T00:00:00'),
    until: local('2026-03-02T00:00:00') - 1,
  });
  expect(boundsOf({ kind: 'range', from: '', to: '2026-03-01' }, now)).toEqual({
    until: local('2026-03-02T00:00:00') - 1,
  });
  expect(boundsOf({ kind: 'range', from: '2026-03-01', to: '' }, now)).toEqual({
    since: local('2026-03-01T00:00:00'),
  });
});

test('a range whose ends are the wrong way round is turned', () => {
  const turned = boundsOf({ kind: 'range', from: '2026-04-01', to: '2026-03-01' }, now);
  expect(turned).toEqual(boundsOf({ kind: 'range', from: '2026-03-01', to: '2026-04-01' }, now));
});

test('the question says only what is asked', () => {
  expect(questionOf({ text: 'boat', when: { kind: 'any' } }, ['lines'], 50, now)).toEqual({
    text: 'boat',
    tables: ['lines'],
    limit: 50,
  });
  expect(
    questionOf({ text: 'boat', place: 'p', person: 'a', when: { kind: 'week' } }, ['lines'], 50, now),
  ).toEqual({
    text: 'boat',
    tables: ['lines'],
    limit: 50,
    group: 'p',
    author: 'a',
    since: local('2026-11-15T00:00:00'),
  });
});

test('an address of nothing is bare', () => {
  expect(searchAddress({})).toBe('/search');
  expect(searchAddress({ text: '', when: { kind: 'any' } })).toBe('/search');
});

test.each([
  'when=tomorrow',
  'when=2026-02-30..',
  'when=..',
  'when=2026-01-01..2026-02-01..x',
  'by=me',
  'in=',
])('what cannot be read is left out: %s', (query) => {
  expect(parseSearchAddress(new URLSearchParams(query))).toEqual({ text: '', when: { kind: 'any' } });
});

const day = fc
  .date({ min: new Date(2000, 0, 1), max: new Date(2099, 0, 1), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const when: fc.Arbitrary<When> = fc.oneof(
  fc.constantFrom<When>({ kind: 'any' }, { kind: 'week' }, { kind: 'month' }, { kind: 'year' }),
  fc.record({ kind: fc.constant('range' as const), from: day, to: fc.oneof(day, fc.constant('')) }),
);
const wish: fc.Arbitrary<Wish> = fc.record(
  {
    text: fc.string({ unit: 'grapheme' }),
    when,
    place: fc.string({ minLength: 1 }),
    person: fc.stringMatching(/^[0-9a-f]{64}$/),
  },
  { requiredKeys: ['text', 'when'] },
);

test('an address says the whole wish', () => {
  fc.assert(
    fc.property(wish, (given) => {
      const url = new URL(searchAddress(given), 'https://city.test');
      expect(parseSearchAddress(url.searchParams)).toEqual(given);
    }),
  );
});

test('any address can be read', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, time) => {
      const read = parseSearchAddress(new URLSearchParams({ q: text, when: time, by: time, in: text }));
      expect(read.text).toBe(text);
      boundsOf(read.when, now);
    }),
  );
});

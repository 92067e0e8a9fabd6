import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../tests/support/wire-arbitraries.ts';
import { foldName, rankNames } from './ranking.ts';

const names = (...list: string[]) => list.map((name) => ({ name }));
const found = (prefix: string, ...list: string[]) =>
  rankNames(prefix, names(...list)).map(({ name }) => name);

test('accents and case do not matter, in either of them', () => {
  expect(found('ele', 'Élénore', 'Bob', 'elena')).toEqual(['elena', 'Élénore']);
  expect(found('ÉLÉ', 'eleonore')).toEqual(['eleonore']);
  expect(found('strass', 'Straße')).toEqual(['Straße']);
  expect(found('soren', 'Søren', 'Łukasz')).toEqual(['Søren']);
});

test('the start of a name goes before the start of a word, and that before the inside', () => {
  expect(found('an', 'Ivan', 'Mary Ann', 'Anton', 'Jo-Anne', 'Bob')).toEqual([
    'Anton',
    'Jo-Anne',
    'Mary Ann',
    'Ivan',
  ]);
});

test('an empty prefix names everybody by name', () => {
  expect(found('', 'Zoe', 'ada', 'Émile')).toEqual(['ada', 'Émile', 'Zoe']);
});

test('any text folds to the same when folded again, and every name is found by itself', () => {
  fc.assert(
    fc.property(anyText, (name) => {
      expect(foldName(foldName(name))).toBe(foldName(name));
      expect(rankNames(name, [{ name }])).toHaveLength(1);
    }),
  );
});

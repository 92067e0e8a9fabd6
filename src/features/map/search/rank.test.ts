import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, lettersApart } from './fold.ts';
import { answerRank, findable, search, slipsAllowed } from './rank.ts';

const list = (...names: (readonly [string, number])[]) =>
  names.map(([name, weight]) => findable(name, name, weight));

test.each([
  ['São Tomé', 'sao tome'],
  ['ZÜRICH', 'zurich'],
  ['Łódź', 'lodz'],
  ['Groß-Gerau', 'gross gerau'],
  ['  St. John’s ', 'st johns'],
  ['東京', '東京'],
  ['Đà Nẵng', 'da nang'],
])('%s is found as %s', (name, folded) => expect(fold(name)).toBe(folded));

test('folding twice changes nothing, and leaves no capital or edge space', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const once = fold(text);
      expect(fold(once)).toBe(once);
      expect(once.trim()).toBe(once);
    }),
  );
});

test('letters apart: insert, drop, change, swap', () => {
  expect(lettersApart('lisbon', 'lisbon', 2)).toBe(0);
  expect(lettersApart('lisbn', 'lisbon', 2)).toBe(1);
  expect(lettersApart('lisobn', 'lisbon', 2)).toBe(1);
  expect(lettersApart('lxsbxn', 'lisbon', 2)).toBe(2);
  expect(lettersApart('paris', 'lisbon', 2)).toBe(3);
});

test('letters apart is the same both ways and never beyond its bound', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 });
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, most) => {
      const apart = lettersApart(a, b, most);
      expect(apart).toBe(lettersApart(b, a, most));
      expect(apart <= most + 1).toBe(true);
      expect(apart === 0).toBe(a === b);
    }),
  );
});

test('the whole name, its beginning, a word’s beginning, anywhere, a slip', () => {
  expect(answerRank('york', 'york')).toBe(0);
  expect(answerRank('yorkton', 'york')).toBe(1);
  expect(answerRank('new york', 'york')).toBe(2);
  expect(answerRank('newyork', 'york')).toBe(3);
  expect(answerRank('yorck', 'york')).toBe(4);
  expect(answerRank('paris', 'york')).toBeNull();
  expect(answerRank('york', '')).toBeNull();
});

test('a word’s beginning counts even when the letters also stand within an earlier word', () => {
  expect(answerRank('newyork york', 'york')).toBe(2);
});

test('short words forgive no slip', () => {
  expect([slipsAllowed('rom'), slipsAllowed('rome'), slipsAllowed('budapest')]).toEqual([0, 1, 2]);
  expect(answerRank('bern', 'ber')).toBe(1);
  expect(answerRank('ulm', 'ulx')).toBeNull();
});

test('equals are ordered by weight', () => {
  const towns = list(
    ['Paris, Texas', 25_000],
    ['Paris', 2_000_000],
    ['Paris Hill', 10],
    ['New Paris', 9_000_000],
  );
  expect(search(towns, 'paris', 9)).toEqual(['Paris', 'Paris, Texas', 'Paris Hill', 'New Paris']);
  expect(search(towns, 'paris', 2)).toHaveLength(2);
});

test('a slip is forgiven when nothing better answers', () => {
  const towns = list(['Zürich', 4], ['Zagreb', 5], ['Reykjavík', 2]);
  expect(search(towns, 'zurch', 5)).toEqual(['Zürich']);
  expect(search(towns, 'reykjavic', 5)).toEqual(['Reykjavík']);
  expect(search(towns, 'zúrich', 5)).toEqual(['Zürich']);
});

test('every name answers to its own beginning', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'abcé ñ'), minLength: 1, maxLength: 12 }), (name) => {
      if (fold(name) === '') return;
      expect(search(list([name, 1]), name, 1)).toEqual([name]);
    }),
  );
});

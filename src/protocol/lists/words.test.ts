import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../tests/support/wire-arbitraries.ts';
import { mutedWord, wordTest } from './words.ts';

test.each([
  ['durian', 'I like Durian.', true],
  ['durian', 'DURIAN', true],
  ['durian', 'durians grow', false],
  ['cat', 'concatenate', false],
  ['cat', 'my_cat', false],
  ['cat', 'cat2', false],
  ['cat', '“cat”', true],
  ['cat', 'a cat-like thing', true],
  ['straße', 'in der STRASSE', true],
  ['ΣΑΣ', 'για σας', true],
  ['cafe\u0301', 'a CAFÉ here', true],
  ['ｃａｔ', 'a cat', true],
  ['cat', 'c\u200bat', true],
  ['cat', 'c\u2060a\u00adt', true],
  ['new  york', 'In New\nYork today', true],
  ['c++', 'I write C++ a lot', true],
  ['.*', 'anything', false],
  ['(a|b)', 'see (a|b) there', true],
  ['榴莲', '我吃榴莲了', true],
  ['ทุเรียน', 'ฉันกินทุเรียนแล้ว', true],
  ['🍕', 'pizza🍕now', true],
  ['москва', 'Я в Москве', false],
  ['москва', 'МОСКВА!', true],
])('muted %j in %j: %j', (word, text, isFound) => {
  expect(wordTest([word])(text)).toBe(isFound);
});

test.each([
  ['', 'empty'],
  ['  \u200b ', 'empty'],
  ['...', 'empty'],
  ['a', 'broad'],
  ['７', 'broad'],
  ['x'.repeat(51), 'long'],
])('%j is refused as %s', (text, code) => {
  expect(mutedWord(text)).toMatchObject({ ok: false, error: { code } });
});

test('a word is kept in one spelling, which is found in itself', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const word = mutedWord(text);
      if (!word.ok) return;
      expect(mutedWord(word.value)).toEqual(word);
      expect(wordTest([text])(word.value)).toBe(true);
      expect(wordTest([text])(`- ${text} -`)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('any words make a test, and no text breaks it', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 5 }), anyText, (words, text) => {
      expect(typeof wordTest(words)(text)).toBe('boolean');
    }),
  );
  expect(wordTest([])('anything')).toBe(false);
});

test('a thousand words against a long line of one letter', () => {
  const words = Array.from({ length: 1000 }, (_, at) => `${'a'.repeat(20)}${at}`);
  expect(wordTest(words)('a'.repeat(10_000))).toBe(false);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../tests/support/wire-arbitraries.ts';
import { foldWord, isAscii, wellFormed } from './fold.ts';

test.each([
  ['Größe', 'grosse'],
  ['GRÖSSE', 'grosse'],
  ['ẞ', 'ss'],
  ['Ærøskøbing', 'aeroskobing'],
  ['Łódź', 'lodz'],
  ['İstanbul', 'istanbul'],
  ['ISPARTA', 'isparta'],
  ['ısparta', 'isparta'],
  ['Ёлка', 'елка'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['οδός', 'οδοσ'],
  ['ＡＢＣ', 'abc'],
  ['x²', 'x2'],
  ['ﬁn', 'fin'],
  ['مُحَمَّد', 'محمد'],
  ['أحمد', 'احمد'],
  ['مدرسة', 'مدرسه'],
  ['کتاب', 'كتاب'],
  ['שָׁלוֹם', 'שלום'],
  ['ガ', 'ガ'],
  ['ｶﾞ', 'ガ'],
  ['한국', '한국'],
  ['हिन्दी', 'हिन्दी'],
  ['ที่', 'ที่'],
  ['👍🏽', '👍'],
  ['❤️', '❤'],
])('%s is compared as %s', (word, term) => {
  expect(foldWord(word)).toBe(term);
  expect(foldWord(word.normalize('NFD'))).toBe(term);
});

test('voiced and unvoiced kana, and Hindi words that differ in a vowel sign, stay apart', () => {
  expect(foldWord('か')).not.toBe(foldWord('が'));
  expect(foldWord('की')).not.toBe(foldWord('का'));
});

test('a long word is cut at 32 code units, never through a character', () => {
  expect(foldWord('a'.repeat(100))).toBe('a'.repeat(32));
  expect(foldWord(`${'a'.repeat(31)}𐐨b`)).toBe('a'.repeat(31));
  expect(foldWord(`${'a'.repeat(30)}𐐨b`)).toBe(`${'a'.repeat(30)}𐐨`);
});

test('any text folds, to at most 32 code units', () => {
  fc.assert(fc.property(anyText, (text) => foldWord(text).length <= 32));
});

test('isAscii and wellFormed tell what they say', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(isAscii(text)).toBe([...text].every((letter) => letter.codePointAt(0)! < 128));
      expect(wellFormed(text)).toBe(
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text)),
      );
    }),
    { numRuns: 300 },
  );
});

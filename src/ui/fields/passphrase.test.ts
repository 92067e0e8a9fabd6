import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PASSPHRASE_LEAST, passphraseStrength } from './passphrase.ts';

describe('words for a passphrase', () => {
  test.each([
    ['', 'empty'],
    ['abc', 'short'],
    ['😀😀😀😀', 'short'],
    ['aaaaaaaaaaaaaaaa', 'weak'],
    ['12345678', 'weak'],
    ['qwertyuiop', 'weak'],
    ['password', 'weak'],
    ['password1', 'weak'],
    ['monkey monkey monkey monkey', 'weak'],
  ])('%j is %s', (text, words) => {
    expect(passphraseStrength(text).words).toBe(words);
  });

  test.each([
    'copper lantern river oats',
    'Straßenbahn Gurke Nebel Violine',
    'x7!Qp-29vLm_4zTe',
    'قمر نافذة حديقة بحر',
  ])('%j is good or strong', (text) => {
    expect(passphraseStrength(text).level).toBeGreaterThanOrEqual(3);
  });

  test('three words are better than two, four better than three', () => {
    const levels = ['copper lantern', 'copper lantern river', 'copper lantern river oats'].map(
      (text) => passphraseStrength(text).level,
    );
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
    expect(levels[0]).toBeLessThan(levels[2] ?? 0);
  });
});

test('below the least length nothing counts', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: PASSPHRASE_LEAST - 1 }),
      (text) => {
        expect(passphraseStrength(text)).toEqual({ level: 0, words: 'short' });
      },
    ),
  );
});

test('another different word never makes it weaker', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const longer = `${text} quixotic bramble`;
      expect(passphraseStrength(longer).level).toBeGreaterThanOrEqual(passphraseStrength(text).level);
    }),
  );
});

test('one character, however often, stays weak', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
      fc.integer({ min: 8, max: 200 }),
      (letter, times) => {
        expect(passphraseStrength(letter.repeat(times)).level).toBeLessThanOrEqual(1);
      },
    ),
  );
});

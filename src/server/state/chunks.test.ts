import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutWord, Joiner } from './chunks.ts';

const NOTIFY_LIMIT = 8000;

test('any text comes back whole from its pieces, and no piece is too long for a NOTIFY', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 4000 }),
      fc.integer({ min: 1, max: 20 }),
      (text, times) => {
        const whole = text.repeat(times);
        const pieces = cutWord(whole);
        expect(pieces.every((piece) => Buffer.byteLength(piece) < NOTIFY_LIMIT)).toBe(true);
        const joiner = new Joiner();
        const words = pieces.map((piece) => joiner.take(piece));
        expect(words.at(-1)).toBe(whole);
        expect(words.slice(0, -1).every((word) => word === undefined)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('pieces of several words may come in any order, some twice', () => {
  const words = ['a', 'b', 'c'].map((letter) => letter.repeat(20_000));
  const pieces = words.flatMap(cutWord);
  fc.assert(
    fc.property(fc.shuffledSubarray([...pieces, ...pieces], { minLength: pieces.length * 2 }), (order) => {
      const joiner = new Joiner();
      const whole = order.flatMap((piece) => joiner.take(piece) ?? []);
      expect([...new Set(whole)].sort()).toEqual(words);
    }),
    { numRuns: 40 },
  );
});

test('what is no piece is nothing, and an unfinished word is forgotten', () => {
  let now = 0;
  const joiner = new Joiner(() => now);
  for (const text of ['', 'hello', '0123456789ab 0 0 x', '0123456789ab 3 2 x', '0123456789ab 0 999 x'])
    expect(joiner.take(text)).toBeUndefined();
  const [first = '', last = ''] = cutWord('x'.repeat(8000));
  joiner.take(first);
  now = 20_000;
  joiner.take(cutWord('y'.repeat(8000))[0] ?? '');
  expect(joiner.take(last)).toBeUndefined();
});

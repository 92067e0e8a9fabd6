import { expect, test } from 'vitest';
import fc from 'fast-check';
import { piecesOf } from './pieces.ts';

test('a text falls into what matches and what does not', () => {
  expect(piecesOf('a lantern by night', [{ start: 2, end: 9 }])).toEqual([
    { text: 'a ', isMatch: false },
    { text: 'lantern', isMatch: true },
    { text: ' by night', isMatch: false },
  ]);
  expect(piecesOf('night', [{ start: 0, end: 5 }])).toEqual([{ text: 'night', isMatch: true }]);
  expect(piecesOf('', [])).toEqual([]);
});

test('the pieces are the text again, whatever the ranges', () => {
  const range = fc.record({ start: fc.nat(40), end: fc.nat(40) });
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.array(range, { maxLength: 6 }), (text, ranges) => {
      const pieces = piecesOf(text, ranges);
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      expect(pieces.every((piece) => piece.text !== '')).toBe(true);
    }),
  );
});

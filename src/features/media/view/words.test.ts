import { expect, test } from 'vitest';
import type { LoadCode } from '#client/media/loading/source.ts';
import { canTryAgain, sizeWords, timeWords, troubleWords } from './words.ts';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [1_234_567, '1.2 MB'],
  [45_600_000, '46 MB'],
  [2_147_483_648, '2.1 GB'],
])('%i bytes are %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words);
});

test.each([
  [0, '0:00'],
  [7.9, '0:07'],
  [187, '3:07'],
  [3729, '1:02:09'],
  [Number.NaN, '0:00'],
  [Infinity, '0:00'],
])('%d seconds are %s', (seconds, words) => {
  expect(timeWords(seconds)).toBe(words);
});

test('every end has its own words, and a way on where there is one', () => {
  const codes: LoadCode[] = ['expired', 'missing', 'damaged', 'unreachable', 'slow', 'too-big', 'refused'];
  expect(new Set(codes.map(troubleWords)).size).toBe(codes.length);
  expect(codes.filter((code) => !canTryAgain(code))).toEqual(['expired', 'too-big']);
});

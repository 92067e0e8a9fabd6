import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextNew, pageStep, survivorOf } from './whereabouts.ts';

const line = (id: string, at: number, author = 'ben', deletedBy?: string) => ({
  id,
  at,
  author,
  ...(deletedBy === undefined ? {} : { deletedBy }),
});

test('the next new line is somebody else’s, later than where reading stopped, and below', () => {
  const lines = [
    line('a', 1),
    line('b', 5),
    line('c', 6, 'me'),
    line('d', 6, 'ben', 'ben'),
    line('e', 7, 'eve'),
    line('f', 8),
  ];
  expect(nextNew(lines, undefined, 4, 'me')).toBe('b');
  expect(nextNew(lines, 'b', 4, 'me')).toBe('e');
  expect(nextNew(lines, 'e', 4, 'me')).toBe('f');
  expect(nextNew(lines, 'f', 4, 'me')).toBeUndefined();
  expect(nextNew(lines, 'not here', 4, 'me')).toBe('b');
  expect(nextNew([], undefined, 0, undefined)).toBeUndefined();
});

test('who loses the ground stands on the next line, at the end on the one before', () => {
  const before = ['a', 'b', 'c', 'd'];
  expect(survivorOf(before, 'b', new Set(before))).toBe('b');
  expect(survivorOf(before, 'b', new Set(['a', 'd']))).toBe('d');
  expect(survivorOf(before, 'd', new Set(['a', 'b']))).toBe('b');
  expect(survivorOf(before, 'b', new Set(['x']))).toBeUndefined();
  expect(survivorOf(before, 'x', new Set(['a']))).toBeUndefined();
});

test('a page goes as far as it shows, and never stays where it is unless nothing is there', () => {
  const tops = [0, 40, 80, 600, 640];
  expect(pageStep(tops, 0, 100, 1)).toBe(2);
  expect(pageStep(tops, 2, 100, 1)).toBe(3);
  expect(pageStep(tops, 4, 100, 1)).toBe(4);
  expect(pageStep(tops, 4, 50, -1)).toBe(3);
  expect(pageStep(tops, 2, 1000, -1)).toBe(0);
  fc.assert(
    fc.property(
      fc.array(fc.nat(900), { minLength: 1 }),
      fc.nat(2000),
      fc.constantFrom(1, -1),
      (gaps, page, by) => {
        const all = gaps.map((_, index) => gaps.slice(0, index).reduce((sum, gap) => sum + gap, 0));
        const at = Math.floor(all.length / 2);
        const to = pageStep(all, at, page, by);
        expect(to >= 0 && to < all.length).toBe(true);
        expect(by === 1 ? to >= at : to <= at).toBe(true);
      },
    ),
  );
});

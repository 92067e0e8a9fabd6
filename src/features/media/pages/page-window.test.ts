import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KEPT_MAX, keptPages, layPages, pageAt } from './page-window.ts';

const boxes = layPages(
  Array.from({ length: 300 }, () => 800),
  16,
);

test('pages lie below one another with a gap before, between and after', () => {
  expect(layPages([100, 50, 10], 8)).toEqual([
    { top: 8, height: 100 },
    { top: 116, height: 50 },
    { top: 174, height: 10 },
  ]);
  expect(layPages([], 8)).toEqual([]);
});

test('what is seen and one more screen is kept, the page in the middle first', () => {
  expect(keptPages(boxes, { top: 0, height: 800 })).toEqual([0, 1]);
  expect(keptPages(boxes, { top: 816 * 100, height: 800 })).toEqual([100, 99, 101]);
});

test('of many small pages only the nearest are kept', () => {
  const small = layPages(
    Array.from({ length: 100 }, () => 20),
    4,
  );
  const kept = keptPages(small, { top: 1000, height: 600 });
  expect(kept).toHaveLength(KEPT_MAX);
  expect(Math.max(...kept) - Math.min(...kept)).toBe(KEPT_MAX - 1);
});

test('the page that one reads is the one in the middle', () => {
  expect(pageAt(boxes, { top: 0, height: 800 })).toBe(0);
  expect(pageAt(boxes, { top: 440, height: 800 })).toBe(1);
  expect(pageAt(boxes, { top: 1e9, height: 800 })).toBe(299);
  expect(pageAt([], { top: 0, height: 800 })).toBe(0);
});

test('wherever one is, the page in the middle is kept, and never more than a few', () => {
  const heights = fc.array(fc.integer({ min: 20, max: 3_000 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(heights, fc.double({ min: 0, max: 1, noNaN: true }), (each, part) => {
      const laid = layPages(each, 16);
      const end = laid.at(-1);
      const seen = { top: part * ((end?.top ?? 0) + (end?.height ?? 0)), height: 700 };
      const kept = keptPages(laid, seen);
      expect(kept.length).toBeLessThanOrEqual(KEPT_MAX);
      expect(new Set(kept).size).toBe(kept.length);
      const middle = laid[pageAt(laid, seen)];
      const isSeen = middle && middle.top < seen.top + seen.height && middle.top + middle.height > seen.top;
      if (isSeen && each.every((height) => height >= 200)) expect(kept).toContain(pageAt(laid, seen));
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxesTouch, boxHolds, clipRing, segmentMisses } from './clip.ts';

const box = { left: 0, top: 0, right: 10, bottom: 10 };

const areaOf = (ring: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    sum += (ring[i] as number) * (ring[j + 1] as number) - (ring[j] as number) * (ring[i + 1] as number);
  }
  return Math.abs(sum) / 2;
};

test('a ring inside stays as it is, one outside vanishes', () => {
  expect(clipRing([1, 1, 9, 1, 5, 9], box)).toEqual([1, 1, 9, 1, 5, 9]);
  expect(clipRing([11, 11, 19, 11, 15, 19], box)).toEqual([]);
});

test('a ring around the box becomes the box', () => {
  expect(areaOf(clipRing([-50, -50, 50, -50, 50, 50, -50, 50], box))).toBeCloseTo(100);
});

test('half in, half out', () => {
  expect(areaOf(clipRing([-5, 2, 5, 2, 5, 8, -5, 8], box))).toBeCloseTo(30);
});

test('fewer than three points are no ring', () => {
  expect(clipRing([1, 1, 2, 2], box)).toEqual([]);
  expect(clipRing([], box)).toEqual([]);
});

test('what is left lies in the box and is not larger than what was', () => {
  const point = fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 }));
  fc.assert(
    fc.property(point, point, point, (a, b, c) => {
      const ring = [...a, ...b, ...c];
      const cut = clipRing(ring, box);
      for (const value of cut) expect(value >= -1e-9 && value <= 10 + 1e-9).toBe(true);
      expect(areaOf(cut)).toBeLessThanOrEqual(Math.min(100, areaOf(ring)) + 1e-6);
    }),
  );
});

test('cutting in two loses nothing', () => {
  const point = fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }));
  fc.assert(
    fc.property(point, point, point, fc.integer({ min: 1, max: 9 }), (a, b, c, at) => {
      const ring = [...a, ...b, ...c];
      const west = clipRing(ring, { ...box, right: at });
      const east = clipRing(ring, { ...box, left: at });
      expect(areaOf(west) + areaOf(east)).toBeCloseTo(areaOf(ring), 6);
    }),
  );
});

test('boxes touch at an edge, and hold what is within', () => {
  expect(boxesTouch(box, { left: 10, top: 0, right: 20, bottom: 5 })).toBe(true);
  expect(boxesTouch(box, { left: 10.1, top: 0, right: 20, bottom: 5 })).toBe(false);
  expect(boxHolds(box, box)).toBe(true);
  expect(boxHolds(box, { ...box, bottom: 11 })).toBe(false);
});

test('a segment misses only when it is wholly on one side', () => {
  expect(segmentMisses(-5, 5, -1, 5, box)).toBe(true);
  expect(segmentMisses(-5, 5, 15, 5, box)).toBe(false);
  expect(segmentMisses(3, 11, 5, 20, box)).toBe(true);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shownRatio, singleBox, tiling } from './box.ts';

test.each([
  ['a wide one', { width: 4000, height: 3000 }, { width: 360, height: 270 }],
  ['a high one', { width: 3000, height: 4000 }, { width: 270, height: 360 }],
  ['a very wide one is cut', { width: 9000, height: 100 }, { width: 360, height: 144 }],
  ['a very high one is cut', { width: 100, height: 9000 }, { width: 120, height: 240 }],
  ['a small one is not blown up', { width: 200, height: 200 }, { width: 200, height: 200 }],
  ['a tiny one can be hit', { width: 8, height: 8 }, { width: 120, height: 120 }],
  ['one that nobody measured', {}, { width: 360, height: 270 }],
])('%s', (_name, file, box) => {
  expect(singleBox(file)).toEqual(box);
});

test('any picture has a box within its bounds, in its proportion', () => {
  const side = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const box = singleBox({ width, height });
      expect(box.width).toBeLessThanOrEqual(360);
      expect(box.height).toBeLessThanOrEqual(361);
      expect(box.width / box.height).toBeCloseTo(shownRatio({ width, height }), 1);
    }),
  );
});

test('four tiles at most', () => {
  expect([1, 2, 4, 5, 20].map(tiling)).toEqual([
    { tiles: 1, more: 0 },
    { tiles: 2, more: 0 },
    { tiles: 4, more: 0 },
    { tiles: 4, more: 1 },
    { tiles: 4, more: 16 },
  ]);
});

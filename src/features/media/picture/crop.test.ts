import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kept, moved, squareOf, WHOLE, ZOOM_MAX } from './crop.ts';

const side = fc.integer({ min: 1, max: 8_000 });
const part = fc.double({ min: -2, max: 3, noNaN: true });

test('whatever hands and wheels do, the square lies within the picture', () => {
  fc.assert(
    fc.property(
      side,
      side,
      part,
      part,
      fc.double({ min: -1, max: 50, noNaN: true }),
      part,
      part,
      (width, height, x, y, zoom, dx, dy) => {
        const size = { width, height };
        const crop = moved(size, kept(size, { zoom, x, y }), 300, { x: dx * 1_000, y: dy * 1_000 });
        const square = squareOf(size, crop);
        expect(square.x).toBeGreaterThanOrEqual(-1e-6);
        expect(square.y).toBeGreaterThanOrEqual(-1e-6);
        expect(square.x + square.side).toBeLessThanOrEqual(width + 1e-6);
        expect(square.y + square.side).toBeLessThanOrEqual(height + 1e-6);
        expect(crop.zoom).toBeGreaterThanOrEqual(1);
        expect(crop.zoom).toBeLessThanOrEqual(ZOOM_MAX);
      },
    ),
  );
});

test('the whole of a wide picture is its middle square', () => {
  expect(squareOf({ width: 400, height: 200 }, WHOLE)).toEqual({ x: 100, y: 0, side: 200 });
});

test('the picture follows the hand, pixel for pixel', () => {
  const size = { width: 400, height: 200 };
  const crop = moved(size, WHOLE, 100, { x: 10, y: 0 });
  expect(squareOf(size, crop)).toEqual({ x: 80, y: 0, side: 200 });
  expect(squareOf(size, moved(size, { ...WHOLE, zoom: 2 }, 100, { x: 0, y: 10 }))).toEqual({
    x: 150,
    y: 40,
    side: 100,
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PictureFormat } from './format.ts';
import { fitInto, planPicture, SIDE_MAX } from './picture-plan.ts';

const measured = (width: number, height: number, over = {}) => ({
  width,
  height,
  isAnimated: false,
  hasAlpha: false,
  needsRedraw: false,
  ...over,
});

test.each([
  ['jpeg', measured(800, 600), 90_000, { do: 'strip' }],
  ['jpeg', measured(800, 600, { needsRedraw: true }), 90_000, { do: 'redraw', type: 'image/jpeg' }],
  ['jpeg', measured(4_032, 3_024), 4_000_000, { do: 'strip' }],
  ['jpeg', measured(4_032, 3_024), 6_000_000, { do: 'redraw', type: 'image/jpeg' }],
  ['png', measured(800, 600, { hasAlpha: true }), 90_000, { do: 'strip' }],
  ['png', measured(800, 600, { needsRedraw: true }), 90_000, { do: 'redraw', type: 'image/png' }],
  ['png', measured(5_000, 600, { hasAlpha: true }), 9_000_000, { do: 'redraw', type: 'image/webp' }],
  ['png', measured(4_000, 3_000), 9_000_000, { do: 'redraw', type: 'image/jpeg' }],
  ['gif', measured(300, 300, { isAnimated: true }), 9_000_000, { do: 'strip' }],
  ['webp', measured(300, 300, { isAnimated: true, needsRedraw: true }), 900, { do: 'strip' }],
  ['webp', measured(9_000, 300, { isAnimated: true }), 900, { do: 'refuse' }],
  ['heic', measured(4_032, 3_024, { needsRedraw: true }), 2_000_000, { do: 'redraw', type: 'image/jpeg' }],
  ['avif', measured(40, 30, { needsRedraw: true }), 2_000, { do: 'redraw', type: 'image/webp' }],
  ['png', measured(60_000, 60_000), 90_000, { do: 'refuse' }],
] as const)('%s %j of %d bytes: %j', (format, given, size, plan) => {
  expect(planPicture(format as PictureFormat, given, size)).toEqual(plan);
});

test('what is fitted keeps its shape, is never larger and never nothing', () => {
  const side = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const fitted = fitInto({ width, height }, SIDE_MAX);
      expect(Math.max(fitted.width, fitted.height)).toBe(Math.min(SIDE_MAX, Math.max(width, height)));
      expect(Math.min(fitted.width, fitted.height)).toBeGreaterThanOrEqual(1);
      const longer = Math.max(fitted.width, fitted.height);
      const scale = longer / Math.max(width, height);
      expect(Math.abs(fitted.width - width * scale)).toBeLessThanOrEqual(1);
      expect(Math.abs(fitted.height - height * scale)).toBeLessThanOrEqual(1);
    }),
  );
});

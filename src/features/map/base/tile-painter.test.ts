import { expect, test } from 'vitest';
import { graticuleStep, tileReach } from './tile-painter.ts';

test('a tile reaches a little beyond itself, for the shade of coasts next door', () => {
  const reach = tileReach({ zoom: 1, left: 0, top: 256, size: 256 });
  expect(reach.left).toBeLessThan(0);
  expect(reach.top).toBeLessThan(0.5);
  expect(reach.right - reach.left).toBeCloseTo((256 + 32) / 512);
});

test('the graticule gets finer, and its lines stay about as far apart on the screen', () => {
  for (let zoom = 2; zoom <= 17; zoom++) {
    const apart = (graticuleStep(zoom) / 360) * 256 * 2 ** zoom;
    expect(apart).toBeGreaterThan(40);
    expect(apart).toBeLessThan(520);
    expect(graticuleStep(zoom)).toBeLessThanOrEqual(graticuleStep(zoom - 1));
  }
});

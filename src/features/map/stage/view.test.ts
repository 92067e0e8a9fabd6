import fc from 'fast-check';
import { expect, test } from 'vitest';
import { worldPixels } from '../geo/mercator.ts';
import { boxOf } from './scene-maker.ts';
import { leastZoomFor, MOST_ZOOM, paddingShift, parseLook } from './view.ts';

test('a remembered look is taken when it is one', () => {
  expect(parseLook({ lat: 38.7, lon: -9.1, zoom: 11 })).toEqual({
    lat: 38.7,
    lon: expect.closeTo(-9.1, 9),
    zoom: 11,
  });
  for (const none of [null, undefined, 3, 'x', {}, { lat: 1, lon: 2 }, { lat: Number.NaN, lon: 0, zoom: 3 }])
    expect(parseLook(none)).toBeNull();
});

test('every look is on the map', () => {
  const any = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
  fc.assert(
    fc.property(any, any, any, (lat, lon, zoom) => {
      const look = parseLook({ lat, lon, zoom });
      expect(look && Math.abs(look.lat) <= 85 && look.lon >= -180 && look.lon <= 180).toBe(true);
      expect(look && Number.isInteger(look.zoom) && look.zoom <= MOST_ZOOM).toBe(true);
    }),
  );
});

test('a sheet on the left moves the middle to the right', () => {
  expect(paddingShift({ top: 0, right: 0, bottom: 0, left: 400 })).toEqual({ x: 200, y: 0 });
  expect(paddingShift({ top: 60, right: 0, bottom: 300, left: 0 })).toEqual({ x: 0, y: -120 });
});

test('the world is never smaller than the map is tall', () => {
  for (const height of [400, 844, 1080, 1440, 2160])
    expect(worldPixels(leastZoomFor(height))).toBeGreaterThanOrEqual(height * 0.96);
});

test('a frame covers its part of the unit square', () => {
  expect(boxOf({ zoom: 2, left: 256, top: 512, width: 512, height: 256 })).toEqual({
    left: 0.25,
    top: 0.5,
    right: 0.75,
    bottom: 0.75,
  });
});

import { encodeGeohash, geohashBounds, parseGeohash } from '#shared/geohash.ts';
import type { Geohash } from '#shared/geohash.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cellBox,
  cellKilometres,
  cellPixels,
  gridLines,
  kilometresBetween,
  lengthInWords,
  openZoom,
  pickPrecision,
} from './cells.ts';
import { projectX, projectY } from './mercator.ts';

const cell = (text: string): Geohash => {
  const parsed = parseGeohash(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};

test('cells open when they are as wide as a word, and not a zoom earlier', () => {
  for (let precision = 1; precision <= 6; precision++) {
    expect(cellPixels(precision, openZoom(precision))).toBeGreaterThanOrEqual(64);
    expect(cellPixels(precision, openZoom(precision) - 1)).toBeLessThan(64);
  }
});

test('the cells offered for choosing get finer as one zooms in, never finer than six', () => {
  expect(pickPrecision(2)).toBe(1);
  expect(pickPrecision(17)).toBe(6);
  for (let zoom = 3; zoom <= 17; zoom++) {
    expect(pickPrecision(zoom)).toBeGreaterThanOrEqual(pickPrecision(zoom - 1));
    expect(cellPixels(pickPrecision(zoom), zoom)).toBeGreaterThanOrEqual(60);
  }
});

test('a cell of six characters is about 1.2 km by 0.6 km at the equator', () => {
  const { width, height } = cellKilometres(geohashBounds(cell('s00000')));
  expect(width).toBeCloseTo(1.22, 1);
  expect(height).toBeCloseTo(0.61, 1);
  expect([lengthInWords(width, 'en'), lengthInWords(height, 'en')]).toEqual(['1.2 km', '610 m']);
});

test('lengths change unit before they become long', () => {
  expect(lengthInWords(0.949, 'en')).toBe('950 m');
  expect(lengthInWords(0.994, 'en')).toBe('990 m');
  expect(lengthInWords(0.996, 'en')).toBe('1 km');
  expect(lengthInWords(156.4, 'en')).toBe('160 km');
});

test('distances on the ground: Paris to London', () => {
  expect(kilometresBetween(48.8566, 2.3522, 51.5074, -0.1278)).toBeCloseTo(343.6, 0);
  expect(kilometresBetween(0, 179.5, 0, -179.5)).toBeCloseTo(111.2, 0);
});

test('the box of a cell holds every point of it', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -84, max: 84, noNaN: true }),
      fc.double({ min: -179.9, max: 179.9, noNaN: true }),
      fc.integer({ min: 1, max: 6 }),
      (latitude, longitude, precision) => {
        const box = cellBox(encodeGeohash(latitude, longitude, precision));
        expect(box.left <= projectX(longitude) && projectX(longitude) <= box.right).toBe(true);
        expect(box.top <= projectY(latitude) && projectY(latitude) <= box.bottom).toBe(true);
      },
    ),
  );
});

test('the grid’s lines are the edges of the cells', () => {
  const box = cellBox(cell('u33d'));
  const { xs, ys } = gridLines(box, 4);
  expect(xs.some((x) => Math.abs(x - box.left) < 1e-9)).toBe(true);
  expect(ys.some((y) => Math.abs(y - box.top) < 1e-9)).toBe(true);
  expect(xs.length).toBeLessThanOrEqual(2);
  expect(gridLines({ left: 0.9, right: 1.1, top: 0.4, bottom: 0.6 }, 1).xs).toContain(1);
});

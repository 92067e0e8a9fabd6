import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson, anyText } from '../../tests/support/wire-arbitraries.ts';
import {
  encodeGeohash,
  geohashBounds,
  geohashCentre,
  geohashCover,
  geohashNeighbours,
  geohashPrefixes,
  parseGeohash,
} from './geohash.ts';
import type { GeoBounds, Geohash } from './geohash.ts';

const alphabet = '0123456789bcdefghjkmnpqrstuvwxyz';
const latitude = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.constantFrom(-90, 90, 0, -0, 45, -22.5, 5e-324, -5e-324),
);
const longitude = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(-180, 180, 0, 179.999999, -179.999999, 90, -5e-324),
);
const precision = fc.integer({ min: 1, max: 6 });
const cell = fc
  .string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 6 })
  .map((text) => text as Geohash);

test('parseGeohash takes 1–6 of the alphabet and nothing else, without throwing', () => {
  fc.assert(
    fc.property(
      fc.oneof(anyJson, anyText, fc.string({ unit: fc.constantFrom(...`${alphabet}ailoAZ`) })),
      (value) => {
        const right =
          typeof value === 'string' &&
          value.length >= 1 &&
          value.length <= 6 &&
          [...value].every((c) => alphabet.includes(c));
        expect(parseGeohash(value).ok).toBe(right);
      },
    ),
    { numRuns: 1000 },
  );
});

test.each(['', 'u33dbcx', 'U33D', 'u33a', 'u3 d', 'u33d\n', 'ü33d'])('parseGeohash refuses %j', (text) => {
  expect(parseGeohash(text).ok).toBe(false);
});

test('a point lies in its cell, at every precision', () => {
  fc.assert(
    fc.property(latitude, longitude, precision, (lat, lon, length) => {
      const hash = encodeGeohash(lat, lon, length);
      expect(parseGeohash(hash)).toEqual({ ok: true, value: hash });
      const box = geohashBounds(hash);
      const wrapped = lon === 180 ? -180 : lon;
      expect(hash).toHaveLength(length);
      expect(lat).toBeGreaterThanOrEqual(box.south);
      expect(lat).toBeLessThanOrEqual(box.north);
      expect(wrapped).toBeGreaterThanOrEqual(box.west - 1e-9);
      expect(wrapped).toBeLessThanOrEqual(box.east + 1e-9);
    }),
    { numRuns: 1000 },
  );
});

test('the middle of a cell encodes to the cell; its prefixes nest', () => {
  fc.assert(
    fc.property(cell, (hash) => {
      const middle = geohashCentre(hash);
      expect(encodeGeohash(middle.latitude, middle.longitude, hash.length)).toBe(hash);
      const prefixes = geohashPrefixes(hash);
      expect(prefixes.at(-1)).toBe(hash);
      expect(prefixes.map((prefix) => prefix.length)).toEqual(prefixes.map((_, i) => i + 1));
      for (const prefix of prefixes) {
        const outer = geohashBounds(prefix);
        expect(outer.south <= middle.latitude && middle.latitude <= outer.north).toBe(true);
        expect(outer.west <= middle.longitude && middle.longitude <= outer.east).toBe(true);
      }
    }),
  );
});

test('longitudes wrap and latitudes clamp', () => {
  fc.assert(
    fc.property(
      latitude,
      fc.integer({ min: -179, max: 179 }),
      fc.integer({ min: -3, max: 3 }),
      (lat, lon, turns) => {
        expect(encodeGeohash(lat, lon + 360 * turns + 0.5)).toBe(encodeGeohash(lat, lon + 0.5));
      },
    ),
  );
  expect(encodeGeohash(1000, 7)).toBe(encodeGeohash(90, 7));
  expect(encodeGeohash(52.52, 13.405, 99)).toBe('u33dc0');
});

test('neighbours touch, keep the precision, know each other, and never cross a pole', () => {
  fc.assert(
    fc.property(cell, (hash) => {
      const around = geohashNeighbours(hash);
      expect(around).not.toContain(hash);
      expect(around.length).toBeLessThanOrEqual(8);
      expect(around.length).toBeGreaterThanOrEqual(5);
      for (const other of around) {
        expect(other).toHaveLength(hash.length);
        expect(geohashNeighbours(other)).toContain(hash);
      }
    }),
  );
});

const spanned = (box: GeoBounds) => (box.east < box.west ? box.east + 360 : box.east) - box.west;
const box = fc
  .record({ a: latitude, b: latitude, west: longitude, east: longitude })
  .map(({ a, b, west, east }): GeoBounds => ({ south: Math.min(a, b), north: Math.max(a, b), west, east }));

test('every point of a box lies in some cell of its cover', () => {
  fc.assert(
    fc.property(
      box,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 3 }),
      (area, up, along, length) => {
        const cells = geohashCover(area, length, 40_000);
        const lat = Math.min(area.north, Math.max(area.south, area.south + up * (area.north - area.south)));
        const lon = area.west + along * spanned(area);
        expect(cells).toContain(encodeGeohash(lat, lon, length));
        expect(new Set(cells).size).toBe(cells.length);
      },
    ),
    { numRuns: 300 },
  );
});

test('a small box is covered at full precision, its corners too, and by little more', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -90, max: 89.99, noNaN: true }),
      longitude,
      fc.double({ min: 0, max: 0.01, noNaN: true }),
      (south, west, size) => {
        const east = west + size;
        const area = { south, north: south + size, west, east: east > 180 ? east - 360 : east };
        const cells = geohashCover(area, 6);
        for (const lat of [area.south, area.north])
          for (const lon of [area.west, area.east]) expect(cells).toContain(encodeGeohash(lat, lon, 6));
        expect(cells.length).toBeLessThanOrEqual(20);
      },
    ),
    { numRuns: 1000 },
  );
});

test.each([
  ['a cell edge', { south: 0, north: 1, west: 0, east: 1 }, [0, 0]],
  ['the north pole', { south: 90, north: 90, west: 0, east: 1 }, [90, 0.5]],
  ['the south pole', { south: -90, north: -90, west: 0, east: 1 }, [-90, 0.5]],
  ['the antimeridian', { south: -18, north: -16, west: 178, east: -178 }, [-17, 180]],
  ['the antimeridian, far side', { south: -18, north: -16, west: 178, east: -178 }, [-17, -179]],
  ['the whole world', { south: -90, north: 90, west: -180, east: 180 }, [12, 180]],
] as const)('cover holds at %s', (_name, area, [lat, lon]) => {
  for (const length of [1, 2]) expect(geohashCover(area, length)).toContain(encodeGeohash(lat, lon, length));
});

test('the whole world is 32 cells of one character, each once', () => {
  const cells = geohashCover({ south: -90, north: 90, west: -180, east: 180 }, 1);
  expect([...cells].sort().join('')).toBe(alphabet);
});

test('a cover of too many cells is empty, and one of odd precision is of a legal one', () => {
  expect(geohashCover({ south: -90, north: 90, west: -180, east: 180 }, 6)).toEqual([]);
  const cells = geohashCover({ south: 52.5, north: 52.501, west: 13.4, east: 13.401 }, 9);
  expect(cells.length).toBeGreaterThan(0);
  expect(new Set(cells).size).toBe(cells.length);
});

/** Geohash cells (base 32, Niemeyer 2008), over `ngeohash`; 1–6 characters for anything stored. */
import ngeohash from 'ngeohash';
import type { Brand } from './brand.ts';
import { fail, ok } from './result.ts';
import type { Failure, Result } from './result.ts';

/** A lower-case base-32 cell name of 1–6 characters. */
export type Geohash = Brand<string, 'Geohash'>;

/** A cell's edges in degrees. A cell is an area, never a point. */
export interface GeoBounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

export interface GeoPoint {
  readonly latitude: number;
  readonly longitude: number;
}

const MAX_GEOHASH_LENGTH = 6;
const pattern = /^[0-9b-hjkmnp-z]{1,6}$/;

/** Accepts 1–6 characters of the geohash alphabet, lower case only; fails with `geohash`. */
export const parseGeohash = (text: unknown): Result<Geohash, Failure<'geohash'>> =>
  typeof text === 'string' && pattern.test(text)
    ? ok(text as Geohash)
    : fail('geohash', 'a geohash has 1 to 6 of the characters 0-9 and b-z without i, l, o');

/** The cell of a point (degrees) at a precision of 1–6 characters; coordinates out of range are wrapped and clamped. */
export const encodeGeohash = (
  latitude: number,
  longitude: number,
  precision = MAX_GEOHASH_LENGTH,
): Geohash => {
  const clamped = Math.min(90, Math.max(-90, latitude));
  const inRange = longitude >= -180 && longitude < 180; // wrapping would round away what little is there
  const wrapped = inRange ? longitude : ((((longitude + 180) % 360) + 360) % 360) - 180;
  return ngeohash.encode(clamped, wrapped, legalLength(precision)) as Geohash;
};

const legalLength = (precision: number): number =>
  Math.min(MAX_GEOHASH_LENGTH, Math.max(1, Math.round(precision)));

/** The true rectangle of a cell, in degrees. */
export const geohashBounds = (hash: Geohash): GeoBounds => {
  const [south, west, north, east] = ngeohash.decode_bbox(hash);
  return { south, west, north, east };
};

/** A cell's middle, in degrees: where a label may stand, never where somebody is. */
export const geohashCentre = (hash: Geohash): GeoPoint => {
  const { south, west, north, east } = geohashBounds(hash);
  return { latitude: (south + north) / 2, longitude: (west + east) / 2 };
};

/** Every prefix of the cell, shortest first, the cell itself last. */
export const geohashPrefixes = (hash: Geohash): Geohash[] =>
  Array.from(hash, (_, index) => hash.slice(0, index + 1) as Geohash);

/** The up to eight cells around, same precision; none beyond the poles, wrapping at the antimeridian. */
export const geohashNeighbours = (hash: Geohash): Geohash[] => {
  const { south, west, north, east } = geohashBounds(hash);
  const height = north - south;
  const width = east - west;
  const middle = geohashCentre(hash);
  const around = new Set<Geohash>();
  for (const dy of [-1, 0, 1])
    for (const dx of [-1, 0, 1]) {
      const latitude = middle.latitude + dy * height;
      if (latitude > 90 || latitude < -90) continue;
      around.add(encodeGeohash(latitude, middle.longitude + dx * width, hash.length));
    }
  around.delete(hash);
  return [...around];
};

const cellSize = (precision: number): { height: number; width: number } => {
  const bits = precision * 5;
  return { height: 180 / 2 ** Math.floor(bits / 2), width: 360 / 2 ** Math.ceil(bits / 2) };
};

// A cell owns its north and east edges, so a box that begins exactly on an edge touches the cell before it too.
const firstIndex = (offset: number, size: number): number => Math.max(0, Math.ceil(offset / size) - 1);

/**
 * Cells of one precision (1–6) that touch a box (west > east crosses the antimeridian), row by row from the
 * south-west. Empty when more than `most` cells would be needed.
 */
export const geohashCover = (box: GeoBounds, precision: number, most = 1024): Geohash[] => {
  const length = legalLength(precision);
  const { height, width } = cellSize(length);
  const east = box.east < box.west ? box.east + 360 : box.east;
  const top = Math.round(180 / height) - 1;
  const south = Math.min(top, firstIndex(box.south + 90, height));
  const north = Math.min(top, Math.floor((box.north + 90) / height));
  const west = firstIndex(box.west + 180, width);
  const columns = Math.min(Math.floor((east + 180) / width) - west + 1, Math.round(360 / width));
  if ((north - south + 1) * columns > most) return [];
  const cells: Geohash[] = [];
  for (let row = south; row <= north; row++)
    for (let column = west; column < west + columns; column++)
      cells.push(encodeGeohash((row + 0.5) * height - 90, (column + 0.5) * width - 180, length));
  return cells;
};

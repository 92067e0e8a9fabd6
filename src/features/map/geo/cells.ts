/** Geohash cells as the map needs them: how large they are on the ground and on the screen, and which one to offer. */
import type { GeoBounds, Geohash } from '#shared/geohash.ts';
import { geohashBounds } from '#shared/geohash.ts';
import type { Box } from './clip.ts';
import { latitudeOf, projectX, projectY, worldPixels } from './mercator.ts';

const KILOMETRES_PER_DEGREE = 111.32;
const OPEN_WIDTH = 64;
const PICK_WIDTH = 60;
const DEEPEST = 6;

const longitudeBits = (precision: number): number => Math.ceil((5 * precision) / 2);

/** A cell's width in CSS pixels at a zoom. */
export const cellPixels = (precision: number, zoom: number): number =>
  worldPixels(zoom) / 2 ** longitudeBits(precision);

/** The first whole zoom at which cells of this precision are drawn one by one instead of being gathered. */
export const openZoom = (precision: number): number =>
  Math.max(0, Math.ceil(longitudeBits(precision) + Math.log2(OPEN_WIDTH / 256)));

/** The precision (1–6) offered for choosing at a zoom: the finest whose cells a thumb can hit. */
export const pickPrecision = (zoom: number): number => {
  for (let precision = DEEPEST; precision > 1; precision--)
    if (cellPixels(precision, zoom) >= PICK_WIDTH) return precision;
  return 1;
};

/** The cell's rectangle in the unit square of Web Mercator. */
export const cellBox = (hash: Geohash): Box => {
  const { south, west, north, east } = geohashBounds(hash);
  return { left: projectX(west), right: projectX(east), top: projectY(north), bottom: projectY(south) };
};

/** Width and height on the ground in kilometres, measured through the middle. */
export const cellKilometres = ({
  south,
  west,
  north,
  east,
}: GeoBounds): { width: number; height: number } => {
  const middle = ((south + north) / 2) * (Math.PI / 180);
  return {
    width: (east - west) * KILOMETRES_PER_DEGREE * Math.cos(middle),
    height: (north - south) * KILOMETRES_PER_DEGREE,
  };
};

/** A length a person can hold on to: "1.2 km", "850 m", "39 km". */
export const lengthInWords = (kilometres: number, locale?: string): string => {
  const metres = kilometres * 1000;
  const format = (value: number, unit: string): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, maximumSignificantDigits: 2 }).format(value);
  return metres < 995 ? format(metres, 'meter') : format(kilometres, 'kilometer');
};

/** Great-circle distance in kilometres between two points in degrees. */
export const kilometresBetween = (latA: number, lonA: number, latB: number, lonB: number): number => {
  const rad = Math.PI / 180;
  const dLat = ((latB - latA) * rad) / 2;
  const dLon = ((lonB - lonA) * rad) / 2;
  const h = Math.sin(dLat) ** 2 + Math.cos(latA * rad) * Math.cos(latB * rad) * Math.sin(dLon) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(h)));
};

/** The lines between the cells of one precision that cross a box, in the unit square. */
export const gridLines = (box: Box, precision: number): { xs: number[]; ys: number[] } => {
  const columns = 2 ** longitudeBits(precision);
  const height = 180 / 2 ** Math.floor((5 * precision) / 2);
  const xs: number[] = [];
  for (let k = Math.ceil(box.left * columns); k <= box.right * columns; k++) xs.push(k / columns);
  const ys: number[] = [];
  const south = latitudeOf(box.bottom);
  for (let k = Math.ceil((south + 90) / height); k * height - 90 <= latitudeOf(box.top); k++)
    ys.push(projectY(k * height - 90));
  return { xs, ys };
};

/** Chooses which cities and countries are named at a zoom, and where their names stand. */
import KDBush from 'kdbush';
import type { Inks } from '../base/inks.ts';
import type { Box } from '../geo/clip.ts';
import { projectX, projectY } from '../geo/mercator.ts';
import type { Caption, SceneEye } from './scene.ts';
import type { LabelRoom } from './label-room.ts';
import { boxesAround } from './label-room.ts';

/** Something with a name on the base map: a city by its people, a country by its size. */
export interface NamedPoint {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly people?: number;
  readonly capital?: boolean;
  readonly size?: number;
}

/** A name of the base map, ready to be painted. */
export interface CityMark {
  readonly caption: Caption;
  readonly font: string;
  readonly spacing: number;
  readonly tone: 'city' | 'country';
  readonly dot: {
    readonly x: number;
    readonly y: number;
    readonly radius: number;
    readonly capital: boolean;
  } | null;
}

/** Measures a text in a font with letter spacing, in pixels. */
export type Measure = (text: string, font: string, spacing: number) => number;

/** Cities found by where they are; the largest first. */
export class NamedPoints {
  readonly points: readonly NamedPoint[];
  readonly #tree: KDBush;

  constructor(points: readonly NamedPoint[]) {
    this.points = points;
    this.#tree = new KDBush(points.length);
    for (const { latitude, longitude } of points) this.#tree.add(projectX(longitude), projectY(latitude));
    this.#tree.finish();
  }

  /** Points of at least `people` in the box (unit square), in the order they were given. */
  within(box: Box, people: number): NamedPoint[] {
    const found = this.#tree.range(box.left, box.top, box.right, box.bottom).sort((a, b) => a - b);
    return found.flatMap((at) => {
      const point = this.points[at];
      return point && (point.people ?? Infinity) >= people ? [point] : [];
    });
  }
}

/** How many people a city must have to be named at a zoom; capitals count ten times, so that quiet countries speak too. */
export const fewestPeople = (zoom: number): number => {
  const steps = [9e6, 8e6, 6e6, 2.5e6, 1e6, 4e5, 1.5e5, 6e4, 3e4, 15e3, 0];
  return steps[Math.max(0, Math.min(steps.length - 1, Math.floor(zoom)))] ?? 0;
};

const cityFont = (point: NamedPoint, zoom: number, inks: Inks): { font: string; size: number } => {
  const rank = Math.log10(Math.max(1000, point.people ?? 1000)) - 3;
  const size = Math.round(2 * Math.min(19, 10.5 + rank * 0.9 + Math.max(0, zoom - 4) * 0.45)) / 2;
  return { font: `${rank > 2.6 || point.capital === true ? 500 : 400} ${size}px ${inks.serif}`, size };
};

/** Names of cities in order of their people, as far as there is room and not more than `most`. */
export const placeCities = (
  cities: readonly NamedPoint[],
  eye: SceneEye & { readonly zoom: number },
  room: LabelRoom,
  inks: Inks,
  measure: Measure,
  most: number,
): CityMark[] => {
  const marks: CityMark[] = [];
  const weight = (point: NamedPoint): number => (point.people ?? 0) * (point.capital === true ? 10 : 1);
  for (const city of cities.toSorted((a, b) => weight(b) - weight(a))) {
    if (marks.length >= most) break;
    const { font, size } = cityFont(city, eye.zoom, inks);
    const x = projectX(city.longitude) * eye.world - eye.left;
    const y = projectY(city.latitude) * eye.world - eye.top;
    const radius = city.capital === true ? 2.6 : 1.9;
    const dotBox = { left: x - 3, right: x + 3, top: y - 3, bottom: y + 3 };
    if (!room.isFree(dotBox)) continue;
    const [below, right, left, above] = boxesAround(x, y, measure(city.name, font, 0) + 4, size + 3, 5, 4);
    const box = room.takeFirst([right, left, above, below] as Box[]);
    if (!box) continue;
    room.take(dotBox);
    const dot = { x, y, radius, capital: city.capital === true };
    marks.push({ caption: { text: city.name, box }, font, spacing: 0, tone: 'city', dot });
  }
  return marks;
};

/** Names of countries wide enough at the zoom to carry theirs. */
export const placeCountries = (
  countries: readonly NamedPoint[],
  eye: SceneEye & { readonly zoom: number },
  room: LabelRoom,
  inks: Inks,
  measure: Measure,
): CityMark[] => {
  if (eye.zoom < 2 || eye.zoom >= 8) return [];
  return countries.flatMap((country): CityMark[] => {
    // A country's size is twice the logarithm of its area: this is the logarithm of its side in pixels.
    const side = (country.size ?? 0) / 4 - 10 + Math.log2(eye.world);
    if (side < 4.6 || side > 9.8) return [];
    const size = Math.min(15, Math.max(9.5, 9 + (side - 5) * 1.5));
    const spacing = Math.max(0.8, (side - 4.6) * 1.1);
    const font = `500 ${Math.round(size * 2) / 2}px ${inks.sans}`;
    const text = country.name.toLocaleUpperCase();
    const half = measure(text, font, spacing) / 2 + 3;
    if (half > 2 ** side) return [];
    const x = projectX(country.longitude) * eye.world - eye.left;
    const y = projectY(country.latitude) * eye.world - eye.top;
    const box = room.takeFirst([{ left: x - half, right: x + half, top: y - 8, bottom: y + 8 }]);
    return box ? [{ caption: { text, box }, font, spacing, tone: 'country', dot: null }] : [];
  });
};

/** Places on a map and the boxes that people look into. */
import { encodeGeohash } from '#shared/geohash.ts';
import { projectX, projectY } from '#features/map/geo/mercator.ts';
import { PlaceIndex } from '#features/map/places/place-index.ts';
import type { PlaceOnMap } from '#features/map/places/place.ts';
import { makeRandom } from '../../../src/server/demo/random.ts';
import { drawRank } from './words.ts';

/** What a screen shows at each zoom, in degrees from its middle. */
const VIEWS = [
  { zoom: 13, degrees: 0.08 },
  { zoom: 14, degrees: 0.04 },
  { zoom: 15, degrees: 0.02 },
] as const;

const random = makeRandom('boxes');
const CITIES = Array.from({ length: 3000 }, () => ({
  latitude: random.next() * 110 - 45,
  longitude: random.next() * 340 - 170,
}));

const makePlace = (at: number): PlaceOnMap => {
  const city = CITIES[drawRank(random, CITIES.length)] ?? { latitude: 0, longitude: 0 };
  const latitude = city.latitude + random.normal() * 0.12;
  const longitude = city.longitude + random.normal() * 0.16;
  return {
    id: `place-${at}`,
    name: `Place ${at}`,
    geohash: encodeGeohash(latitude, longitude, random.chance(0.85) ? 6 : 5),
    members: random.int(1, 240),
    lastActivity: random.int(1, 1_000_000),
  };
};

/** Milliseconds that each of `boxes` boxes around random cities took, among `count` places. */
export const boxTimes = (count: number, boxes: number): number[] => {
  const index = new PlaceIndex(Array.from({ length: count }, (_, at) => makePlace(at)));
  for (const { zoom } of VIEWS) index.prepare(zoom);
  return Array.from({ length: boxes }, (_, at) => {
    const { zoom, degrees } = VIEWS[at % VIEWS.length] ?? VIEWS[0];
    const { latitude, longitude } = random.pick(CITIES);
    const box = {
      left: projectX(longitude - degrees),
      right: projectX(longitude + degrees),
      top: projectY(latitude + degrees),
      bottom: projectY(latitude - degrees),
    };
    const began = performance.now();
    index.find(box, zoom);
    return performance.now() - began;
  });
};

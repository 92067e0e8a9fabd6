/** Made-up places at real cities, the same every time. */
import { encodeGeohash } from '#shared/geohash.ts';
import { systemClock } from '#shared/time.ts';
import type { PlaceOnMap } from '#features/map/index.ts';

interface Spot {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly people: number;
}

const words = [
  'Harbour',
  'Old Town',
  'Mill Lane',
  'Market',
  'Station',
  'Gardens',
  'Canal',
  'Hillside',
  'Riverside',
  'Bakers’ Row',
  'North Gate',
  'Lighthouse',
];

/** `count` places, more of them where more people live. */
export const makePlaces = (cities: readonly Spot[], count: number): PlaceOnMap[] => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const now = systemClock.now();
  if (cities.length === 0) return [];
  return Array.from({ length: count }, (_, at): PlaceOnMap => {
    const city = cities[Math.floor(random() ** 2.2 * cities.length)] as Spot;
    const spread = Math.min(0.25, 0.02 * Math.log10(city.people));
    const precision = random() < 0.85 ? 6 : random() < 0.8 ? 5 : 4;
    const latitude = city.latitude + (random() + random() - 1) * spread;
    const longitude = city.longitude + (random() + random() - 1) * spread * 1.4;
    return {
      id: `place-${at}`,
      name: precision < 6 ? city.name : `${city.name} ${words[Math.floor(random() * words.length)] ?? ''}`,
      geohash: encodeGeohash(latitude, longitude, precision),
      members: Math.floor(random() ** 3 * 240),
      live: random() < 0.012,
      own: random() < 0.01,
      lastActivity: now - Math.floor(random() ** 2 * 60 * 86_400),
    };
  });
};

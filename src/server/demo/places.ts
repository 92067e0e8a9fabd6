/** Where the demo's circles are: real towns and districts (GeoNames), made by src/launch/build-demo-data.mjs. */
import dense from './dense-cities.json' with { type: 'json' };
import generated from './generated.json' with { type: 'json' };
import { languageOf } from './languages.ts';
import type { Language } from './languages.ts';

export interface Place {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** A well-known city with its districts: many circles in neighbouring cells. */
export interface DenseCity extends Place {
  readonly country: string;
  readonly language: Language;
  readonly districts: readonly Place[];
  readonly hasShore: boolean;
}

/** A town with a circle or two. */
export interface Town extends Place {
  readonly country: string;
  readonly language: Language;
}

const rows = (text: string): string[][] => text.split('\n').map((row) => row.split('\t'));
const placeOf = ([name = '', latitude = '', longitude = '']: readonly string[]): Place => ({
  name,
  latitude: Number(latitude),
  longitude: Number(longitude),
});

/** The well-known cities, each with at least its centre as a district. */
export const denseCities: readonly DenseCity[] = rows(generated.centres).map((row, index) => {
  const city = dense[index];
  if (!city) throw new Error('generated.json is older than dense-cities.json: build it anew');
  const centre = { ...placeOf(row), name: city.shown };
  const own = rows(generated.districts).filter(([at]) => at === String(index));
  return {
    ...centre,
    country: city.country,
    language: city.language as Language,
    districts: [centre, ...own.map(([, ...rest]) => placeOf(rest))],
    hasShore: 'water' in city,
  };
});

// Places that no table speaks to, or where strangers' talk would be out of place.
const left = new Set(['KP', 'EH']);

/** The other towns, the largest first. */
export const towns: readonly Town[] = rows(generated.towns)
  .filter(([country = '']) => !left.has(country))
  .map(([country = '', ...rest]) => ({ ...placeOf(rest), country, language: languageOf(country) }));

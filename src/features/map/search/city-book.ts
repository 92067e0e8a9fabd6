/** The cities: the large ones for the first labels, all of them once somebody searches or looks closely. */
import type { ReadFile } from '../base/atlas-source.ts';
import { kilometresBetween } from '../geo/cells.ts';
import { parseCities } from './cities.ts';
import type { City } from './cities.ts';
import { findable, search } from './rank.ts';
import type { Findable } from './rank.ts';

/** Loads each list once and finds cities in it; a failed load is tried again the next time. */
export class CityBook {
  readonly #read: ReadFile;
  readonly #lists = new Map<string, Promise<readonly City[]>>();
  #findable: Findable<City>[] | null = null;

  constructor(read: ReadFile) {
    this.#read = read;
  }

  /** Cities of a quarter of a million people and capitals. Empty when they cannot be had. */
  large(): Promise<readonly City[]> {
    return this.#list('cities-large.json');
  }

  /** All cities of 15,000 people and more. Empty when they cannot be had. */
  all(): Promise<readonly City[]> {
    return this.#list('cities.json');
  }

  /** Up to `most` cities by name. */
  async find(text: string, most: number): Promise<City[]> {
    const cities = await this.all();
    if (cities.length === 0) return [];
    this.#findable ??= cities.map((city) => findable(city, city.name, city.people * (city.capital ? 3 : 1)));
    return search(this.#findable, text, most);
  }

  /** The city whose name says best where a point is: near before large, nothing farther than 300 km. */
  async near(latitude: number, longitude: number): Promise<City | null> {
    return nearestCity(await this.all(), latitude, longitude);
  }

  #list(file: string): Promise<readonly City[]> {
    const known = this.#lists.get(file);
    if (known) return known;
    const list = this.#read(file).then(
      (bytes) => {
        const cities = parseCities(new TextDecoder().decode(bytes));
        return cities.ok ? cities.value : [];
      },
      () => {
        this.#lists.delete(file);
        return [];
      },
    );
    this.#lists.set(file, list);
    return list;
  }
}

/** The nearest city within 300 km; null when there is none. */
export const nearestCity = (cities: readonly City[], latitude: number, longitude: number): City | null => {
  let best: City | null = null;
  let least = 300;
  for (const city of cities) {
    if (Math.abs(city.latitude - latitude) > 3) continue;
    const away = kilometresBetween(latitude, longitude, city.latitude, city.longitude);
    if (away < least) [best, least] = [city, away];
  }
  return best;
};

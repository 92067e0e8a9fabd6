/** A cell in people's words: the city it lies near. Asks the gazetteer when first read. */
import { SvelteMap } from 'svelte/reactivity';
import type { MapController } from '#features/map/index.ts';
import { m } from '#messages/paraglide/messages.js';
import { geohashCentre } from '#shared/geohash.ts';
import type { Geohash } from '#shared/geohash.ts';

/** Cells shorter than this are regions: no one city speaks for them. */
const LEAST_LENGTH = 4;

export class Nearby {
  readonly #cities: Pick<MapController['cities'], 'near'>;
  readonly #words = new SvelteMap<Geohash, string>();
  readonly #asked: Geohash[] = [];

  constructor(cities: Pick<MapController['cities'], 'near'>) {
    this.#cities = cities;
  }

  /** “near Lisbon”; undefined while unknown, where no city is near, and for wide cells. */
  wordsFor(cell: Geohash): string | undefined {
    if (cell.length >= LEAST_LENGTH && !this.#asked.includes(cell)) {
      this.#asked.push(cell);
      void this.#ask(cell);
    }
    return this.#words.get(cell);
  }

  async #ask(cell: Geohash): Promise<void> {
    const { latitude, longitude } = geohashCentre(cell);
    const city = await this.#cities.near(latitude, longitude);
    if (city) this.#words.set(cell, m.shell_near({ city: city.name }));
  }
}

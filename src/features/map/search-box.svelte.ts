/** What the search box knows: the text, the answers of both kinds, which one is marked. */
import type { MapController } from './map.svelte.ts';
import type { PlaceOnMap } from './places/place.ts';
import type { City } from './search/cities.ts';
import { findMe } from './search/near-me.ts';
import type { Locator, NearMeFailure } from './search/near-me.ts';
import { findable, search } from './search/rank.ts';

const MOST_PLACES = 6;
const MOST_CITIES = 6;
const NEAR_ZOOM = 12;

/** One answer; `key` names it among the others. */
export type Answer =
  | { readonly kind: 'place'; readonly key: string; readonly place: PlaceOnMap }
  | { readonly kind: 'city'; readonly key: string; readonly city: City };

/** How near to fly for a city: the larger, the farther. */
const zoomForCity = ({ people }: City): number =>
  people > 5e6 ? 10 : people > 1e6 ? 11 : people > 1e5 ? 12 : 13;

/** The search box's state over a map. */
export class SearchState {
  text = $state('');
  isOpen = $state(false);
  marked = $state(-1);
  isLooking = $state(false);
  nearMe = $state<'idle' | 'asking' | NearMeFailure>('idle');
  readonly #controller: MapController;
  readonly #places: () => readonly PlaceOnMap[];
  #cities = $state.raw<readonly City[]>([]);
  #turn = 0;

  readonly #findable = $derived.by(() =>
    this.#places().map((place) => findable(place, place.name, place.members)),
  );
  /** Places first, then cities. */
  readonly answers = $derived.by((): Answer[] => [
    ...search(this.#findable, this.text, MOST_PLACES).map((place) => ({
      kind: 'place' as const,
      key: `place-${place.id}`,
      place,
    })),
    ...this.#cities.map((city, at) => ({ kind: 'city' as const, key: `city-${at}`, city })),
  ]);

  constructor(controller: MapController, places: () => readonly PlaceOnMap[]) {
    this.#controller = controller;
    this.#places = places;
  }

  /** The text has changed: looks again. The cities come from a file of their own the first time. */
  async type(text: string): Promise<void> {
    this.text = text;
    this.isOpen = text.trim() !== '';
    this.marked = -1;
    const turn = ++this.#turn;
    if (!this.isOpen) {
      this.#cities = [];
      return;
    }
    this.isLooking = true;
    const cities = await this.#controller.cities.find(text, MOST_CITIES);
    if (turn !== this.#turn) return;
    this.#cities = cities;
    this.isLooking = false;
  }

  /** Empties the box. */
  clear(): void {
    void this.type('');
  }

  /** Moves the mark through the answers, round the ends. */
  move(step: 1 | -1): void {
    const count = this.answers.length;
    if (count === 0) return;
    this.isOpen = true;
    this.marked = this.marked < 0 && step < 0 ? count - 1 : (this.marked + step + count) % count;
  }

  /** Goes to an answer and closes the list; answers the place's id when it is a place. */
  take(answer: Answer): string | null {
    this.isOpen = false;
    this.marked = -1;
    if (answer.kind === 'place') {
      this.text = answer.place.name;
      this.#controller.flyToPlace(answer.place.id);
      return answer.place.id;
    }
    const { name, latitude, longitude } = answer.city;
    this.text = name;
    this.#controller.fly({ lat: latitude, lon: longitude, zoom: zoomForCity(answer.city) });
    return null;
  }

  /** Asks where the device is, and flies there. */
  async goNearMe(locator: Locator | undefined): Promise<void> {
    this.nearMe = 'asking';
    const found = await findMe(locator);
    this.nearMe = found.ok ? 'idle' : found.error.code;
    if (found.ok)
      this.#controller.fly({ lat: found.value.latitude, lon: found.value.longitude, zoom: NEAR_ZOOM });
  }
}

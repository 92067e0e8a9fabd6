/** What the map's parts share: where it looks, what is in view, what is picked. One controller for one map. */
import { geohashBounds, geohashCentre } from '#shared/geohash.ts';
import type { Geohash } from '#shared/geohash.ts';
import { AtlasSource, siteFiles } from './base/atlas-source.ts';
import type { ReadFile } from './base/atlas-source.ts';
import { cellKilometres, openZoom } from './geo/cells.ts';
import { latitudeOf, longitudeOf } from './geo/mercator.ts';
import { NamedPoints } from './places/city-marks.ts';
import type { PlaceOnMap } from './places/place.ts';
import { mostAlive, PlaceIndex } from './places/place-index.ts';
import type { Found } from './places/place-index.ts';
import type { Mark } from './places/scene.ts';
import { CityBook } from './search/city-book.ts';
import { loadLeaflet } from './stage/leaflet.ts';
import { MapStage } from './stage/map-stage.ts';
import type { StreetTiles } from './stage/street-tiles.ts';
import { MOST_ZOOM, NO_PADDING, parseLook } from './stage/view.ts';
import type { MapLook, MapPadding } from './stage/view.ts';

const START: MapLook = { lat: 30, lon: 8, zoom: 3 };
const ALL_CITIES_FROM = 6;
const MOST_LISTED = 60;
const WORLD = { left: 0, right: 1, top: 0, bottom: 1 };
const LIFE_ZOOM = 5;

/** A cell picked for a new place, with what can be said about it. */
interface PickedCell {
  readonly geohash: Geohash;
  readonly width: number;
  readonly height: number;
  readonly near: string | null;
}

/** What the person did on the map. */
interface MapHandlers {
  onselect?: ((id: string) => void) | undefined;
  onchoose?: ((ids: string[]) => void) | undefined;
  onlook?: ((look: MapLook) => void) | undefined;
}

/** The map's state and its hands. Make it once, give it to MapView, SearchBox and PlaceList. */
export class MapController {
  /** Where the map looks now; also before it is shown. */
  look = $state.raw<MapLook>(START);
  /** The most alive places in view (at most 60), and how many there are in all. */
  listed = $state.raw<readonly PlaceOnMap[]>([]);
  count = $state(0);
  picked = $state.raw<PickedCell | null>(null);
  hovered = $state.raw<{ mark: Mark; x: number; y: number } | null>(null);
  streets = $state<'off' | 'shown' | 'silent'>('off');
  phase = $state<'waiting' | 'shown' | 'failed'>('waiting');
  /** How long the last search for what is in view took, in milliseconds. */
  queryTime = $state(0);
  handlers: MapHandlers = {};
  readonly cities: CityBook;
  readonly #source: AtlasSource;
  #index = new PlaceIndex([]);
  #stage: MapStage | null = null;
  #selected: string | null = null;
  #mode: 'browse' | 'choose' = 'browse';
  #streetTiles: StreetTiles | null = null;
  #padding: MapPadding = NO_PADDING;
  #allCities = false;
  /** The first look is meant for what the sheets leave of the map; a remembered one is the whole map's. */
  #isFirst = false;

  constructor(look?: unknown, read: ReadFile = siteFiles()) {
    this.look = parseLook(look) ?? START;
    this.cities = new CityBook(read);
    this.#source = new AtlasSource(read);
  }

  /** Opens the map there, in the middle of what the sheets leave, once it is shown. */
  startAt(look: MapLook): void {
    this.look = parseLook(look) ?? this.look;
    this.#isFirst = true;
  }

  /** Shows the map in an element; answers how to end it. Fetches Leaflet and the base map. */
  show(element: HTMLElement): () => void {
    let ended = false;
    this.phase = 'waiting';
    void loadLeaflet().then(
      (library) => {
        if (ended) return;
        this.#stage = this.#makeStage(library, element);
        this.phase = 'shown';
      },
      () => {
        this.phase = 'failed';
      },
    );
    return () => {
      ended = true;
      this.#stage?.remove();
      this.#stage = null;
    };
  }

  #makeStage(library: Awaited<ReturnType<typeof loadLeaflet>>, element: HTMLElement): MapStage {
    const stage = new MapStage(library, element, this.#source, this.look, {
      onlook: (look, found, milliseconds) => this.#looked(look, found, milliseconds),
      onmark: (mark) => this.#pressed(mark),
      onhover: (mark, x, y) => (this.hovered = mark ? { mark, x, y } : null),
      onpick: (cell) => void this.pick(cell),
      onstreets: (state) => (this.streets = state),
    });
    stage.padding = this.#padding;
    stage.scene.index = this.#index;
    stage.placesChanged();
    stage.scene.selected = this.#selected;
    stage.scene.choosing = this.#mode === 'choose';
    stage.scene.pickedCell = this.picked?.geohash ?? null;
    stage.setStreets(this.#streetTiles);
    if (this.#isFirst) stage.fly(this.look, false);
    this.#isFirst = false;
    void this.#nameTheBase(stage);
    return stage;
  }

  async #nameTheBase(stage: MapStage): Promise<void> {
    const [plan, cities] = await Promise.all([this.#source.plan(), this.cities.large()]);
    stage.scene.countries = plan?.countries ?? [];
    if (!this.#allCities) stage.scene.cities = new NamedPoints(cities);
    stage.changed();
  }

  /** Replaces the places on the map. */
  setPlaces(places: readonly PlaceOnMap[]): void {
    this.#index = new PlaceIndex(places);
    if (!this.#stage) return;
    this.#stage.scene.index = this.#index;
    this.#stage.placesChanged();
  }

  /** Highlights a place, or none. */
  setSelected(id: string | null): void {
    this.#selected = id;
    this.#change((stage) => (stage.scene.selected = id));
  }

  /** Browsing opens places; choosing picks the cell of a new one. */
  setMode(mode: 'browse' | 'choose'): void {
    this.#mode = mode;
    if (mode === 'browse') this.unpick();
    this.#change((stage) => (stage.scene.choosing = mode === 'choose'));
  }

  /** Street tiles over the atlas, or none. */
  setStreets(tiles: StreetTiles | null): void {
    this.#streetTiles = tiles;
    this.#stage?.setStreets(tiles);
  }

  /** What sheets cover, so that flights end beside them. */
  setPadding(padding: MapPadding): void {
    this.#padding = padding;
    if (this.#stage) this.#stage.padding = padding;
  }

  /** Flies to a look; before the map is shown it will open there. */
  fly(look: MapLook): void {
    if (this.#stage) this.#stage.fly(look);
    else this.look = parseLook(look) ?? this.look;
  }

  /** Flies to a place, so near that its cell can be seen. */
  flyToPlace(id: string): void {
    const cell = this.#index.byId.get(id);
    if (cell) this.flyToCell(cell.geohash);
  }

  /** Flies to a cell unless its middle is in sight already. */
  showCell(geohash: Geohash): void {
    const { latitude, longitude } = geohashCentre(geohash);
    if (!this.#stage?.sees(latitude, longitude)) this.flyToCell(geohash);
  }

  /** Flies to where there is most life now, or else most places: the whole of its surroundings. */
  flyToLife(): void {
    const [first] = mostAlive([this.#index.find(WORLD, LIFE_ZOOM)], 1);
    if (!first) return;
    const { latitude, longitude } = geohashCentre(first.geohash);
    this.fly({ lat: latitude, lon: longitude, zoom: LIFE_ZOOM });
  }

  /** Flies to a cell, so near that it is drawn by itself. */
  flyToCell(geohash: Geohash): void {
    const { latitude, longitude } = geohashCentre(geohash);
    const zoom = Math.max(Math.min(this.look.zoom, openZoom(geohash.length) + 2), openZoom(geohash.length));
    this.fly({ lat: latitude, lon: longitude, zoom: Math.min(MOST_ZOOM, zoom) });
  }

  /** One step nearer or farther. */
  zoomBy(step: 1 | -1): void {
    this.#stage?.zoomBy(step);
  }

  /** Picks a cell for a new place, and says how large it is and what is near. */
  async pick(geohash: Geohash): Promise<void> {
    const { width, height } = cellKilometres(geohashBounds(geohash));
    const own: PickedCell = { geohash, width, height, near: null };
    this.picked = own;
    this.#change((stage) => (stage.scene.pickedCell = geohash));
    const { latitude, longitude } = geohashCentre(geohash);
    const city = await this.cities.near(latitude, longitude);
    // Another cell may be picked by now, or none.
    if (city && this.picked === own) this.picked = { ...own, near: city.name };
  }

  /** Nothing is picked. */
  unpick(): void {
    this.picked = null;
    this.#change((stage) => (stage.scene.pickedCell = null));
  }

  #change(change: (stage: MapStage) => void): void {
    if (!this.#stage) return;
    change(this.#stage);
    this.#stage.changed();
  }

  #looked(look: MapLook, found: readonly Found[], milliseconds: number): void {
    this.look = look;
    this.queryTime = milliseconds;
    this.count = found.reduce((sum, { count }) => sum + count, 0);
    this.listed = mostAlive(found, MOST_LISTED);
    this.handlers.onlook?.(look);
    if (look.zoom >= ALL_CITIES_FROM) void this.#nameAll();
  }

  async #nameAll(): Promise<void> {
    if (this.#allCities) return;
    this.#allCities = true;
    const cities = await this.cities.all();
    if (cities.length === 0) this.#allCities = false;
    else this.#change((stage) => (stage.scene.cities = new NamedPoints(cities)));
  }

  #pressed(mark: Mark): void {
    if (mark.kind === 'cell') {
      const ids = mark.cell.places.map(({ id }) => id);
      if (ids.length > 1) this.handlers.onchoose?.(ids);
      else if (ids[0] !== undefined) this.handlers.onselect?.(ids[0]);
      return;
    }
    const { x, y } = mark.cluster;
    const zoom = this.#index.expansionZoom(mark.cluster);
    if (zoom > MOST_ZOOM) {
      this.handlers.onchoose?.(this.#index.placesIn(mark.cluster).map(({ id }) => id));
      return;
    }
    this.fly({ lat: latitudeOf(y), lon: longitudeOf(x), zoom: Math.max(zoom, this.look.zoom + 1) });
  }
}

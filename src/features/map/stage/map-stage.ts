/** The map itself: Leaflet with the atlas beneath and the places on it. Speaks through the events it is given. */
import { encodeGeohash } from '#shared/geohash.ts';
import type { Geohash } from '#shared/geohash.ts';
import type { GridLayer, LeafletMouseEvent, Map as LeafletMap, Point, TileLayer } from 'leaflet';
import type { AtlasSource } from '../base/atlas-source.ts';
import { readInks, watchInks } from '../base/inks.ts';
import type { Inks } from '../base/inks.ts';
import { pickPrecision } from '../geo/cells.ts';
import { markAt } from '../places/hit.ts';
import type { Mark } from '../places/scene.ts';
import type { Found, PlaceIndex } from '../places/place-index.ts';
import { makeAtlasLayer } from './atlas-layer.ts';
import type { LeafletLibrary } from './leaflet.ts';
import { showPulses } from './live-pulses.ts';
import { Overlay } from './overlay-layer.ts';
import { boxOf, SceneMaker } from './scene-maker.ts';
import { parseTileUrl, TileHealth } from './street-tiles.ts';
import type { StreetTiles } from './street-tiles.ts';
import { leastZoomFor, MOST_ZOOM, NO_PADDING, paddingShift, parseLook } from './view.ts';
import type { MapLook, MapPadding } from './view.ts';

/** What the map tells. Points are CSS pixels from the map's corner. */
export interface StageEvents {
  /** The map has come to rest: where it looks, what is in view, how many milliseconds the search for it took. */
  onlook(look: MapLook, found: readonly Found[], milliseconds: number): void;
  onmark(mark: Mark): void;
  onhover(mark: Mark | null, x: number, y: number): void;
  onpick(cell: Geohash): void;
  onstreets(state: 'off' | 'shown' | 'silent'): void;
}

const ANIMATED = !globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches;

/** One map in one element, from its making to `remove()`. */
export class MapStage {
  readonly scene: SceneMaker;
  readonly #library: LeafletLibrary;
  readonly #map: LeafletMap;
  readonly #atlas: GridLayer;
  readonly #overlay: Overlay;
  readonly #events: StageEvents;
  readonly #stopInks: () => void;
  #inks: Inks;
  #streets: TileLayer | null = null;
  padding: MapPadding = NO_PADDING;

  constructor(
    library: LeafletLibrary,
    element: HTMLElement,
    source: AtlasSource,
    look: MapLook,
    events: StageEvents,
  ) {
    this.#library = library;
    this.#events = events;
    this.#inks = readInks(element);
    this.scene = new SceneMaker(document.documentElement.lang || undefined);
    this.#map = makeMap(library, element, look);
    this.#map.createPane('atlas').style.zIndex = '100';
    this.#atlas = makeAtlasLayer(library, source, () => this.#inks).addTo(this.#map);
    const pane = this.#map.createPane('places');
    pane.style.zIndex = '450';
    pane.style.pointerEvents = 'none';
    this.#overlay = new Overlay(library, this.#map, pane, (brush, frame, sheet) => {
      this.scene.paint(brush, frame, this.#inks);
      showPulses(sheet, this.scene.marks);
    });
    this.#map.on('moveend', () => this.#tellLook());
    this.#map.on('resize', () => this.#map.setMinZoom(leastZoomFor(this.#map.getSize().y)));
    this.#map.on('click', (event) => this.#click(event));
    this.#map.on('mousemove', (event) => this.#hover(event));
    this.#map.on('mouseout movestart', () => this.#hoverNothing());
    this.#stopInks = watchInks(() => this.repaint());
    void document.fonts.ready.then(() => this.repaintOverlay());
    queueMicrotask(() => this.#tellLook());
  }

  /** Reads the theme's colours again and paints everything. */
  repaint(): void {
    this.#inks = readInks(this.#map.getContainer());
    this.#atlas.redraw();
    this.repaintOverlay();
  }

  /** Paints what lies on the map, in the next frame. */
  repaintOverlay(): void {
    this.scene.forgetFaces();
    this.#overlay.ask();
  }

  /** The places have changed: paints them and tells what is in view. */
  placesChanged(): void {
    this.#overlay.ask();
    this.#tellLook();
    prepareAhead(this.scene.index, () => this.scene.index);
  }

  /** Paints again without measuring again: a selection, a mode, a picked cell. */
  changed(): void {
    this.#overlay.ask();
  }

  /** Moves the map so that the look's middle is in the middle of what no sheet covers. */
  fly(look: MapLook, animate = true): void {
    const wanted = parseLook(look);
    if (!wanted) return;
    const map = this.#map;
    const zoom = Math.max(map.getMinZoom(), wanted.zoom);
    const shift = paddingShift(this.padding);
    const near = this.#nearest(wanted);
    const target = map.unproject(
      map.project(near, zoom).subtract(this.#library.point(shift.x, shift.y)),
      zoom,
    );
    if (!animate || !ANIMATED) map.setView(target, zoom, { animate: false });
    else map.flyTo(target, zoom, { duration: 0.9 });
  }

  /** Whether a point is in the part of the map that no sheet covers. */
  sees(lat: number, lon: number): boolean {
    const { x, y } = this.#map.latLngToContainerPoint(this.#nearest({ lat, lon }));
    const size = this.#map.getSize();
    const { top, right, bottom, left } = this.padding;
    return x > left && x < size.x - right && y > top && y < size.y - bottom;
  }

  /** One step nearer (1) or farther (-1). */
  zoomBy(step: 1 | -1): void {
    this.#map.setZoom(this.#map.getZoom() + step, { animate: ANIMATED });
  }

  /** Shows street tiles over the atlas, or takes them away (null, or an address that is none). */
  setStreets(tiles: StreetTiles | null): void {
    this.#streets?.remove();
    this.#streets = null;
    this.#setBare(false);
    const address = tiles === null ? null : parseTileUrl(tiles.url);
    this.#events.onstreets('off');
    if (address?.ok !== true) return;
    const health = new TileHealth();
    const layer = this.#library.tileLayer(address.value.url, {
      maxZoom: MOST_ZOOM,
      className: 'street-tiles',
    });
    layer.on('tileload', () => {
      health.came();
      this.#setBare(true);
      this.#events.onstreets('shown');
    });
    layer.on('tileerror', () => {
      health.failed();
      if (!health.silent) return;
      this.#setBare(false);
      this.#events.onstreets('silent');
    });
    this.#streets = layer.addTo(this.#map);
  }

  /** Ends the map: no handler, layer or watcher is left. */
  remove(): void {
    this.#stopInks();
    this.#overlay.remove();
    this.#map.remove();
  }

  /** Whether street tiles hide the atlas. */
  #setBare(hidden: boolean): void {
    const pane = this.#map.getPane('atlas');
    if (pane) pane.style.visibility = hidden ? 'hidden' : 'visible';
    if (this.scene.quietBase === hidden) return;
    this.scene.quietBase = hidden;
    this.#overlay.ask();
  }

  /** The copy of a point that is nearest to where the map looks now: a flight takes the short way round. */
  #nearest({ lat, lon }: Pick<MapLook, 'lat' | 'lon'>): [number, number] {
    const turns = Math.round((this.#map.getCenter().lng - lon) / 360);
    return [lat, lon + turns * 360];
  }

  #tellLook(): void {
    const { lat, lng } = this.#map.getCenter();
    const zoom = this.#map.getZoom();
    const look = parseLook({ lat, lon: lng, zoom });
    if (!look) return;
    const { min, max } = this.#map.getPixelBounds();
    if (!min || !max) return;
    const box = boxOf({ zoom, left: min.x, top: min.y, width: max.x - min.x, height: max.y - min.y });
    this.scene.index.prepare(zoom);
    const before = performance.now();
    const copies = this.scene.find(box, zoom);
    const milliseconds = performance.now() - before;
    const found = copies.map((copy) => copy.found);
    this.#events.onlook(look, found, milliseconds);
  }

  #markAt(point: Point): Mark | null {
    const frame = this.#overlay.frame;
    const min = this.#map.getPixelBounds().min;
    if (!frame || !min || frame.zoom !== this.#map.getZoom()) return null;
    return markAt(this.scene.marks, min.x + point.x - frame.left, min.y + point.y - frame.top);
  }

  #click(event: LeafletMouseEvent): void {
    const { lat, lng } = event.latlng;
    if (this.scene.choosing) {
      this.#events.onpick(encodeGeohash(lat, lng, pickPrecision(this.#map.getZoom())));
      return;
    }
    const mark = this.#markAt(event.containerPoint);
    if (mark) this.#events.onmark(mark);
  }

  #hover(event: LeafletMouseEvent): void {
    if (this.scene.choosing) {
      const { lat, lng } = event.latlng;
      const cell = encodeGeohash(lat, lng, pickPrecision(this.#map.getZoom()));
      if (cell === this.scene.hoverCell) return;
      this.scene.hoverCell = cell;
      this.#overlay.ask();
      return;
    }
    const mark = this.#markAt(event.containerPoint);
    this.#map.getContainer().style.cursor = mark ? 'pointer' : '';
    this.#events.onhover(mark, event.containerPoint.x, event.containerPoint.y);
  }

  #hoverNothing(): void {
    this.#events.onhover(null, 0, 0);
    if (this.scene.hoverCell === null) return;
    this.scene.hoverCell = null;
    this.#overlay.ask();
  }
}

/** Gathers for the zooms nobody looks at yet while the machine has nothing else to do, as long as the index is in use. */
const prepareAhead = (index: PlaceIndex, current: () => PlaceIndex, zoom = 0): void => {
  const later = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 50));
  later(() => {
    if (current() !== index) return;
    index.prepare(zoom);
    if (zoom < MOST_ZOOM) prepareAhead(index, current, zoom + 1);
  });
};

const makeMap = (library: LeafletLibrary, element: HTMLElement, look: MapLook): LeafletMap =>
  library.map(element, {
    center: [look.lat, look.lon],
    zoom: Math.max(look.zoom, leastZoomFor(element.clientHeight)),
    minZoom: leastZoomFor(element.clientHeight),
    maxZoom: MOST_ZOOM,
    zoomControl: false,
    attributionControl: false,
    // The world repeats without end to the sides; it ends at the poles.
    maxBounds: [
      [-85.06, -1e6],
      [85.06, 1e6],
    ],
    maxBoundsViscosity: 1,
    zoomAnimation: ANIMATED,
    fadeAnimation: ANIMATED,
    inertia: ANIMATED,
    keyboardPanDelta: 120,
  });

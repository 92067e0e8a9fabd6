/**
 * Finds what a view shows among many places in well under a millisecond. Places of one cell belong together; cells large
 * enough on the screen are found one by one (a k-d tree for each precision), smaller ones gathered by supercluster.
 */
import type { Geohash } from '#shared/geohash.ts';
import KDBush from 'kdbush';
import Supercluster from 'supercluster';
import type { Box } from '../geo/clip.ts';
import { cellBox, openZoom } from '../geo/cells.ts';
import { latitudeOf, longitudeOf, projectX, projectY } from '../geo/mercator.ts';
import { byLife } from './place.ts';
import type { PlaceOnMap } from './place.ts';

/** One geohash cell and the places in it, the most alive first. Box and middle in the unit square. */
export interface Cell {
  readonly geohash: Geohash;
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly places: readonly PlaceOnMap[];
}

/** Several cells too small to draw one by one. `top` holds the three most alive places. */
export interface Cluster {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly count: number;
  readonly top: readonly PlaceOnMap[];
  readonly own: boolean;
  readonly live: boolean;
}

/** What a view shows: open cells, cells smaller than that, and clusters; `count` is all their places. */
export interface Found {
  readonly cells: readonly Cell[];
  readonly clusters: readonly Cluster[];
  readonly count: number;
}

interface Gathered {
  count: number;
  top: PlaceOnMap[];
  own: boolean;
  live: boolean;
}

interface Layer {
  readonly cells: readonly Cell[];
  readonly tree: KDBush;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** From this zoom on every cell of up to six characters is drawn by itself. */
const OPEN_EVERYTHING = 13;
const RADIUS = 58;
const TOP = 3;

/** An index over places that do not change; make a new one when they do. */
export class PlaceIndex {
  readonly cells: readonly Cell[];
  readonly byId: ReadonlyMap<string, Cell>;
  readonly #layers = new Map<number, Layer>();
  readonly #gathered = new Map<number, Supercluster<{ at: number }, Gathered>>();

  constructor(places: readonly PlaceOnMap[]) {
    this.cells = gatherCells(places);
    const byId = new Map<string, Cell>();
    for (const cell of this.cells) for (const place of cell.places) byId.set(place.id, cell);
    this.byId = byId;
    for (const precision of new Set(this.cells.map(({ geohash }) => geohash.length)))
      this.#layers.set(
        precision,
        makeLayer(this.cells.filter(({ geohash }) => geohash.length === precision)),
      );
  }

  /** What is in the box (unit square; west of 0 and east of 1 are the neighbouring copies of the world). */
  find(box: Box, zoom: number): Found {
    const whole = Math.floor(zoom);
    const cells: Cell[] = [];
    const clusters: Cluster[] = [];
    let count = 0;
    for (const [precision, layer] of this.#layers)
      if (openZoom(precision) <= whole)
        for (const cell of openCells(layer, box)) {
          cells.push(cell);
          count += cell.places.length;
        }
    for (const found of this.#gather(box, whole)) {
      if ('places' in found) {
        cells.push(found);
        count += found.places.length;
      } else {
        clusters.push(found);
        count += found.count;
      }
    }
    return { cells, clusters, count };
  }

  /** Gathers ahead what a search at this zoom needs (tens of milliseconds once for 10,000 places). */
  prepare(zoom: number): void {
    const first = firstClosed(Math.floor(zoom));
    if (!this.#gathered.has(first)) this.#gatherFrom(first);
  }

  /** All places of a cluster, the most alive first. */
  placesIn(cluster: Cluster): PlaceOnMap[] {
    const [first, id] = cluster.key.split(':').map(Number) as [number, number];
    const leaves = this.#gathered.get(first)?.getLeaves(id, Infinity) ?? [];
    return leaves.flatMap(({ properties }) => this.cells[properties.at]?.places ?? []).toSorted(byLife);
  }

  /** The zoom at which a cluster falls apart; `OPEN_EVERYTHING` + 1 when it never does. */
  expansionZoom(cluster: Cluster): number {
    const [first, id] = cluster.key.split(':').map(Number) as [number, number];
    const gathered = this.#gathered.get(first);
    const cells =
      gathered?.getLeaves(id, Infinity).flatMap(({ properties }) => this.cells[properties.at] ?? []) ?? [];
    const box = boxAround(cells);
    for (let zoom = gathered?.getClusterExpansionZoom(id) ?? 0; zoom <= OPEN_EVERYTHING; zoom++) {
      const found = this.find(box, zoom);
      if (found.cells.length + found.clusters.length > 1) return zoom;
    }
    return OPEN_EVERYTHING + 1;
  }

  *#gather(box: Box, zoom: number): Generator<Cell | Cluster> {
    const first = firstClosed(zoom);
    const gathered = this.#gathered.get(first) ?? this.#gatherFrom(first);
    const bounds: [number, number, number, number] = [
      longitudeOf(box.left),
      latitudeOf(box.bottom),
      longitudeOf(box.right),
      latitudeOf(box.top),
    ];
    for (const { geometry, properties } of gathered.getClusters(bounds, zoom)) {
      if (!('cluster' in properties)) {
        const cell = this.cells[(properties as { at: number }).at];
        if (cell) yield cell;
        continue;
      }
      const { cluster_id: id, count, top, own, live } = properties;
      const [longitude = 0, latitude = 0] = geometry.coordinates;
      yield { key: `${first}:${id}`, x: projectX(longitude), y: projectY(latitude), count, top, own, live };
    }
  }

  /** Cells of `first` and more characters, gathered at the zooms at which exactly those are still closed. */
  #gatherFrom(first: number): Supercluster<{ at: number }, Gathered> {
    const gathered = new Supercluster<{ at: number }, Gathered>({
      radius: RADIUS * 2,
      extent: 512,
      minZoom: first === 1 ? 0 : openZoom(first - 1),
      maxZoom: Math.max(0, openZoom(first) - 1),
      map: ({ at }) => gatherCell(this.cells[at] as Cell),
      reduce: mergeGathered,
    });
    const features = this.cells.flatMap((cell, at) =>
      cell.geohash.length < first
        ? []
        : [
            {
              type: 'Feature' as const,
              properties: { at },
              geometry: { type: 'Point' as const, coordinates: centre(cell) },
            },
          ],
    );
    gathered.load(features);
    this.#gathered.set(first, gathered);
    return gathered;
  }
}

const firstClosed = (zoom: number): number => {
  let precision = 1;
  while (openZoom(precision) <= zoom && precision < 12) precision++;
  return precision;
};

const centre = ({ x, y }: Cell): [number, number] => [longitudeOf(x), latitudeOf(y)];

const boxAround = (cells: readonly Cell[]): Box => {
  const hair = 1e-9;
  return {
    left: Math.min(...cells.map(({ x }) => x)) - hair,
    right: Math.max(...cells.map(({ x }) => x)) + hair,
    top: Math.min(...cells.map(({ y }) => y)) - hair,
    bottom: Math.max(...cells.map(({ y }) => y)) + hair,
  };
};

const gatherCells = (places: readonly PlaceOnMap[]): Cell[] => {
  const groups = new Map<Geohash, PlaceOnMap[]>();
  for (const place of places) {
    const group = groups.get(place.geohash);
    if (group) group.push(place);
    else groups.set(place.geohash, [place]);
  }
  return Array.from(groups, ([geohash, group]) => {
    const box = cellBox(geohash);
    const x = (box.left + box.right) / 2;
    return {
      geohash,
      box,
      x,
      y: (box.top + box.bottom) / 2,
      places: group.length > 1 ? group.sort(byLife) : group,
    };
  });
};

const makeLayer = (cells: readonly Cell[]): Layer => {
  const tree = new KDBush(cells.length);
  let halfWidth = 0;
  let halfHeight = 0;
  for (const { x, y, box } of cells) {
    tree.add(x, y);
    halfWidth = Math.max(halfWidth, x - box.left);
    halfHeight = Math.max(halfHeight, y - box.top);
  }
  return { cells, tree: tree.finish(), halfWidth, halfHeight };
};

const openCells = ({ cells, tree, halfWidth, halfHeight }: Layer, box: Box): Cell[] => {
  const found = tree.range(
    box.left - halfWidth,
    box.top - halfHeight,
    box.right + halfWidth,
    box.bottom + halfHeight,
  );
  return found.flatMap((at) => cells[at] ?? []);
};

const gatherCell = ({ places }: Cell): Gathered => ({
  count: places.length,
  top: places.slice(0, TOP),
  own: places.some(({ own }) => own === true),
  live: places.some(({ live }) => live === true),
});

/** The first few of two lists that are both in order. Runs tens of thousands of times, so it sorts nothing. */
const mostAliveOf = (a: readonly PlaceOnMap[], b: readonly PlaceOnMap[]): PlaceOnMap[] => {
  const out: PlaceOnMap[] = [];
  for (let i = 0, j = 0; out.length < TOP && (i < a.length || j < b.length);) {
    const [x, y] = [a[i], b[j]];
    if (x && (!y || byLife(x, y) <= 0)) {
      out.push(x);
      i++;
    } else if (y) {
      out.push(y);
      j++;
    }
  }
  return out;
};

const mergeGathered = (into: Gathered, from: Readonly<Gathered>): void => {
  into.count += from.count;
  into.own ||= from.own;
  into.live ||= from.live;
  into.top = mostAliveOf(into.top, from.top);
};

/** The most alive of what was found, each place once. */
export const mostAlive = (found: readonly Found[], most: number): PlaceOnMap[] => {
  const places = new Map<string, PlaceOnMap>();
  for (const { cells, clusters } of found) {
    for (const cell of cells) for (const place of cell.places) places.set(place.id, place);
    for (const cluster of clusters) for (const place of cluster.top) places.set(place.id, place);
  }
  return [...places.values()].sort(byLife).slice(0, most);
};

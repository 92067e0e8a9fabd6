/** Turns what the index found into marks on the screen, with a place for every name there is room for. */
import type { Box } from '../geo/clip.ts';
import { boxHolds } from '../geo/clip.ts';
import type { LabelRoom } from './label-room.ts';
import { boxesAround } from './label-room.ts';
import { byLife } from './place.ts';
import type { PlaceOnMap } from './place.ts';
import type { Cell, Cluster, Found } from './place-index.ts';

/** Text that stands somewhere: `box` is where, in pixels. */
export interface Caption {
  readonly text: string;
  readonly box: Box;
}

/** A cell on the screen: its rectangle (never smaller than can be seen and hit), name, and tones. */
export interface CellMark {
  readonly kind: 'cell';
  readonly cell: Cell;
  readonly box: Box;
  readonly caption: Caption | null;
  readonly inside: boolean;
  readonly own: boolean;
  readonly live: boolean;
}

/** A cluster on the screen: a pill with its count, names beneath when there is room. */
export interface ClusterMark {
  readonly kind: 'cluster';
  readonly cluster: Cluster;
  readonly box: Box;
  readonly text: string;
  readonly caption: Caption | null;
  readonly own: boolean;
  readonly live: boolean;
}

export type Mark = CellMark | ClusterMark;

/** How the scene sees the world: unit square → pixels, what is visible, how texts are measured and counts written. */
export interface SceneEye {
  readonly world: number;
  readonly left: number;
  readonly top: number;
  /** What can be seen now; the canvas itself is larger. */
  readonly view: Box;
  readonly selected: string | null;
  measure(text: string, style: 'name' | 'small' | 'count'): number;
  count(value: number): string;
}

const SMALLEST = 10;
const NAME_HEIGHT = 18;
const SMALL_HEIGHT = 15;
const PILL_HEIGHT = 24;
const WIDEST = 168;
const SMALL_CELL = 40;
/** One caption of a cluster for so many square pixels of the view: more would be noise. */
const QUIET = 60_000;

/** The pixels of a unit-square box, grown around its middle to at least the smallest size that can be seen. */
export const screenBox = (box: Box, eye: SceneEye): Box => {
  const left = box.left * eye.world - eye.left;
  const right = box.right * eye.world - eye.left;
  const top = box.top * eye.world - eye.top;
  const bottom = box.bottom * eye.world - eye.top;
  const growX = Math.max(0, SMALLEST - (right - left)) / 2;
  const growY = Math.max(0, SMALLEST - (bottom - top)) / 2;
  return { left: left - growX, right: right + growX, top: top - growY, bottom: bottom + growY };
};

/** "Harbour +2" for a cell with three places. */
export const cellName = ({ places }: Cell): string => {
  const name = places[0]?.name ?? '';
  return places.length > 1 ? `${name} +${places.length - 1}` : name;
};

/** Cuts a text to a width with an ellipsis. */
export const fitText = (text: string, width: number, measure: (text: string) => number): string => {
  if (measure(text) <= width) return text;
  const points = Array.from(text);
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${points.slice(0, middle).join('')}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${points.slice(0, low).join('').trimEnd()}…`;
};

/**
 * The marks of a view, largest cells first (so that smaller ones lie on top). Takes room for them; `between` may take room
 * after the marks themselves and before their names.
 */
export const makeScene = (found: Found, eye: SceneEye, room: LabelRoom, between?: () => void): Mark[] => {
  const pills = found.clusters.map((cluster) => pill(cluster, eye));
  const shown = found.cells.map((cell) => ({ cell, box: screenBox(cell.box, eye) }));
  for (const { box } of pills) room.take(box);
  for (const { box } of shown) if (width(box) < SMALL_CELL) room.take(box);
  between?.();
  const weight = ({ cell }: { cell: Cell }): number =>
    cell.places.some(({ id }) => id === eye.selected) ? 2 : cell.places.some(({ own }) => own) ? 1 : 0;
  const inOrder = shown.toSorted(
    (a, b) => weight(b) - weight(a) || byLife(a.cell.places[0] as PlaceOnMap, b.cell.places[0] as PlaceOnMap),
  );
  const cells = inOrder.map(({ cell, box }) => cellMark(cell, box, eye, room));
  let captions = Math.ceil(area(eye.view) / QUIET) * 2;
  const clusters = pills
    .toSorted((a, b) => b.cluster.count - a.cluster.count)
    .map((mark): ClusterMark => {
      const caption = captions > 0 ? clusterCaption(mark, eye, room) : null;
      if (caption) captions--;
      return { ...mark, caption };
    });
  return [...cells.toSorted((a, b) => area(b.box) - area(a.box)), ...clusters];
};

const width = (box: Box): number => box.right - box.left;
const area = (box: Box): number => (box.right - box.left) * (box.bottom - box.top);

const pill = (cluster: Cluster, eye: SceneEye): ClusterMark => {
  const text = eye.count(cluster.count);
  const x = cluster.x * eye.world - eye.left;
  const y = cluster.y * eye.world - eye.top;
  const half = Math.max(PILL_HEIGHT, eye.measure(text, 'count') + 16) / 2;
  const box = { left: x - half, right: x + half, top: y - PILL_HEIGHT / 2, bottom: y + PILL_HEIGHT / 2 };
  return { kind: 'cluster', cluster, box, text, caption: null, own: cluster.own, live: cluster.live };
};

const clusterCaption = (mark: ClusterMark, eye: SceneEye, room: LabelRoom): Caption | null => {
  const measure = (text: string): number => eye.measure(text, 'small');
  const names = mark.cluster.top.map(({ name }) => name);
  const x = (mark.box.left + mark.box.right) / 2;
  for (let most = names.length; most > 0; most--) {
    const whole = names.slice(0, most).join(', ');
    if (most > 1 && measure(whole) > WIDEST) continue;
    const text = fitText(whole, WIDEST, measure);
    const half = measure(text) / 2 + 2;
    const top = mark.box.bottom + 1;
    if (room.takeFirst([{ left: x - half, right: x + half, top, bottom: top + SMALL_HEIGHT }]))
      return { text, box: { left: x - half, right: x + half, top, bottom: top + SMALL_HEIGHT } };
  }
  return null;
};

const cellMark = (cell: Cell, box: Box, eye: SceneEye, room: LabelRoom): CellMark => {
  const own = cell.places.some((place) => place.own === true);
  const live = cell.places.some((place) => place.live === true);
  const held = captionOf(cell, box, eye, room);
  return { kind: 'cell', cell, box, own, live, ...held };
};

const captionOf = (
  cell: Cell,
  box: Box,
  eye: SceneEye,
  room: LabelRoom,
): { caption: Caption | null; inside: boolean } => {
  const measure = (text: string): number => eye.measure(text, 'name');
  const name = cellName(cell);
  if (boxHolds(box, eye.view)) return { caption: null, inside: true };
  const seen = overlap(box, eye.view);
  const text = fitText(name, Math.max(WIDEST, Math.min(320, width(box) - 12)), measure);
  const wide = measure(text) + 6;
  if (wide <= width(seen) - 4 && seen.bottom - seen.top >= NAME_HEIGHT + 2) {
    const inside = room.takeFirst(boxesInside(seen, wide));
    if (inside) return { caption: { text, box: inside }, inside: true };
  }
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const around = boxesAround(x, y, wide, NAME_HEIGHT, width(box) / 2 + 4, (box.bottom - box.top) / 2 + 1);
  const outside = room.takeFirst(around);
  return { caption: outside && { text, box: outside }, inside: false };
};

const overlap = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});

/** Where a name may stand in a cell: in the middle, else along the top, else along the bottom. */
const boxesInside = (seen: Box, wide: number): Box[] => {
  const x = (seen.left + seen.right) / 2;
  const middle = (seen.top + seen.bottom) / 2;
  const tops = [middle - NAME_HEIGHT / 2, seen.top + 2, seen.bottom - 2 - NAME_HEIGHT];
  return tops.map((top) => ({ left: x - wide / 2, right: x + wide / 2, top, bottom: top + NAME_HEIGHT }));
};

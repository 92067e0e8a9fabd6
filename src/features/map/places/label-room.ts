/** Keeps labels from lying on each other: first come, first served, so come in the order of importance. */
import type { Box } from '../geo/clip.ts';
import { boxesTouch } from '../geo/clip.ts';

const BUCKET = 96;

/** The room on the map that is already taken, in pixels. */
export class LabelRoom {
  readonly #buckets = new Map<number, Box[]>();
  readonly #view: Box;

  constructor(view: Box) {
    this.#view = view;
  }

  /** Whether the box is free (touching counts as taken). */
  isFree(box: Box): boolean {
    for (const key of bucketsOf(box))
      if (this.#buckets.get(key)?.some((taken) => boxesTouch(taken, box))) return false;
    return true;
  }

  /** Takes the box whether it is free or not. */
  take(box: Box): void {
    for (const key of bucketsOf(box)) {
      const bucket = this.#buckets.get(key);
      if (bucket) bucket.push(box);
      else this.#buckets.set(key, [box]);
    }
  }

  /** Takes the first of the boxes that is free and touches the view; null when none is. */
  takeFirst(boxes: readonly Box[]): Box | null {
    const free = boxes.find((box) => boxesTouch(box, this.#view) && this.isFree(box));
    if (!free) return null;
    this.take(free);
    return free;
  }
}

function* bucketsOf({ left, top, right, bottom }: Box): Generator<number> {
  for (let row = Math.floor(top / BUCKET); row <= Math.floor(bottom / BUCKET); row++)
    for (let column = Math.floor(left / BUCKET); column <= Math.floor(right / BUCKET); column++)
      yield row * 4096 + column;
}

/** A box of a size beside a point: below it, to its right, to its left, above it (`gap` pixels away). */
export const boxesAround = (
  x: number,
  y: number,
  width: number,
  height: number,
  gapX: number,
  gapY: number,
): Box[] => [
  { left: x - width / 2, right: x + width / 2, top: y + gapY, bottom: y + gapY + height },
  { left: x + gapX, right: x + gapX + width, top: y - height / 2, bottom: y + height / 2 },
  { left: x - gapX - width, right: x - gapX, top: y - height / 2, bottom: y + height / 2 },
  { left: x - width / 2, right: x + width / 2, top: y - gapY - height, bottom: y - gapY },
];

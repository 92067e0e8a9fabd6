/** Cuts rings and lines to a box, so that a tile is drawn from what it shows and nothing more. */

/** A box in whatever unit the points are in; y grows downward. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Whether two boxes share at least a point. */
export const boxesTouch = (a: Box, b: Box): boolean =>
  a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;

/** Whether `inner` lies in `outer` entirely. */
export const boxHolds = (outer: Box, inner: Box): boolean =>
  outer.left <= inner.left &&
  outer.right >= inner.right &&
  outer.top <= inner.top &&
  outer.bottom >= inner.bottom;

/** The ring (x, y, x, y …, not closed) cut to the box by Sutherland and Hodgman; empty when nothing is left. */
export const clipRing = (ring: ArrayLike<number>, box: Box): number[] => {
  const west = cutSide(ring, 0, box.left, 1);
  const east = cutSide(west, 0, box.right, -1);
  const north = cutSide(east, 1, box.top, 1);
  return cutSide(north, 1, box.bottom, -1);
};

/** Keeps the side of `limit` on `axis` (0 is x) that `sign` points to. */
const cutSide = (ring: ArrayLike<number>, axis: 0 | 1, limit: number, sign: 1 | -1): number[] => {
  const out: number[] = [];
  const length = ring.length;
  if (length < 6) return out;
  let px = ring[length - 2] as number;
  let py = ring[length - 1] as number;
  let before = ((axis === 0 ? px : py) - limit) * sign;
  for (let index = 0; index < length; index += 2) {
    const x = ring[index] as number;
    const y = ring[index + 1] as number;
    const now = ((axis === 0 ? x : y) - limit) * sign;
    if (now < 0 !== before < 0) {
      const share = before / (before - now);
      if (axis === 0) out.push(limit, py + share * (y - py));
      else out.push(px + share * (x - px), limit);
    }
    if (now >= 0) out.push(x, y);
    px = x;
    py = y;
    before = now;
  }
  return out;
};

/** Whether a segment lies wholly beyond one side of the box (then it cannot be seen). */
export const segmentMisses = (x0: number, y0: number, x1: number, y1: number, box: Box): boolean =>
  (x0 < box.left && x1 < box.left) ||
  (x0 > box.right && x1 > box.right) ||
  (y0 < box.top && y1 < box.top) ||
  (y0 > box.bottom && y1 > box.bottom);

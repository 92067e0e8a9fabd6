/** Tells a coast from the edge where a piece of the world was cut out. */
import type { Box } from '../geo/clip.ts';

const HAIR = 1e-9;
const on = (value: number, edge: number): boolean => Math.abs(value - edge) < HAIR;

/** Whether a segment runs along an edge of the cut (a hair of rounding allowed). */
export const alongCut = (x0: number, y0: number, x1: number, y1: number, cut: Box): boolean =>
  (on(x0, cut.left) && on(x1, cut.left)) ||
  (on(x0, cut.right) && on(x1, cut.right)) ||
  (on(y0, cut.top) && on(y1, cut.top)) ||
  (on(y0, cut.bottom) && on(y1, cut.bottom));

/** Rounds the corners of coasts and rivers when one looks closer than the data was drawn for (Chaikin, twice). */
import type { Box } from '../geo/clip.ts';
import { alongCut } from './along-cut.ts';
import type { AtlasPart, AtlasPiece } from './atlas-file.ts';

/** The piece with round coasts. Edges where it was cut out of the world stay as they are. */
export const smoothPiece = (piece: AtlasPiece): AtlasPiece => ({
  cut: piece.cut,
  land: piece.land.map((part) => smoothRing(smoothRing(part, piece.cut), piece.cut)),
  lakes: piece.lakes.map((part) => smoothRing(smoothRing(part, piece.cut), piece.cut)),
  borders: piece.borders,
});

/** One round of corner cutting on a ring. */
export const smoothRing = ({ points, box }: AtlasPart, cut: Box): AtlasPart => {
  const length = points.length;
  if (length < 6) return { points, box };
  const out: number[] = [];
  for (let index = 0; index < length; index += 2) {
    const at = (offset: number): number => points[(index + offset + length) % length] as number;
    const [px, py, x, y, nx, ny] = [at(-2), at(-1), at(0), at(1), at(2), at(3)];
    if (alongCut(px, py, x, y, cut) || alongCut(x, y, nx, ny, cut)) out.push(x, y);
    else out.push(x + (px - x) / 4, y + (py - y) / 4, x + (nx - x) / 4, y + (ny - y) / 4);
  }
  return { points: Float64Array.from(out), box };
};

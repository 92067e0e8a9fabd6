/** Paints one tile of the base map: sea, graticule, shaded coast, land, lakes, borders. */
import { boxesTouch, boxHolds, clipRing, segmentMisses } from '../geo/clip.ts';
import type { Box } from '../geo/clip.ts';
import { latitudeOf, longitudeOf, projectX, projectY, worldPixels } from '../geo/mercator.ts';
import { alongCut } from './along-cut.ts';
import type { AtlasPart, AtlasPiece } from './atlas-file.ts';
import type { Inks } from './inks.ts';

/** Which part of the world a tile shows: its north-west corner in world pixels of the zoom, its side in CSS pixels. */
export interface TilePlace {
  readonly zoom: number;
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

type Brush = CanvasRenderingContext2D;
/** Geometry just beyond the edge still casts its shade into the tile. */
const MARGIN = 16;

const shades = [
  { width: 14, alpha: 0.07 },
  { width: 8, alpha: 0.1 },
  { width: 3.5, alpha: 0.16 },
] as const;

/** The tile's box in the unit square, with room for what shines in from outside. */
export const tileReach = ({ zoom, left, top, size }: TilePlace): Box => {
  const world = worldPixels(zoom);
  return {
    left: (left - MARGIN) / world,
    top: (top - MARGIN) / world,
    right: (left + size + MARGIN) / world,
    bottom: (top + size + MARGIN) / world,
  };
};

/** Degrees between the lines of the graticule at a zoom. */
export const graticuleStep = (zoom: number): number => {
  const steps = [30, 30, 30, 15, 10, 5, 5, 2, 1, 0.5, 0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.0025, 0.001];
  return steps[Math.max(0, Math.min(steps.length - 1, Math.round(zoom)))] ?? 30;
};

/** Paints the pieces onto a context whose unit is the CSS pixel and whose origin is the tile's corner. */
export const paintTile = (
  brush: Brush,
  place: TilePlace,
  pieces: readonly AtlasPiece[],
  inks: Inks,
): void => {
  const tile = new TileBrush(brush, place);
  const { colours } = inks;
  brush.fillStyle = colours.sea;
  brush.fillRect(0, 0, place.size, place.size);
  brush.lineJoin = 'round';
  tile.graticule(colours.graticule, 1);
  tile.coastShade(pieces, colours['land-edge']);
  for (const piece of pieces) tile.fill(piece.land, colours.land);
  for (const piece of pieces) tile.fill(piece.lakes, colours.sea);
  if (place.zoom >= 8) tile.graticule(colours.graticule, 0.45);
  brush.strokeStyle = colours['land-edge'];
  brush.lineWidth = place.zoom < 5 ? 0.75 : 1;
  for (const piece of pieces) {
    tile.strokeRings(piece.lakes, piece.cut);
    tile.strokeRings(piece.land, piece.cut);
  }
  brush.strokeStyle = colours.border;
  brush.lineWidth = place.zoom < 4 ? 0.6 : place.zoom < 7 ? 0.8 : 1.1;
  if (place.zoom >= 5) brush.setLineDash(place.zoom < 8 ? [5, 2.5] : [9, 3, 1.5, 3]);
  for (const piece of pieces) tile.strokeLines(piece.borders);
  brush.setLineDash([]);
};

class TileBrush {
  readonly brush: Brush;
  readonly place: TilePlace;
  readonly world: number;
  readonly reach: Box;

  constructor(brush: Brush, place: TilePlace) {
    this.brush = brush;
    this.place = place;
    this.world = worldPixels(place.zoom);
    this.reach = tileReach(place);
  }

  coastShade(pieces: readonly AtlasPiece[], colour: string): void {
    this.brush.strokeStyle = colour;
    for (const { width, alpha } of shades) {
      this.brush.globalAlpha = alpha;
      this.brush.lineWidth = width * (this.place.zoom < 4 ? 0.55 : 1);
      for (const piece of pieces) this.strokeRings(piece.land, piece.cut);
    }
    this.brush.globalAlpha = 1;
  }

  fill(parts: readonly AtlasPart[], colour: string): void {
    const { brush, world, place, reach } = this;
    brush.beginPath();
    for (const part of parts) {
      if (!boxesTouch(part.box, reach)) continue;
      const ring = boxHolds(reach, part.box) ? part.points : clipRing(part.points, reach);
      for (let index = 0; index < ring.length; index += 2) {
        const x = (ring[index] as number) * world - place.left;
        const y = (ring[index + 1] as number) * world - place.top;
        if (index === 0) brush.moveTo(x, y);
        else brush.lineTo(x, y);
      }
      brush.closePath();
    }
    brush.fillStyle = colour;
    brush.fill('evenodd');
  }

  /** Outlines rings, but not where the piece itself was cut out of the world: that is no coast. */
  strokeRings(parts: readonly AtlasPart[], cut: Box): void {
    this.brush.beginPath();
    for (const part of parts) if (boxesTouch(part.box, this.reach)) this.trace(part.points, cut);
    this.brush.stroke();
  }

  strokeLines(parts: readonly AtlasPart[]): void {
    this.brush.beginPath();
    for (const part of parts) if (boxesTouch(part.box, this.reach)) this.trace(part.points, null);
    this.brush.stroke();
  }

  private trace(points: Float64Array, cut: Box | null): void {
    const { brush, world, place, reach } = this;
    const start = cut === null ? 2 : 0;
    const last = points.length - 2;
    let x0 = points[cut === null ? 0 : last] as number;
    let y0 = points[cut === null ? 1 : last + 1] as number;
    let drawing = false;
    for (let index = start; index <= last; index += 2) {
      const x1 = points[index] as number;
      const y1 = points[index + 1] as number;
      if (segmentMisses(x0, y0, x1, y1, reach) || (cut !== null && alongCut(x0, y0, x1, y1, cut))) {
        drawing = false;
      } else {
        if (!drawing) brush.moveTo(x0 * world - place.left, y0 * world - place.top);
        brush.lineTo(x1 * world - place.left, y1 * world - place.top);
        drawing = true;
      }
      x0 = x1;
      y0 = y1;
    }
  }

  graticule(colour: string, alpha: number): void {
    const { brush, place, world, reach } = this;
    const step = graticuleStep(place.zoom);
    brush.strokeStyle = colour;
    brush.globalAlpha = alpha;
    brush.lineWidth = 0.75;
    brush.beginPath();
    for (let k = Math.ceil(longitudeOf(reach.left) / step); k * step <= longitudeOf(reach.right); k++) {
      const x = projectX(k * step) * world - place.left;
      brush.moveTo(x, 0);
      brush.lineTo(x, place.size);
    }
    for (let k = Math.ceil(latitudeOf(reach.bottom) / step); k * step <= latitudeOf(reach.top); k++) {
      const y = projectY(k * step) * world - place.top;
      brush.moveTo(0, y);
      brush.lineTo(place.size, y);
    }
    brush.stroke();
    brush.globalAlpha = 1;
  }
}

/** Boxes for pictures, known before a byte of them is here: the layout never jumps. Sizes in CSS pixels. */
import type { Attachment } from '#protocol/media/attachments.ts';

/** A single picture is at most so wide and so high. */
const WIDEST = 360;
const HIGHEST = 360;
/** Width over height; beyond these a picture is cut in the line, and whole in the viewer. */
const NARROWEST_RATIO = 0.5;
const WIDEST_RATIO = 2.5;
/** For pictures that nobody measured. */
const UNKNOWN_RATIO = 4 / 3;
/** Tiny pictures keep a size that a finger can hit. */
const SMALLEST = 120;

export interface Box {
  readonly width: number;
  readonly height: number;
}

type Measured = Pick<Attachment, 'width' | 'height'>;

/** Width over height as it is shown. */
export const shownRatio = ({ width, height }: Measured): number =>
  width === undefined || height === undefined
    ? UNKNOWN_RATIO
    : Math.min(WIDEST_RATIO, Math.max(NARROWEST_RATIO, width / height));

/** The box of a single picture; it may become narrower with its line, in the same proportion. */
export const singleBox = (file: Measured): Box => {
  const ratio = shownRatio(file);
  const natural = Math.max(SMALLEST, file.width ?? WIDEST);
  const width = Math.round(Math.min(WIDEST, HIGHEST * ratio, natural));
  return { width, height: Math.round(width / ratio) };
};

/** So many tiles are drawn of a line's pictures; the last one says how many more there are. */
const TILES_MAX = 4;

/** How many tiles, and how many pictures are behind the last one. */
export const tiling = (count: number): { readonly tiles: number; readonly more: number } => ({
  tiles: Math.min(count, TILES_MAX),
  more: Math.max(0, count - TILES_MAX),
});

/** How a picture is made fit to leave, decided from its header alone: nothing is decoded that could not be. */
import type { PictureFormat } from './format.ts';
import type { Measured } from './headers/measured.ts';

/** Longest side of a picture that leaves, in pixels. */
export const SIDE_MAX = 4_096;
/** More pixels than this are not decoded: four bytes each, and the tab would be gone. */
const PIXELS_MAX = 120_000_000;
/** A picture of so many bytes may leave as it is but for what it tells, at no cost; a larger one is drawn anew, smaller. */
const LIGHT = 5_000_000;

/** `strip`: the same pixels; `redraw`: decoded, turned upright and written again. */
export type PicturePlan =
  | { readonly do: 'strip' }
  | { readonly do: 'redraw'; readonly type: 'image/jpeg' | 'image/png' | 'image/webp' }
  | { readonly do: 'refuse' };

const redrawnType = (format: PictureFormat, measured: Measured, size: number) => {
  if (format === 'jpeg' || format === 'heic') return 'image/jpeg';
  if (format === 'png') {
    if (size <= LIGHT) return 'image/png';
    return measured.hasAlpha ? 'image/webp' : 'image/jpeg';
  }
  return 'image/webp';
};

/** `size` in bytes. Whatever moves keeps moving: it is only stripped. */
export const planPicture = (format: PictureFormat, measured: Measured, size: number): PicturePlan => {
  const { width, height, isAnimated, needsRedraw } = measured;
  if (width * height > PIXELS_MAX) return { do: 'refuse' };
  const fits = Math.max(width, height) <= SIDE_MAX;
  if (isAnimated) return fits ? { do: 'strip' } : { do: 'refuse' };
  const isLight = size <= LIGHT;
  if (format !== 'heic' && format !== 'avif' && fits && isLight && !needsRedraw) return { do: 'strip' };
  return { do: 'redraw', type: redrawnType(format, measured, size) };
};

/** The same shape with no side longer than `most`; whole pixels, one at least. */
export const fitInto = (
  size: { readonly width: number; readonly height: number },
  most: number,
): { width: number; height: number } => {
  const scale = Math.min(1, most / Math.max(size.width, size.height));
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
};

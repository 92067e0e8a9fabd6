/** What stands in for a picture until it has come: a small one, and a blur of a few letters. */
import { encode } from 'blurhash';
import { bareDrawn } from './bare.ts';
import { fitInto } from './picture-plan.ts';

/** Longest side, in pixels. */
const THUMB_SIDE = 640;
const THUMB_BYTES = 60_000;
const BLUR_SIDE = 32;
/** From fine to coarse, until it is light enough; then half as large. */
const QUALITIES = [0.78, 0.6, 0.42];

/** Anything that can be drawn and tells its size. */
export type Drawn = ImageBitmap | OffscreenCanvas;

/** A canvas with the picture in the size asked for. */
export const drawn = (source: Drawn, size: { width: number; height: number }): OffscreenCanvas => {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws nothing here.');
  // Where much is left out, the finest way takes four times as long and shows nothing more.
  context.imageSmoothingQuality = size.width * 3 < source.width ? 'medium' : 'high';
  context.drawImage(source, 0, 0, size.width, size.height);
  return canvas;
};

/** A canvas's picture as a file; a browser that cannot write WebP writes JPEG. */
export const written = async (canvas: OffscreenCanvas, type: string, quality: number): Promise<Blob> => {
  const blob = await canvas.convertToBlob({ type, quality });
  if (blob.type === type || type !== 'image/webp') return blob;
  return canvas.convertToBlob({ type: 'image/jpeg', quality });
};

const lightest = async (canvas: OffscreenCanvas, type: string): Promise<Blob> => {
  let blob: Blob | undefined;
  for (const quality of QUALITIES) {
    blob = await written(canvas, type, quality);
    if (blob.size <= THUMB_BYTES) return blob;
  }
  const side = Math.max(canvas.width, canvas.height);
  return side <= 80 && blob ? blob : lightest(drawn(canvas, fitInto(canvas, side / 2)), type);
};

/** 4 × 3 colours, as `imeta` carries them. */
const blurOf = (source: Drawn): string => {
  const { width, height } = fitInto(source, BLUR_SIDE);
  const pixels = drawn(source, { width, height }).getContext('2d')?.getImageData(0, 0, width, height);
  return encode(pixels?.data ?? new Uint8ClampedArray(4), width, height, 4, 3);
};

export interface Standing {
  readonly blurhash: string;
  readonly thumb: { readonly body: Blob; readonly type: string };
}

/**
 * The small picture has 640 px and 60 kB at most. It is JPEG, which is written sooner than WebP; WebP where
 * something shows through it.
 */
export const standingIn = async (source: Drawn, { hasAlpha = false } = {}): Promise<Standing> => {
  const canvas = drawn(source, fitInto(source, THUMB_SIDE));
  const light = await lightest(canvas, hasAlpha ? 'image/webp' : 'image/jpeg');
  const body = (await bareDrawn(light)) ?? light;
  const blurhash = blurOf(canvas);
  return { blurhash, thumb: { body, type: body.type } };
};

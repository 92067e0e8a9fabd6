/** A chosen picture made into a small square, ready to leave. */
import type { PreparedFile } from '#client/media/media.ts';
import { stripJpeg } from '../prepare/headers/jpeg.ts';
import { stripWebp } from '../prepare/headers/webp.ts';
import { written } from '../prepare/small-picture.ts';
import { squareOf } from './crop.ts';
import type { Crop } from './crop.ts';

/** Side of a face, in pixels. */
const SIDE = 512;
const QUALITY = 0.85;

/** WebP, or JPEG where the browser writes no WebP; nothing in it but pixels. */
export const squarePicture = async (bitmap: ImageBitmap, crop: Crop): Promise<PreparedFile> => {
  const { x, y, side } = squareOf(bitmap, crop);
  const edge = Math.max(1, Math.round(Math.min(SIDE, side)));
  const canvas = new OffscreenCanvas(edge, edge);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws nothing here.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, x, y, side, side, 0, 0, edge, edge);
  const blob = await written(canvas, 'image/webp', QUALITY);
  const { type } = blob;
  const bytes = new Uint8Array(await blob.arrayBuffer());
  // Browsers put a colour profile of their own into what they draw.
  const pieces = (type === 'image/webp' ? stripWebp : stripJpeg)(bytes);
  const body = new Blob([...(pieces ?? [bytes])], { type });
  return {
    body,
    type,
    name: type === 'image/webp' ? 'picture.webp' : 'picture.jpg',
    width: edge,
    height: edge,
  };
};

/** Pictures: upright, no larger than needed, and telling nothing but what is to be seen. */
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { bare, bareDrawn } from './bare.ts';
import { pictureReaders } from './format.ts';
import type { PictureFormat } from './format.ts';
import { fitInto, planPicture, SIDE_MAX } from './picture-plan.ts';
import type { Prepared, PrepareFailure, PrepareOptions } from './prepared.ts';
import { drawn, standingIn, written } from './small-picture.ts';

/** More bytes than this no camera makes; they are not read at once. */
const BYTES_MAX = 200_000_000;
const QUALITY = 0.85;

const broken = (cause?: unknown): Result<never, PrepareFailure> =>
  fail('broken', 'the picture cannot be read', cause);

/** Upright, whatever the camera's hand was: browsers apply the orientation, the decoder of HEIC does as well. */
const decode = async (bytes: Blob, format: PictureFormat): Promise<ImageBitmap> => {
  try {
    return await createImageBitmap(bytes);
  } catch (cause) {
    if (format !== 'heic') throw cause;
    const { heicTo } = await import('heic-to/csp');
    return heicTo({ blob: bytes, type: 'bitmap' });
  }
};

const extension = /\.[^.]{1,5}$/;
const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
};

/** A file's name whose ending tells what it has become. */
const renamed = (name: string, from: string, to: string): string => {
  const ending = endings[to];
  return from === to || ending === undefined ? name : `${name.replace(extension, '')}.${ending}`;
};

/** Through a canvas, whatever its size: handing the bitmap itself to the encoder is quicker, but forgets which way is up. */
const redrawn = (bitmap: ImageBitmap, type: string): Promise<Blob> =>
  written(drawn(bitmap, fitInto(bitmap, SIDE_MAX)), type, QUALITY);

const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await blob.arrayBuffer());

const decoded = async (
  bytes: Uint8Array<ArrayBuffer>,
  format: PictureFormat,
): Promise<Result<ImageBitmap, PrepareFailure>> => {
  try {
    return ok(await decode(new Blob([bytes], { type: pictureReaders[format].type }), format));
  } catch (cause) {
    return broken(cause);
  }
};

/** Never throws for a file that is damaged or lies: that is `broken`. */
export const preparePicture = async (
  file: Blob,
  name: string,
  format: PictureFormat,
  { signal, onprogress }: PrepareOptions,
): Promise<Result<Prepared, PrepareFailure>> => {
  if (file.size > BYTES_MAX) return fail('too-big', 'the picture has too many bytes');
  const bytes = await bytesOf(file);
  const { measure, type } = pictureReaders[format];
  const measured = measure(bytes);
  if (!measured) return broken();
  const plan = planPicture(format, measured, file.size);
  if (plan.do === 'refuse') return fail('too-many-pixels', `${measured.width} × ${measured.height}`);
  onprogress(0.2);
  const bitmap = await decoded(bytes, format);
  if (!bitmap.ok) return bitmap;
  if (signal.aborted) return fail('stopped', 'stopped');
  const { width, height } = plan.do === 'strip' ? bitmap.value : fitInto(bitmap.value, SIDE_MAX);
  onprogress(0.5);
  const staysOpaque = plan.do === 'redraw' && plan.type === 'image/jpeg';
  // The large one is written beside: browsers do that in a thread of its own.
  const [drawnAnew, standing] = await Promise.all([
    plan.do === 'redraw' ? redrawn(bitmap.value, plan.type) : undefined,
    standingIn(bitmap.value, { hasAlpha: measured.hasAlpha && !staysOpaque }),
  ]);
  onprogress(0.9);
  bitmap.value.close();
  const body = drawnAnew ? await bareDrawn(drawnAnew) : bare(bytes, type);
  if (!body) return broken();
  return ok({
    file: { body, type: body.type, name: renamed(name, type, body.type), width, height, ...standing },
    note: 'cleaned',
  });
};

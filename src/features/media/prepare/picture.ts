/** Pictures: upright, no larger than needed, and telling nothing but what is to be seen. */
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
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

/** Never throws: what no decoder takes is `broken`. */
export const preparePicture = async (
  file: Blob,
  name: string,
  format: PictureFormat,
  { signal, onprogress }: PrepareOptions,
): Promise<Result<Prepared, PrepareFailure>> => {
  if (file.size > BYTES_MAX) return fail('too-big', 'the picture has too many bytes');
  const bytes = new Uint8Array(await file.arrayBuffer());
  const reader = pictureReaders[format];
  const measured = reader.measure(bytes);
  if (!measured) return broken();
  const plan = planPicture(format, measured, file.size);
  if (plan.do === 'refuse') return fail('too-many-pixels', `${measured.width} × ${measured.height}`);
  onprogress(0.2);
  let bitmap: ImageBitmap;
  try {
    bitmap = await decode(new Blob([bytes], { type: reader.type }), format);
  } catch (cause) {
    return broken(cause);
  }
  try {
    if (signal.aborted) return fail('stopped', 'stopped');
    onprogress(0.5);
    const size = plan.do === 'strip' ? bitmap : fitInto(bitmap, SIDE_MAX);
    const { width, height } = size;
    const pieces = plan.do === 'strip' ? reader.strip?.(bytes) : undefined;
    if (plan.do === 'strip' && !pieces) return broken();
    const body = pieces
      ? new Blob([...pieces], { type: reader.type })
      : await written(drawn(bitmap, size), plan.do === 'redraw' ? plan.type : reader.type, QUALITY);
    onprogress(0.8);
    const standing = await standingIn(bitmap);
    return ok({
      file: {
        body,
        type: body.type,
        name: renamed(name, reader.type, body.type),
        width,
        height,
        ...standing,
      },
      note: 'cleaned',
    });
  } finally {
    bitmap.close();
  }
};

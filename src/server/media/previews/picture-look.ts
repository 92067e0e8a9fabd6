/** How large a picture is and what it roughly looks like. */
import { encode } from 'blurhash';

export interface PictureLook {
  readonly width: number;
  readonly height: number;
  readonly blurhash: string;
}

const SIDE = 32;

/** Undefined for what is no picture. */
export const lookAt = async (picture: Buffer): Promise<PictureLook | undefined> => {
  const { default: sharp } = await import('sharp');
  try {
    const { width, height } = await sharp(picture).metadata();
    const { data, info } = await sharp(picture)
      .resize(SIDE, SIDE, { fit: 'fill' })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width, height, blurhash: encode(new Uint8ClampedArray(data), info.width, info.height, 4, 3) };
  } catch {
    return undefined;
  }
};

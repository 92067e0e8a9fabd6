/** How bytes of a type are given out, so that no browser makes more of them than they are. */
import { bareType, extensionOf } from '#protocol/media/types.ts';

/** Shown where they stand; everything else (drawings and PDF too) comes as a file to keep. */
const SHOWN =
  /^(?:image\/(?:jpeg|png|apng|gif|webp|avif|bmp|heic|heif|jxl|x-icon|tiff)|audio\/[\w.+-]+|video\/[\w.+-]+)$/;

/** The headers that go with bytes of a type: nothing in them runs, nothing of them is guessed. `name` stands in the address. */
export const servingHeaders = (type: string, name = 'file'): Readonly<Record<string, string>> => ({
  'content-type': bareType(type),
  'content-disposition': SHOWN.test(bareType(type))
    ? 'inline'
    : `attachment; filename="${name.replace(/[^\w.-]/g, '_')}.${extensionOf(type)}"`,
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
});

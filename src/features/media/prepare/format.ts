/** What a file is by its first bytes; its name and the type it claims count for nothing. */
import { measureGif, stripGif } from './headers/gif.ts';
import { measureHeif } from './headers/heif.ts';
import { measureJpeg, stripJpeg } from './headers/jpeg.ts';
import type { Measured, Stripped } from './headers/measured.ts';
import { measurePng, stripPng } from './headers/png.ts';
import { measureWebp, stripWebp } from './headers/webp.ts';

/** How many first bytes `formatOf` wants to see. */
export const HEAD_BYTES = 4_096;

export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'heic' | 'avif';
/** `other`: anything that nobody can look at or listen to here. */
export type Format = PictureFormat | 'svg' | 'film' | 'sound' | 'pdf' | 'other';

/** How a picture's bytes are read. */
export interface PictureReader {
  readonly type: string;
  readonly measure: (bytes: Uint8Array) => Measured | undefined;
  /** Absent where it must be redrawn in any case. */
  readonly strip?: (bytes: Uint8Array<ArrayBuffer>) => Stripped;
}

export const pictureReaders: Readonly<Record<PictureFormat, PictureReader>> = {
  jpeg: { type: 'image/jpeg', measure: measureJpeg, strip: stripJpeg },
  png: { type: 'image/png', measure: measurePng, strip: stripPng },
  webp: { type: 'image/webp', measure: measureWebp, strip: stripWebp },
  gif: { type: 'image/gif', measure: measureGif, strip: stripGif },
  heic: { type: 'image/heic', measure: measureHeif },
  avif: { type: 'image/avif', measure: measureHeif },
};

export const isPictureFormat = (format: Format): format is PictureFormat => format in pictureReaders;

/** Latin letters of the first bytes, so that patterns can be written as text. */
const letters = (head: Uint8Array): string => String.fromCharCode(...head.subarray(0, 1_024));

const HEIC_BRANDS = /^(heic|heix|hevc|hevx|heim|heis|mif1|msf1)/;
const boxFormat = (text: string): Format => {
  const brand = text.slice(8, 12);
  if (/^avi[fs]/.test(brand)) return 'avif';
  // `mif1` is shared: the compatible brands tell.
  if (HEIC_BRANDS.test(brand)) return text.slice(12, 64).includes('avif') ? 'avif' : 'heic';
  return /^(M4A|M4B)/.test(brand) ? 'sound' : 'film';
};

const signatures: readonly (readonly [RegExp, Format | ((text: string) => Format)])[] = [
  [/^\xff\xd8\xff/, 'jpeg'],
  [/^\x89PNG\r\n\x1a\n/, 'png'],
  [/^RIFF[^]{4}WEBP/, 'webp'],
  [/^GIF8[79]a/, 'gif'],
  [/^[^]{4}ftyp/, boxFormat],
  [/^[^]{4}(moov|mdat|wide|free|skip)/, 'film'],
  [/^\x1a\x45\xdf\xa3/, 'film'],
  [/^(OggS|fLaC|ID3|RIFF[^]{4}WAVE|\xff[\xf2-\xff])/, 'sound'],
  [/^[^]{0,1019}%PDF-/, 'pdf'],
  [
    /^(\xef\xbb\xbf)?\s*<(\?xml|!--|!DOCTYPE svg|svg)/i,
    (text) => (/<svg[\s>]/i.test(text) ? 'svg' : 'other'),
  ],
];

/** The format of a file that begins with these bytes. */
export const formatOf = (head: Uint8Array): Format => {
  const text = letters(head);
  const found = signatures.find(([pattern]) => pattern.test(text))?.[1] ?? 'other';
  return typeof found === 'function' ? found(text) : found;
};

/** JPEG (ITU T.81): its parts, its size, its orientation; and the same pixels without anything about them. */
import { viewOf } from './measured.ts';
import type { Measured, Stripped } from './measured.ts';

const [SOI, EOI, SOS, DHT, JPG, DAC, APP0, APP1, APP2, APP14, COM] = [
  0xd8, 0xd9, 0xda, 0xc4, 0xc8, 0xcc, 0xe0, 0xe1, 0xe2, 0xee, 0xfe,
];
const JFIF = Uint8Array.of(0xff, APP0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);
/** Adobe's segment says how colours are coded; its length with the two bytes of it. */
const ADOBE_LENGTH = 14;

/** From the marker's 0xff to behind its last byte; a scan's goes to the next marker. */
interface Segment {
  readonly marker: number;
  readonly from: number;
  readonly to: number;
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![DHT, JPG, DAC].includes(marker);

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/** Behind a scan's last byte: there stands a marker that is no restart and no escaped 0xff. */
const endOfScan = (bytes: Uint8Array, from: number): number => {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
  return bytes.length;
};

/** Undefined for anything but a JPEG whose every part can be found, to its end; what lies behind the end is none of it. */
const segmentsOf = (bytes: Uint8Array): Segment[] | undefined => {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return undefined;
  const found: Segment[] = [];
  let at = 2;
  while (at + 2 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === EOI) return found;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) return undefined;
    const to = marker === SOS ? endOfScan(bytes, end) : end;
    found.push({ marker, from: at, to });
    at = to;
  }
  // Cut off in its last scan: what is there can be shown.
  return found.at(-1)?.marker === SOS ? found : undefined;
};

const startsWith = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));

/** Tag 0x0112 of the first directory; 1 where nothing is said. */
const orientationIn = (exif: Uint8Array): number => {
  const view = viewOf(exif);
  if (exif.length < 14) return 1;
  const isLittle = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > exif.length) return 1;
  const count = view.getUint16(directory, isLittle);
  for (let index = 0; index < count; index++) {
    const at = directory + 2 + index * 12;
    if (at + 12 > exif.length) return 1;
    if (view.getUint16(at, isLittle) === 0x0112) return view.getUint16(at + 8, isLittle);
  }
  return 1;
};

const isOrientation = (bytes: Uint8Array, { marker, from, to }: Segment): boolean =>
  marker === APP1 &&
  startsWith(bytes, from + 4, 'Exif\0') &&
  orientationIn(bytes.subarray(from + 10, to)) > 1;

const isProfile = (bytes: Uint8Array, { marker, from }: Segment): boolean =>
  marker === APP2 && startsWith(bytes, from + 4, 'ICC_PROFILE');

/** Undefined where it is no whole JPEG. */
export const measureJpeg = (bytes: Uint8Array): Measured | undefined => {
  const segments = segmentsOf(bytes);
  const frames = segments?.filter(({ marker }) => isFrame(marker)) ?? [];
  if (!segments || frames.length === 0 || frames.some(({ from, to }) => to - from < 10)) return undefined;
  const view = viewOf(bytes);
  const height = Math.max(...frames.map(({ from }) => view.getUint16(from + 5)));
  const width = Math.max(...frames.map(({ from }) => view.getUint16(from + 7)));
  if (width === 0 || height === 0) return undefined;
  const needsRedraw = segments.some((segment) => isOrientation(bytes, segment) || isProfile(bytes, segment));
  return { width, height, isAnimated: false, hasAlpha: false, needsRedraw };
};

const keptPart = (
  bytes: Uint8Array<ArrayBuffer>,
  { marker, from, to }: Segment,
): Uint8Array<ArrayBuffer>[] => {
  if (marker === APP0) return startsWith(bytes, from + 4, 'JFIF\0') ? [JFIF] : [];
  if (marker === APP14) {
    const isAdobe = to - from >= ADOBE_LENGTH + 2 && startsWith(bytes, from + 4, 'Adobe');
    return isAdobe
      ? [Uint8Array.of(0xff, APP14, 0, ADOBE_LENGTH), bytes.slice(from + 4, from + 2 + ADOBE_LENGTH)]
      : [];
  }
  const isAbout = (marker > APP0 && marker <= 0xef) || (marker >= 0xf0 && marker <= COM);
  return isAbout ? [] : [bytes.subarray(from, to)];
};

/** The same pixels: no EXIF, XMP, IPTC, comment, preview, and nothing behind the end (moving photos hide there). */
export const stripJpeg = (bytes: Uint8Array<ArrayBuffer>): Stripped => {
  const segments = segmentsOf(bytes);
  return (
    segments && [
      Uint8Array.of(0xff, SOI),
      ...segments.flatMap((segment) => keptPart(bytes, segment)),
      Uint8Array.of(0xff, EOI),
    ]
  );
};

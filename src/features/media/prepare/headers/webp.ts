/** WebP (RFC 9649): chunks, size, and the same pixels without anything about them. */
import { lettersAt, viewOf } from './measured.ts';
import type { Measured, Stripped } from './measured.ts';

const KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF']);
/** VP8X's flags: what is left of them without profile, EXIF and XMP. */
const [ANIMATION, ALPHA, PROFILE, EXIF] = [0x02, 0x10, 0x20, 0x08];
const FRAME_HEADER = 16;

interface Chunk {
  readonly name: string;
  /** Of its contents. */
  readonly from: number;
  readonly to: number;
}

const chunksIn = (bytes: Uint8Array, from: number, end: number): Chunk[] | undefined => {
  const view = viewOf(bytes);
  const found: Chunk[] = [];
  let at = from;
  while (at + 8 <= end) {
    const to = at + 8 + view.getUint32(at + 4, true);
    if (to > end) return undefined;
    found.push({ name: lettersAt(bytes, at), from: at + 8, to });
    at = to + (to % 2 === at % 2 ? 0 : 1);
  }
  return found;
};

const chunksOf = (bytes: Uint8Array): Chunk[] | undefined => {
  if (bytes.length < 20 || lettersAt(bytes, 0) !== 'RIFF' || lettersAt(bytes, 8) !== 'WEBP') return undefined;
  const end = 8 + viewOf(bytes).getUint32(4, true);
  return end > bytes.length ? undefined : chunksIn(bytes, 12, end);
};

const sizeIn = (
  bytes: Uint8Array,
  { name, from, to }: Chunk,
): { width: number; height: number } | undefined => {
  const view = viewOf(bytes);
  if (to - from < 10) return undefined;
  if (name === 'VP8X')
    return {
      width: (view.getUint32(from + 4, true) & 0xff_ffff) + 1,
      height: (view.getUint32(from + 6, true) >>> 8) + 1,
    };
  if (name === 'VP8L') {
    const bits = view.getUint32(from + 1, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return name === 'VP8 '
    ? { width: view.getUint16(from + 6, true) & 0x3fff, height: view.getUint16(from + 8, true) & 0x3fff }
    : undefined;
};

/** Undefined where it is no whole WebP. */
export const measureWebp = (bytes: Uint8Array): Measured | undefined => {
  const chunks = chunksOf(bytes);
  const first = chunks?.[0];
  // The canvas may say less than what is drawn on it.
  const sizes = chunks?.flatMap((chunk) => sizeIn(bytes, chunk) ?? []) ?? [];
  if (!chunks || !first || sizes.length === 0) return undefined;
  const flags = first.name === 'VP8X' ? (bytes[first.from] ?? 0) : 0;
  const [width, height] = [
    Math.max(...sizes.map((size) => size.width)),
    Math.max(...sizes.map((size) => size.height)),
  ];
  if (width === 0 || height === 0) return undefined;
  return {
    width,
    height,
    isAnimated: (flags & ANIMATION) !== 0 || chunks.some(({ name }) => name === 'ANMF'),
    hasAlpha: (flags & ALPHA) !== 0 || chunks.some(({ name }) => name === 'VP8L'),
    needsRedraw: (flags & (PROFILE | EXIF)) !== 0 || chunks.some(({ name }) => name === 'ICCP'),
  };
};

/** `head`: what stands before the contents. */
const chunk = (name: string, contents: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>[] => {
  const length = lengthOf(contents);
  const head = new Uint8Array(8);
  head.set([...name].map((letter) => letter.charCodeAt(0)));
  viewOf(head).setUint32(4, length, true);
  return [head, ...contents, ...(length % 2 === 1 ? [new Uint8Array(1)] : [])];
};

const lengthOf = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((sum, { length }) => sum + length, 0);

const keptChunk = (bytes: Uint8Array<ArrayBuffer>, { name, from, to }: Chunk): Uint8Array<ArrayBuffer>[] => {
  if (!KEPT.has(name)) return [];
  const contents = bytes.slice(from, to);
  if (name === 'VP8X') contents[0] = (contents[0] ?? 0) & (ANIMATION | ALPHA);
  if (name !== 'ANMF') return chunk(name, [contents]);
  const inner = chunksIn(bytes, from + FRAME_HEADER, to) ?? [];
  return chunk(name, [
    contents.subarray(0, FRAME_HEADER),
    ...inner.flatMap((each) => (each.name === 'ANMF' ? [] : keptChunk(bytes, each))),
  ]);
};

export const stripWebp = (bytes: Uint8Array<ArrayBuffer>): Stripped => {
  const chunks = chunksOf(bytes);
  if (!chunks) return undefined;
  const kept = chunks.flatMap((each) => keptChunk(bytes, each));
  const head = bytes.slice(0, 12);
  viewOf(head).setUint32(4, 4 + lengthOf(kept), true);
  return [head, ...kept];
};

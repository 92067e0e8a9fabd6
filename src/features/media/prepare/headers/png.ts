/** PNG and APNG: chunks, size, and the same pixels without anything about them. */
import { lettersAt, viewOf } from './measured.ts';
import type { Measured, Stripped } from './measured.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** What pixels, colours and movement need; texts, times, EXIF, profiles and what nobody knows stay behind. */
const KEPT = new Set('IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT acTL fcTL fdAT'.split(' '));
const PROFILES = new Set(['iCCP', 'cICP', 'eXIf']);

interface Chunk {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Undefined unless it is whole, from IHDR to IEND. */
const chunksOf = (bytes: Uint8Array): Chunk[] | undefined => {
  if (SIGNATURE.some((byte, at) => bytes[at] !== byte)) return undefined;
  const view = viewOf(bytes);
  const found: Chunk[] = [];
  let at = SIGNATURE.length;
  while (at + 12 <= bytes.length) {
    const to = at + 12 + view.getUint32(at);
    if (to > bytes.length) return undefined;
    const name = lettersAt(bytes, at + 4);
    found.push({ name, from: at, to });
    if (name === 'IEND') return found[0]?.name === 'IHDR' && found[0].to >= 33 ? found : undefined;
    at = to;
  }
  return undefined;
};

/** Undefined where it is no whole PNG. */
export const measurePng = (bytes: Uint8Array): Measured | undefined => {
  const chunks = chunksOf(bytes);
  if (!chunks) return undefined;
  const view = viewOf(bytes);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width === 0 || height === 0) return undefined;
  const has = (name: string): boolean => chunks.some((chunk) => chunk.name === name);
  return {
    width,
    height,
    isAnimated: has('acTL'),
    hasAlpha: ((bytes[25] ?? 0) & 4) !== 0 || has('tRNS'),
    needsRedraw: chunks.some(({ name }) => PROFILES.has(name)),
  };
};

export const stripPng = (bytes: Uint8Array<ArrayBuffer>): Stripped => {
  const chunks = chunksOf(bytes)?.filter(({ name }) => KEPT.has(name));
  return chunks && [Uint8Array.from(SIGNATURE), ...chunks.map(({ from, to }) => bytes.subarray(from, to))];
};

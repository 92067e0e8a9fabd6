/** HEIC and AVIF (ISO/IEC 23008-12): the sizes that their header tells; a browser or a decoder reads the rest. */
import { lettersAt, viewOf } from './measured.ts';
import type { Measured } from './measured.ts';

/** Boxes on the way to the sizes, and the bytes that stand before what lies in them. */
const NESTED: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 };
const MOST_BOXES = 5_000;

interface Box {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Boxes in a range, in order; ends where one cannot be read. */
const boxesIn = (bytes: Uint8Array, from: number, end: number): Box[] => {
  const view = viewOf(bytes);
  const found: Box[] = [];
  let at = from;
  while (at + 8 <= end && found.length < MOST_BOXES) {
    const stated = view.getUint32(at);
    const isLong = stated === 1 && at + 16 <= end;
    const size = isLong ? Number(view.getBigUint64(at + 8)) : stated;
    const to = size === 0 ? end : at + size;
    const head = isLong ? 16 : 8;
    if (to < at + head || to > end) break;
    found.push({ name: lettersAt(bytes, at + 4), from: at + head, to });
    at = to;
  }
  return found;
};

const sizesIn = (bytes: Uint8Array, from: number, to: number): [number, number][] =>
  boxesIn(bytes, from, to).flatMap((box): [number, number][] => {
    const before = NESTED[box.name];
    if (before !== undefined) return sizesIn(bytes, box.from + before, box.to);
    if (box.name !== 'ispe' || box.to - box.from < 12) return [];
    const view = viewOf(bytes);
    return [[view.getUint32(box.from + 4), view.getUint32(box.from + 8)]];
  });

/** The largest picture in it; undefined where it tells no size. */
export const measureHeif = (bytes: Uint8Array): Measured | undefined => {
  const sizes = sizesIn(bytes, 0, bytes.length).filter(([width, height]) => width > 0 && height > 0);
  const [first, ...others] = sizes;
  if (!first) return undefined;
  const [width, height] = others.reduce(
    (most, size) => (size[0] * size[1] > most[0] * most[1] ? size : most),
    first,
  );
  return { width, height, isAnimated: false, hasAlpha: true, needsRedraw: true };
};

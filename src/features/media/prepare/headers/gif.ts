/** GIF 87a and 89a: blocks, size, and the same pixels without anything about them. */
import { lettersAt, viewOf } from './measured.ts';
import type { Measured, Stripped } from './measured.ts';

const [EXTENSION, IMAGE, TRAILER, CONTROL, APPLICATION] = [0x21, 0x2c, 0x3b, 0xf9, 0xff];
/** How often it is played; any other application's block is about something else. */
const LOOPS = ['NETSCAPE2.0', 'ANIMEXTS1.0'];

interface Block {
  readonly type: 'image' | 'control' | 'loop' | 'other';
  readonly from: number;
  readonly to: number;
}

const tableSize = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));

/** Behind the empty sub-block that ends a row of them. */
const endOfSubBlocks = (bytes: Uint8Array, from: number): number | undefined => {
  let at = from;
  while (at < bytes.length) {
    const length = bytes[at] ?? 0;
    at += 1 + length;
    if (length === 0) return at;
  }
  return undefined;
};

const extensionType = (bytes: Uint8Array, at: number): Block['type'] => {
  if (bytes[at + 1] === CONTROL) return 'control';
  const name = String.fromCharCode(...bytes.subarray(at + 3, at + 14));
  return bytes[at + 1] === APPLICATION && LOOPS.includes(name) ? 'loop' : 'other';
};

const blockAt = (bytes: Uint8Array, at: number): Block | undefined => {
  const isImage = bytes[at] === IMAGE;
  if (!isImage && bytes[at] !== EXTENSION) return undefined;
  const to = endOfSubBlocks(bytes, isImage ? at + 11 + tableSize(bytes[at + 9] ?? 0) : at + 2);
  return to === undefined ? undefined : { type: isImage ? 'image' : extensionType(bytes, at), from: at, to };
};

/** Where blocks begin, and the blocks up to the trailer; undefined for anything that has none. */
const blocksOf = (bytes: Uint8Array): { start: number; blocks: Block[] } | undefined => {
  if (lettersAt(bytes, 0) !== 'GIF8' || bytes.length < 14) return undefined;
  const start = 13 + tableSize(bytes[10] ?? 0);
  const blocks: Block[] = [];
  for (let at = start; at < bytes.length; at = blocks.at(-1)?.to ?? bytes.length) {
    if (bytes[at] === TRAILER) break;
    const block = blockAt(bytes, at);
    if (!block) break;
    blocks.push(block);
  }
  return blocks.some(({ type }) => type === 'image') ? { start, blocks } : undefined;
};

/** Undefined where there is no picture in it. */
export const measureGif = (bytes: Uint8Array): Measured | undefined => {
  const found = blocksOf(bytes);
  if (!found) return undefined;
  const view = viewOf(bytes);
  const images = found.blocks.filter(({ type }) => type === 'image');
  const width = Math.max(
    view.getUint16(6, true),
    ...images.map(({ from }) => view.getUint16(from + 5, true)),
  );
  const height = Math.max(
    view.getUint16(8, true),
    ...images.map(({ from }) => view.getUint16(from + 7, true)),
  );
  if (width === 0 || height === 0) return undefined;
  return { width, height, isAnimated: images.length > 1, hasAlpha: true, needsRedraw: false };
};

/** Comments and foreign blocks gone, frames and their timing kept; nothing behind the trailer. */
export const stripGif = (bytes: Uint8Array<ArrayBuffer>): Stripped => {
  const found = blocksOf(bytes);
  return (
    found && [
      bytes.subarray(0, found.start),
      ...found.blocks.filter(({ type }) => type !== 'other').map(({ from, to }) => bytes.subarray(from, to)),
      Uint8Array.of(TRAILER),
    ]
  );
};

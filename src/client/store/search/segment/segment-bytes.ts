import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

// Little-endian 32-bit words: magic, version, then the length in bytes of every section; sections begin on multiples
// of four. Every platform browsers run on is little-endian.
const magic = 0x31_53_43_53;
const version = 1;
const sections = [
  'termOffsets',
  'termBlob',
  'postingOffsets',
  'postings',
  'nameOffsets',
  'nameBlob',
  'placeOffsets',
  'placeBlob',
  'authorOffsets',
  'authorBlob',
  'packedIds',
  'idReference',
  'place',
  'author',
  'at',
  'length',
] as const;
const headerBytes = 4 * (2 + sections.length);

/** The parts of a segment's bytes, by name (see `Segment` for what each holds). */
export type Sections<View> = Readonly<Record<(typeof sections)[number], View>>;

const padded = (length: number): number => (length + 3) & ~3;

/** One array of all sections. */
export const writeSections = (parts: Sections<ArrayBufferView>): Uint8Array<ArrayBuffer> => {
  const total = sections.reduce((sum, name) => sum + padded(parts[name].byteLength), headerBytes);
  const bytes = new Uint8Array(total);
  const header = new Uint32Array(bytes.buffer, 0, headerBytes / 4);
  header.set([magic, version, ...sections.map((name) => parts[name].byteLength)]);
  let at = headerBytes;
  for (const name of sections) {
    const part = parts[name];
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += padded(part.byteLength);
  }
  return bytes;
};

/** Views of the sections inside `bytes` (copied only when unaligned). Fails with `damaged` when lengths don't add up. */
export const readSections = (source: Uint8Array): Result<Sections<Uint8Array>, Failure<'damaged'>> => {
  const bytes = source.byteOffset % 4 === 0 ? source : source.slice();
  if (bytes.length < headerBytes) return fail('damaged', 'a search segment shorter than its header');
  const header = new Uint32Array(bytes.buffer, bytes.byteOffset, headerBytes / 4);
  if (header[0] !== magic || header[1] !== version)
    return fail('damaged', 'not a search segment of this version');
  const parts: Partial<Record<(typeof sections)[number], Uint8Array>> = {};
  let at = headerBytes;
  for (const [i, name] of sections.entries()) {
    const length = header[i + 2]!;
    parts[name] = bytes.subarray(at, at + length);
    at += padded(length);
    if (at > bytes.length) return fail('damaged', `a search segment cut off in its ${name}`);
  }
  if (at !== bytes.length) return fail('damaged', 'a search segment with bytes too many');
  return ok(parts as Sections<Uint8Array>);
};

/** The 32-bit integers of a section. */
export const words = (section: Uint8Array): Uint32Array =>
  new Uint32Array(section.buffer, section.byteOffset, section.byteLength >>> 2);

/** The 16-bit integers of a section. */
export const halfWords = (section: Uint8Array): Uint16Array =>
  new Uint16Array(section.buffer, section.byteOffset, section.byteLength >>> 1);

/** True when `offsets` run from 0 to `end` without a step back. */
export const areOffsets = (offsets: Uint32Array, end: number): boolean => {
  if (offsets.length === 0 || offsets[0] !== 0 || offsets[offsets.length - 1] !== end) return false;
  for (let i = 1; i < offsets.length; i++) if (offsets[i]! < offsets[i - 1]!) return false;
  return true;
};

import type { ByteSink } from './byte-sink.ts';

// A posting is a document and how often the term stands in it: the step from the document before, times two, plus one
// when a frequency above 1 follows (less two). A list begins with its number of postings.

/** Most often a term is counted in one document. */
export const maxFrequency = 255;

/** Appends one term's list. Each entry is document × 256 + frequency, ascending. */
export const writePostings = (sink: ByteSink, entries: Uint32Array): void => {
  sink.varint(entries.length);
  let previous = 0;
  for (const entry of entries) {
    const document = entry >>> 8;
    const frequency = entry & 0xff;
    sink.varint((document - previous) * 2 + (frequency > 1 ? 1 : 0));
    if (frequency > 1) sink.varint(frequency - 2);
    previous = document;
  }
};

/** How many postings the list at `at` has. */
export const countPostings = (bytes: Uint8Array, at: number): number => {
  let value = 0;
  for (let shift = 0, p = at; shift < 32; shift += 7) {
    const byte = bytes[p++]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return value;
};

/** Reads the list in `bytes[from, to)` into `into` (document × 256 + frequency); gives their number. */
export const readPostings = (bytes: Uint8Array, from: number, to: number, into: Uint32Array): number => {
  let p = from;
  let count = 0;
  let document = 0;
  while (p < to && bytes[p++]! > 0x7f);
  while (p < to) {
    let byte = bytes[p++]!;
    let step = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = bytes[p++]!;
      step |= (byte & 0x7f) << shift;
    }
    document += step >>> 1;
    let frequency = 1;
    if ((step & 1) === 1) {
      frequency = bytes[p++]!;
      if (frequency > 0x7f) frequency = (frequency & 0x7f) | (bytes[p++]! << 7);
      frequency += 2;
    }
    into[count++] = document * 256 + frequency;
  }
  return count;
};

/** Sets the bit of every document in the lists that fill `bytes[from, to)`, however many lists those are. */
export const unitePostings = (bytes: Uint8Array, from: number, to: number, bits: Uint32Array): void => {
  let p = from;
  while (p < to) {
    const count = countPostings(bytes, p);
    while (p < to && bytes[p++]! > 0x7f);
    let document = 0;
    for (let i = 0; i < count && p < to; i++) {
      let byte = bytes[p++]!;
      let step = byte & 0x7f;
      for (let shift = 7; byte > 0x7f; shift += 7) {
        byte = bytes[p++]!;
        step |= (byte & 0x7f) << shift;
      }
      document += step >>> 1;
      if ((step & 1) === 1) while (bytes[p++]! > 0x7f);
      bits[document >>> 5]! |= 1 << (document & 31);
    }
  }
};

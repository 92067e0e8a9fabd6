import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areOffsets, halfWords, readSections, words, writeSections } from './segment-bytes.ts';

const sectionOf = fc.uint8Array({ maxLength: 13 });
const parts = fc.record({
  termOffsets: fc.uint32Array({ maxLength: 5 }),
  termBlob: sectionOf,
  postingOffsets: fc.uint32Array({ maxLength: 5 }),
  postings: sectionOf,
  nameOffsets: sectionOf,
  nameBlob: sectionOf,
  placeOffsets: sectionOf,
  placeBlob: sectionOf,
  authorOffsets: sectionOf,
  authorBlob: sectionOf,
  packedIds: sectionOf,
  idReference: sectionOf,
  place: sectionOf,
  author: sectionOf,
  at: sectionOf,
  length: fc.uint16Array({ maxLength: 5 }),
});

test('sections come back, aligned or not', () => {
  fc.assert(
    fc.property(parts, fc.nat(7), (all, shift) => {
      const bytes = writeSections(all);
      const shifted = new Uint8Array(bytes.length + shift);
      shifted.set(bytes, shift);
      const read = readSections(shifted.subarray(shift));
      if (!read.ok) throw new Error(read.error.message);
      for (const [name, part] of Object.entries(all)) {
        const plain = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
        expect([...read.value[name as keyof typeof all]]).toEqual([...plain]);
      }
      expect([...words(read.value.termOffsets)]).toEqual([...all.termOffsets]);
      expect([...halfWords(read.value.length)]).toEqual([...all.length]);
    }),
  );
});

test('a byte more, a byte less, another magic or version is damage', () => {
  fc.assert(
    fc.property(parts, (all) => {
      const bytes = writeSections(all);
      const longer = new Uint8Array(bytes.length + 1);
      longer.set(bytes);
      expect(readSections(longer).ok).toBe(false);
      expect(readSections(bytes.slice(0, -1)).ok).toBe(false);
      for (const at of [0, 4]) {
        const other = bytes.slice();
        other[at]! ^= 1;
        expect(readSections(other)).toMatchObject({ ok: false, error: { code: 'damaged' } });
      }
    }),
    { numRuns: 50 },
  );
});

test('any bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(readSections(bytes).ok).toBe(false);
    }),
  );
});

test.each([
  [[0], 0, true],
  [[0, 2, 2, 5], 5, true],
  [[0, 2, 1, 5], 5, false],
  [[1, 5], 5, false],
  [[0, 4], 5, false],
  [[], 0, false],
])('offsets %j to %d: %s', (offsets, end, sound) => {
  expect(areOffsets(Uint32Array.from(offsets), end)).toBe(sound);
});

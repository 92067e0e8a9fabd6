import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteSink } from './byte-sink.ts';
import { countPostings, readPostings, unitePostings, writePostings } from './postings.ts';

const lists = fc
  .array(fc.tuple(fc.nat({ max: (1 << 20) - 1 }), fc.integer({ min: 1, max: 255 })), { maxLength: 60 })
  .map((pairs) => [...new Map(pairs)].sort(([a], [b]) => a - b))
  .map((pairs) => Uint32Array.from(pairs, ([document, frequency]) => document * 256 + frequency));

test('postings come back, one list behind the other', () => {
  fc.assert(
    fc.property(fc.array(lists, { maxLength: 6 }), (all) => {
      const sink = new ByteSink(1);
      const offsets = all.map((list) => {
        const start = sink.length;
        writePostings(sink, list);
        return [start, sink.length] as const;
      });
      const bytes = sink.take();
      const into = new Uint32Array(100);
      for (const [i, list] of all.entries()) {
        const [from, to] = offsets[i]!;
        expect(countPostings(bytes, from)).toBe(list.length);
        expect(readPostings(bytes, from, to, into)).toBe(list.length);
        expect(into.slice(0, list.length)).toEqual(list);
      }
    }),
  );
});

test('united lists are the set of their documents', () => {
  fc.assert(
    fc.property(fc.array(lists, { maxLength: 6 }), (all) => {
      const sink = new ByteSink(1);
      for (const list of all) writePostings(sink, list);
      const bits = new Uint32Array(1 << 15);
      unitePostings(sink.take(), 0, sink.length, bits);
      const documents = new Set(all.flatMap((list) => [...list].map((entry) => entry >>> 8)));
      for (const document of documents) expect((bits[document >>> 5]! >>> (document & 31)) & 1).toBe(1);
      const set = bits.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0);
      expect(set).toBe(documents.size);
    }),
    { numRuns: 30 },
  );
});

test('a rare word costs two or three bytes', () => {
  const sink = new ByteSink();
  writePostings(sink, Uint32Array.of(40 * 256 + 1));
  expect(sink.length).toBe(2);
  writePostings(sink, Uint32Array.of(4_000 * 256 + 1));
  expect(sink.length).toBe(5);
});

test('rubbish is read without an end that never comes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const count = readPostings(bytes, 0, bytes.length, new Uint32Array(100));
      expect(count).toBeLessThanOrEqual(bytes.length);
      countPostings(bytes, 0);
      unitePostings(bytes, 0, bytes.length, new Uint32Array(9));
    }),
  );
});

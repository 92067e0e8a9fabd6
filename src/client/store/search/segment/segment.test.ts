import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, hex64, wellFormedText } from '../../../../../tests/support/wire-arbitraries.ts';
import { eachToken } from '#shared/words/tokens.ts';
import { idKey } from './ids.ts';
import { mergeSegments } from './merge.ts';
import { readPostings } from './postings.ts';
import { SegmentBuilder } from './segment-builder.ts';
import { Segment } from './segment.ts';
import type { SearchDocument } from './segment.ts';

const id = fc.oneof(hex64, wellFormedText);
const document = fc.record({
  id,
  place: fc.constantFrom('here', 'there', '東'),
  author: hex64,
  at: fc.nat(2_000_000_000),
  text: fc.oneof(anyText, fc.constantFrom('rain rain rain', 'sun and rain', '')),
});
const documents = fc.uniqueArray(document, { selector: (each) => each.id, maxLength: 20 });

const built = (list: readonly SearchDocument[]): SegmentBuilder => {
  const builder = new SegmentBuilder();
  for (const each of list) builder.add(each);
  return builder;
};

const opened = (bytes: Uint8Array): Segment => {
  const segment = Segment.open(bytes);
  if (!segment.ok) throw new Error(segment.error.message);
  return segment.value;
};

// Everything a segment knows, by id.
const contents = (segment: Segment): Map<string, object> => {
  const words = Array.from({ length: segment.documents }, (): Record<string, number> => ({}));
  const list = new Uint32Array(segment.documents);
  for (let term = 0; term < segment.terms.size; term++) {
    const [from, to] = [segment.postingOffsets[term]!, segment.postingOffsets[term + 1]!];
    const count = readPostings(segment.postings, from, to, list);
    expect(count).toBe(segment.frequency(term));
    for (const entry of list.subarray(0, count)) words[entry >>> 8]![segment.terms.text(term)] = entry & 0xff;
  }
  return new Map(
    words.map((counts, i) => [
      segment.id(i),
      {
        place: segment.places.text(segment.place[i]!),
        author: segment.authors.text(segment.author[i]!),
        at: segment.at[i],
        length: segment.length[i],
        counts,
      },
    ]),
  );
};

const expected = (list: readonly SearchDocument[]): Map<string, object> =>
  new Map(
    list.map(({ id: name, place, author, at, text }) => {
      const counts: Record<string, number> = {};
      let length = 0;
      eachToken(text, (term) => {
        length++;
        counts[term] = Math.min((counts[term] ?? 0) + 1, 255);
      });
      return [name.replace(/^\ufeff/, ''), { place, author, at, length, counts }];
    }),
  );

test('what was added is in the opened segment, in order of time', () => {
  fc.assert(
    fc.property(documents, (list) => {
      const segment = opened(built(list).freeze());
      expect(contents(segment)).toEqual(expected(list));
      expect([...segment.at]).toEqual([...segment.at].sort((a, b) => a - b));
      for (const each of list) {
        const found = segment.find(idKey(each.id));
        expect(segment.at[found]).toBe(each.at);
      }
    }),
    { numRuns: 200 },
  );
});

test('an id that isn’t here is not found, however near', () => {
  const near = `${'a'.repeat(63)}b`;
  const segment = opened(built([{ id: 'a'.repeat(64), place: '', author: '', at: 1, text: 'x' }]).freeze());
  for (const name of [near, 'a', '', 'A'.repeat(64)]) expect(segment.find(idKey(name))).toBe(-1);
  expect(segment.find(idKey('a'.repeat(64)))).toBe(0);
});

test('ids that share their key are told apart', () => {
  const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(56) + '00000001');
  const segment = opened(
    built(ids.map((name, at) => ({ id: name, place: '', author: '', at, text: 'x' }))).freeze(),
  );
  expect(ids.map((name) => segment.find(idKey(name)))).toEqual([0, 1, 2]);
  expect(segment.find(idKey(`${'d'.repeat(56)}00000001`))).toBe(-1);
});

test('replacing and removing leave no word behind', () => {
  const builder = built([
    { id: 'one', place: 'secretplace', author: 'secretauthor', at: 1, text: 'canaryword kept' },
    { id: 'two', place: 'p', author: 'a', at: 2, text: 'kept secondcanary' },
  ]);
  builder.add({ id: 'one', place: 'p', author: 'a', at: 3, text: 'edited' });
  expect(builder.remove('two')).toBe(true);
  expect(builder.remove('two')).toBe(false);
  expect(builder.size).toBe(1);
  const bytes = Buffer.from(builder.freeze());
  expect(bytes.includes('edited')).toBe(true);
  for (const word of ['canaryword', 'secondcanary', 'kept', 'secretplace', 'secretauthor'])
    expect(bytes.includes(word)).toBe(false);
});

test.each([
  [Number.NaN, 0],
  [-5, 0],
  [Infinity, 0xffff_ffff],
  [1e300, 0xffff_ffff],
  [12.9, 12],
])('a time of %d is kept as %d', (at, kept) => {
  const segment = opened(built([{ id: 'x', place: '', author: '', at, text: 'x' }]).freeze());
  expect(segment.at[0]).toBe(kept);
});

test('a word said 1,000 times counts 255, and opening works at any alignment', () => {
  const bytes = built([{ id: 'x', place: '', author: '', at: 1, text: 'ha '.repeat(1_000) }]).freeze();
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect(contents(opened(shifted.subarray(1)))).toEqual(contents(opened(bytes)));
  expect(contents(opened(bytes)).get('x')).toMatchObject({ length: 1_000, counts: { ha: 255 } });
});

test('damaged bytes are refused or read without a throw', () => {
  const whole = built([
    { id: 'b'.repeat(64), place: 'p', author: 'a', at: 1, text: 'one two three' },
    { id: 'name', place: 'q', author: 'b', at: 2, text: 'two' },
  ]).freeze();
  expect(Segment.open(new Uint8Array(0))).toMatchObject({ ok: false, error: { code: 'damaged' } });
  for (let length = 0; length < whole.length; length += 4)
    expect(Segment.open(whole.slice(0, length)).ok).toBe(false);
  const damage = (at: number, value: number) => {
    const bytes = whole.slice();
    bytes[at] = value;
    const segment = Segment.open(bytes);
    if (!segment.ok) return;
    segment.value.find(idKey('name'));
    mergeSegments([{ segment: segment.value, dead: Uint8Array.of(0, 0) }]);
  };
  damage(48, 29); // An id that ends before its end.
  fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(255), damage), { numRuns: 500 });
});

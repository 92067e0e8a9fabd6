import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex64 } from '../../../../../tests/support/wire-arbitraries.ts';
import { mergeSegments } from './merge.ts';
import type { MergeSource } from './merge.ts';
import { SegmentBuilder } from './segment-builder.ts';
import { Segment } from './segment.ts';
import type { SearchDocument } from './segment.ts';

const text = fc
  .array(fc.constantFrom('rain', 'sun', 'Größe', 'naïve', '東京', '🌧', 'rail', 'a'), { maxLength: 8 })
  .map((words) => words.join(' '));
const document = fc.record({
  id: fc.oneof(hex64, fc.string({ unit: 'grapheme-ascii', maxLength: 6 })),
  place: fc.constantFrom('here', 'there', '東'),
  author: fc.constantFrom('ann', 'bob', 'cy'),
  at: fc.nat(50),
  text,
});
// Documents, which part each goes to, which are dead.
const parts = fc.uniqueArray(fc.tuple(document, fc.nat(3), fc.boolean()), {
  selector: ([each]) => each.id,
  maxLength: 30,
});

const frozen = (list: readonly SearchDocument[]): Uint8Array => {
  const builder = new SegmentBuilder();
  for (const each of list) builder.add(each);
  return builder.freeze();
};

const source = (list: readonly (readonly [SearchDocument, boolean])[]): MergeSource => {
  const segment = Segment.open(frozen(list.map(([each]) => each)));
  if (!segment.ok) throw new Error(segment.error.message);
  const deadIds = new Set(list.filter(([, isDead]) => isDead).map(([each]) => each.id));
  const dead = Uint8Array.from({ length: list.length }, (_, i) => (deadIds.has(segment.value.id(i)) ? 1 : 0));
  return { segment: segment.value, dead };
};

test('merged segments are, byte for byte, the segment of their living documents', () => {
  fc.assert(
    fc.property(parts, (all) => {
      // Documents of one second keep the order in which they come; here they come part by part.
      const byPart = [0, 1, 2, 3].map((part) =>
        all.filter(([, where]) => where === part).map(([each, , isDead]) => [each, isDead] as const),
      );
      const merged = mergeSegments(byPart.map(source));
      const living = byPart.flat().filter(([, isDead]) => !isDead);
      const whole = frozen(living.map(([each]) => each));
      expect(Buffer.from(merged).equals(Buffer.from(whole))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('words, places, authors and ids of the dead are in no byte', () => {
  const dead = { id: 'deadname', place: 'deadplace', author: 'deadauthor', at: 5, text: 'canary rain' };
  const alive = { id: 'f'.repeat(64), place: 'here', author: 'ann', at: 6, text: 'rain' };
  const bytes = Buffer.from(
    mergeSegments([
      source([
        [dead, true],
        [alive, false],
      ]),
    ]),
  );
  expect(bytes.includes('rain')).toBe(true);
  for (const word of ['canary', 'deadname', 'deadplace', 'deadauthor'])
    expect(bytes.includes(word)).toBe(false);
});

test('merging nothing gives an empty segment', () => {
  const empty = Segment.open(mergeSegments([]));
  expect(empty.ok && [empty.value.documents, empty.value.terms.size]).toEqual([0, 0]);
});

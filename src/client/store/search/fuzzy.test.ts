import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearTerms } from './fuzzy.ts';
import { dictionaryOf, sortByCodePoint } from './segment/dictionary.ts';

// Optimal string alignment: edits of letters, swaps of neighbours, the textbook way.
const distance = (left: string, right: string): number => {
  const [a, b] = [Array.from(left), Array.from(right)];
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = least;
    }
  }
  return rows[a.length]![b.length]!;
};

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', 'ê', 'ж', 'з', '東', '𐐨'), maxLength: 7 });

test('finds exactly the terms within the distance, with it', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { maxLength: 60 }),
      word,
      fc.constantFrom(1 as const, 2 as const),
      (list, wanted, edits) => {
        const sorted = sortByCodePoint([...list]);
        const found = nearTerms(dictionaryOf(sorted), wanted, edits).map((near) => [
          sorted[near.term],
          near.edits,
        ]);
        const expected = sorted
          .map((text) => [text, distance(wanted, text)] as const)
          .filter(([, far]) => far <= edits);
        expect(found).toEqual(expected);
      },
    ),
    { numRuns: 1000 },
  );
});

test.each([
  ['berlin', ['berlim', 'belrin', 'erlin', 'berlinn', 'bberlin'], 1],
  ['kreuzberg', ['kreuzbreg', 'kruzberg', 'kreuzburk', 'creutzberg'], 2],
] as const)('slips of the finger in %s', (wanted, typos, edits) => {
  const dictionary = dictionaryOf(sortByCodePoint([wanted, 'else', 'other']));
  for (const typo of typos) expect(nearTerms(dictionary, typo, edits)).toHaveLength(1);
});

test('a word too long for the automaton finds nothing, the longest that fits is found', () => {
  const dictionary = dictionaryOf(['a'.repeat(30), 'a'.repeat(31)]);
  expect(nearTerms(dictionary, 'a'.repeat(31), 2)).toEqual([]);
  expect(nearTerms(dictionary, 'a'.repeat(30), 2)).toEqual([
    { term: 0, edits: 0 },
    { term: 1, edits: 1 },
  ]);
});

test('a huge dictionary costs a bounded walk', () => {
  const sorted = sortByCodePoint(Array.from({ length: 40_000 }, (_, i) => i.toString(36).padStart(8, 'q')));
  const near = nearTerms(dictionaryOf(sorted), 'qqqq1abc', 2);
  expect(near.length).toBeGreaterThan(0);
  expect(nearTerms(dictionaryOf([]), 'word', 1)).toEqual([]);
});

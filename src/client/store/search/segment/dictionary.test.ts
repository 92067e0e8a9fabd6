import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wellFormedText } from '../../../../../tests/support/wire-arbitraries.ts';
import { dictionaryOf, sortByCodePoint, walkTogether } from './dictionary.ts';

const texts = fc.uniqueArray(
  fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', 'é', '東', '\uffff', '𐐨'), maxLength: 4 }),
    wellFormedText,
  ),
  { maxLength: 40 },
);

test('strings sort as their UTF-8 bytes do', () => {
  fc.assert(
    fc.property(texts, (list) => {
      const sorted = [...list].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(sortByCodePoint([...list])).toEqual(sorted);
    }),
  );
  expect(sortByCodePoint(['𐐨', '\uffff'])).toEqual(['\uffff', '𐐨']);
});

test('every string has its number back, no other has one', () => {
  fc.assert(
    fc.property(texts, wellFormedText, (list, other) => {
      const sorted = sortByCodePoint([...list]);
      const dictionary = dictionaryOf(sorted);
      expect(dictionary.size).toBe(sorted.length);
      for (const [i, text] of sorted.entries()) {
        expect(dictionary.find(text)).toBe(i);
        expect(dictionary.text(i)).toBe(text.replace(/^\ufeff/, ''));
      }
      expect(dictionary.find(other)).toBe(sorted.indexOf(other));
    }),
  );
});

test('a prefix’s range is what begins with it', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom('', 'a', 'ab', 'é', '東', 'zz', '𐐨'), (list, prefix) => {
      const sorted = sortByCodePoint([...list]);
      const [from, to] = dictionaryOf(sorted).prefixRange(prefix);
      expect(sorted.slice(from, to)).toEqual(sorted.filter((text) => text.startsWith(prefix)));
    }),
  );
});

test('shared bytes are those of neighbours', () => {
  const dictionary = dictionaryOf(['', 'a', 'ab', 'abc', 'abd', 'b', 'é', 'ê']);
  expect([...dictionary.sharedBytes]).toEqual([0, 0, 1, 2, 2, 0, 0, 1]);
});

test('walking together visits the union once, in order, with each source’s number', () => {
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 5 }), (lists) => {
      const sorted = lists.map((list) => sortByCodePoint([...list]));
      const sources = sorted.map(dictionaryOf);
      const seen: string[] = [];
      walkTogether(sources, (source, index, numbers) => {
        const list = sorted[sources.indexOf(source)]!;
        const text = list[index]!;
        seen.push(text);
        expect([...numbers]).toEqual(sorted.map((each) => each.indexOf(text)));
      });
      expect(seen).toEqual(sortByCodePoint([...new Set(lists.flat())]));
    }),
  );
});

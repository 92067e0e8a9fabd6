import { expect, test } from 'vitest';
import fc from 'fast-check';
import { foldSameLength, NameFinder } from './name-finder.ts';
import type { Named } from './name-finder.ts';

const finder = (...entries: (string | Named)[]) =>
  new NameFinder(entries.map((entry) => (typeof entry === 'string' ? { label: entry } : entry)));
const labels = (found: NameFinder<Named>, text: string) =>
  found.find(text, 20).map(({ entry }) => entry.label);
const marks = (found: NameFinder<Named>, text: string) =>
  found
    .find(text, 1)
    .flatMap(({ entry, ranges }) => ranges.map(({ start, end }) => entry.label.slice(start, end)));

test('beginnings come before words inside, those before letters inside words', () => {
  const found = finder('Nightgarden', 'Rooftop garden', 'Garden of books', 'Harbor');
  expect(labels(found, 'garden')).toEqual(['Garden of books', 'Rooftop garden', 'Nightgarden']);
});

test('the matched letters are told, as they stand in the name', () => {
  expect(marks(finder('Café Zürich'), 'zur')).toEqual(['Zür']);
  expect(marks(finder('Rooftop Garden Club'), 'gar clu')).toEqual(['Gar', 'Clu']);
});

test('words may come in any order', () => {
  expect(labels(finder('Rooftop Garden', 'Rooftop Bar'), 'garden roof')).toEqual(['Rooftop Garden']);
});

test.each(['kreuzbreg', 'kreuzerg', 'kreuzbxrg', 'kreuzbeerg'])('a slip is forgiven: %s', (text) => {
  expect(labels(finder('Kreuzberg', 'Kreuzlingen'), text)).toEqual(['Kreuzberg']);
});

test('short words are taken as they are', () => {
  expect(labels(finder('Cat', 'Cot'), 'cat')).toEqual(['Cat']);
});

test.each([
  ['東京の庭', '東京'],
  ['पुस्तक मेला', 'पुस्त'],
  ['Москва сад', 'моск'],
  ['القاهرة', 'قاهرة'],
  ['서울 정원', '서울'],
])('in %s, %s is found', (label, text) => {
  expect(labels(finder('Somewhere', label), text)).toEqual([label]);
});

test('an emoji is found as it is', () => {
  expect(labels(finder('Party 🎉 place', 'Party'), '🎉')).toEqual(['Party 🎉 place']);
  expect(marks(finder('Party 🎉 place'), '🎉')).toEqual(['🎉']);
});

test('signs of other search boxes mean nothing here', () => {
  expect(labels(finder('Garden -north', 'Garden'), '-north')).toEqual(['Garden -north']);
  expect(labels(finder('Garden'), '"gard')).toEqual(['Garden']);
  expect(labels(finder('Garden', 'At (last)'), '(')).toEqual(['At (last)']);
});

test('weight lifts among equals', () => {
  const found = finder({ label: 'Garden one' }, { label: 'Garden two', weight: 2 });
  expect(labels(found, 'garden')).toEqual(['Garden two', 'Garden one']);
});

test('keywords find, but are neither preferred nor marked', () => {
  const found = finder({ label: 'Dark theme', keywords: 'night lamp' }, { label: 'Night market' });
  expect(labels(found, 'night')).toEqual(['Night market', 'Dark theme']);
  expect(marks(found, 'lamp')).toEqual([]);
});

test('nothing for nothing', () => {
  expect(finder('Garden').find('', 5)).toEqual([]);
  expect(finder('Garden').find('   ', 5)).toEqual([]);
  expect(finder().find('x', 5)).toEqual([]);
});

test('folding keeps every unit in its place', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(foldSameLength(text)).toHaveLength(text.length);
    }),
  );
});

test('whatever is typed, the answer is bounded and its marks lie in the name', () => {
  const found = finder('Garden', 'Ünïcode', '東京の庭', 'a-b (c) [d] *', 'x'.repeat(300), '🎉');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
      for (const { entry, ranges } of found.find(text, 3)) {
        for (const { start, end } of ranges) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(entry.label.length);
        }
      }
    }),
  );
});

test('a keystroke among 10,000 names leaves time to draw', () => {
  const words = 'garden river market harbor mitte lisbon paris tokyo book club music tea rooftop chess'.split(
    ' ',
  );
  const entries = Array.from({ length: 10_000 }, (_, i) => ({
    label: `${[7, 11, 13].map((step) => words[(i * step + (i >> step)) % words.length]).join(' ')} ${i}`,
  }));
  const found = new NameFinder(entries);
  const times = ['g', 'ga', 'gar', 'gard', 'gardne', 'lisbon boo', 'book lisbon', '9', 'o'].map((text) => {
    const began = process.cpuUsage();
    expect(found.find(text, 50).length, text).toBeGreaterThan(0);
    return process.cpuUsage(began).user / 1000;
  });
  const middle = times.sort((a, b) => a - b)[4] ?? Infinity;
  // In milliseconds of the processor, which a busy machine does not lengthen.
  expect(middle).toBeLessThan(16);
});

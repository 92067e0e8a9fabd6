import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../../../tests/support/wire-arbitraries.ts';
import { highlight, holdsPhrase } from './highlight.ts';
import { parseQuery } from '#shared/words/query.ts';
import { eachToken } from '#shared/words/tokens.ts';

const marked = (text: string, query: string): string[] =>
  highlight(text, parseQuery(query).clauses).map(({ start, end }) => text.slice(start, end));

test.each([
  ['Die Größe der STRASSE, großartig', 'grosse strasse', ['Größe', 'STRASSE']],
  ['mapping Maps to map', 'map', ['mapping', 'Maps', 'map']],
  ['e\u0301te\u0301 d’Été', 'été', ['e\u0301te\u0301', 'Été']],
  ['İstanbul’da ISTANBUL', 'istanbul', ['İstanbul', 'ISTANBUL']],
  ['今日は東京タワーへ行く', '東京タワー', ['東京タワー']],
  ['猫と犬と猫', '猫', ['猫', '猫']],
  ['人人平等', '人', ['人', '人']],
  ['ok 👍🏽!', '👍', ['👍🏽']],
  ['مُحَمَّد هنا', 'محمد', ['مُحَمَّد']],
  ['see https://example.com/berlin', 'berlin', ['berlin']],
  ['nothing here', 'absent', []],
])('%s ← %s', (text, query, expected) => {
  expect(marked(text, query)).toEqual(expected);
});

test('ranges are in order, apart, and each holds a token of the terms', () => {
  fc.assert(
    fc.property(anyText, anyText, fc.boolean(), (text, other, prefix) => {
      const terms: { term: string; prefix: boolean }[] = [];
      eachToken(`${text.slice(0, 9)} ${other}`, (term) => terms.push({ term, prefix }));
      let before = 0;
      for (const { start, end } of highlight(text, terms)) {
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThan(start);
        const inside: string[] = [];
        eachToken(text, (term, from, to) => {
          if (from >= start && Math.min(to, from + 1) <= end) inside.push(term);
        });
        expect(
          inside.some((token) =>
            terms.some(({ term }) => (prefix ? token.startsWith(term) : token === term)),
          ),
        ).toBe(true);
        before = end;
      }
    }),
    { numRuns: 500 },
  );
});

test('every token of a text is marked when its term is asked for', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      eachToken(text, (term, start, end) => {
        const ranges = highlight(text, [{ term, prefix: false }]);
        expect(ranges.some((range) => range.start <= start && end <= range.end)).toBe(true);
      });
    }),
  );
});

test.each([
  ['the night train to Oslo', '"night train"', true],
  ['the NIGHT, train', '"night train"', true],
  ['train by night', '"night train"', false],
  ['night and train', '"night train"', false],
  ['明日は東京の天気', '"東京の天気"', true],
  ['天気は東京の', '"東京の天気"', false],
  ['東京 tower', '"東京 tower"', true],
  ['the train 東京', '"train 東"', true],
])('%s holds %s: %s', (text, query, expected) => {
  const [phrase] = parseQuery(query).phrases;
  expect(holdsPhrase(text, phrase!)).toBe(expected);
});

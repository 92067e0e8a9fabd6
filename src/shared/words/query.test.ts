import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../tests/support/wire-arbitraries.ts';
import { parseQuery } from './query.ts';

// term, then * for a prefix, ~n for edits, ? when not required
const short = (text: string): string =>
  parseQuery(text)
    .clauses.map(
      (c) => `${c.term}${c.prefix ? '*' : ''}${c.edits > 0 ? `~${c.edits}` : ''}${c.required ? '' : '?'}`,
    )
    .join(' ');

test.each([
  ['words, the last may go on', 'Map of Berlin', 'map of berlin*~1'],
  ['two slips from eight letters on', 'Kreuzberg', 'kreuzberg*~2'],
  ['none in numbers', 'bus 2024', 'bus 2024*'],
  ['a word twice is one', 'ha ha ho', 'ha ho*'],
  ['a phrase allows no slips and no more letters', '"night train" home', 'night train home*~1'],
  ['asked for exactly and half typed is exactly', '"map" map', 'map'],
  ['an open quote is no phrase', '"night tra', 'night~1 tra*'],
  ['Korean words may have particles', '서울 여행', '서울* 여행*'],
  ['Chinese words as pairs, the pair across only lifts', '北京天气', '北京 天气 京天?'],
  ['one character begins pairs', '猫', '猫*'],
  ['kana unknown to the dictionary stay together', 'ひらがな', 'ひら らが がな'],
  ['particles don’t decide', '東京の天気', '東京 天気 京の? の天?'],
  ['nothing', ' …!? ', ''],
])('%s', (_, text, expected) => {
  expect(short(text)).toBe(expected);
});

test.each(['"night train"', '„night train“', '“night train”', '«night train»', '「night train」'])(
  'quotes of many countries: %s',
  (text) => {
    expect(parseQuery(text).phrases).toEqual([
      [
        { term: 'night', prefix: false },
        { term: 'train', prefix: false },
      ],
    ]);
  },
);

test('a phrase of one word is only that word', () => {
  const query = parseQuery('"night"');
  expect(query.phrases).toEqual([]);
  expect(query.clauses).toEqual([{ term: 'night', prefix: false, edits: 0, required: true }]);
});

test('any text is a query: bounded, each term once, something required', () => {
  fc.assert(
    fc.property(
      fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...'"„“«»「」ab 東のきタ') })),
      (text) => {
        const { clauses } = parseQuery(text);
        expect(clauses.length).toBeLessThanOrEqual(12);
        expect(new Set(clauses.map((clause) => clause.term)).size).toBe(clauses.length);
        expect(clauses.length === 0 || clauses[0]!.required).toBe(true);
        expect(clauses.every((clause) => clause.term !== '')).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
  expect(parseQuery('word '.repeat(100_000)).clauses).toHaveLength(1);
});

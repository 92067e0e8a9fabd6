import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layerOf, openOwn } from './layers.ts';
import { resolveClauses } from './resolve.ts';
import type { Layer } from './resolve.ts';
import { Scorer } from './scoring.ts';
import type { Scoring, SearchFilter } from './scoring.ts';
import { SegmentBuilder } from './segment/segment-builder.ts';
import { parseQuery } from '#shared/words/query.ts';

// Documents 0, 1, 2 … of the layer in this order.
const layer = (...texts: string[]): Layer => {
  const builder = new SegmentBuilder();
  for (const [i, text] of texts.entries())
    builder.add({ id: `${i}`, place: `p${i % 2}`, author: `a${i % 3}`, at: 100 + i, text });
  return layerOf(1, openOwn(builder.freeze()));
};

interface Found {
  readonly document: number;
  readonly score: number;
}

const scoringOf = (query: string, layers: readonly Layer[], rest: Partial<Scoring> = {}): Scoring => ({
  steps: resolveClauses(parseQuery(query).clauses, layers),
  filter: {},
  all: true,
  meanLength: 3,
  newest: 200,
  ...rest,
});

const run = (
  scorer: Scorer,
  of: Layer,
  scoring: Scoring,
  bar = -Infinity,
): { total: number; found: Found[] } => {
  const found: Found[] = [];
  const take = (document: number, score: number): number => found.push({ document, score });
  return { total: scorer.run(of, 0, scoring, { bar, take }), found };
};
const documents = (of: Layer, query: string, rest: Partial<Scoring> = {}): number[] =>
  run(new Scorer(), of, scoringOf(query, [of], rest))
    .found.map((each) => each.document)
    .sort((a, b) => a - b);

test('all: documents with every word; any: documents with some, by their share', () => {
  const texts = layer('rain sun', 'rain', 'sun', 'snow');
  expect(documents(texts, '"rain" "sun"')).toEqual([0]);
  expect(documents(texts, '"rain" "sun"', { all: false })).toEqual([0, 1, 2]);
  const { found } = run(new Scorer(), texts, scoringOf('"rain" "sun"', [texts], { all: false }));
  const score = new Map(found.map((each) => [each.document, each.score]));
  expect(score.get(0)!).toBeGreaterThan(score.get(1)! * 2);
});

test('a clause nobody has leaves nothing, and the columns clean', () => {
  const texts = layer('rain sun', 'rain');
  const scorer = new Scorer();
  expect(run(scorer, texts, scoringOf('"rain" "absent"', [texts]))).toEqual({ total: 0, found: [] });
  expect(run(scorer, texts, scoringOf('"rain"', [texts])).total).toBe(2);
});

test('clauses that are not required lift, they neither find nor hide', () => {
  const texts = layer('北京。天气', '北京天气', '京天');
  const { found } = run(new Scorer(), texts, scoringOf('北京天气', [texts]));
  expect(found.map((each) => each.document).sort()).toEqual([0, 1]);
  const [first, second] = [...found].sort((a, b) => b.score - a.score);
  expect([first!.document, second!.document]).toEqual([1, 0]);
  expect(documents(texts, '北京天气', { all: false })).toEqual([0, 1]);
});

test('of the words a prefix stands for only the best counts', () => {
  const texts = layer('mapper', 'mapper mapping', 'mapper mapper');
  const { found } = run(new Scorer(), texts, scoringOf('mapp', [texts], { meanLength: 2, newest: 102 }));
  const score = new Map(found.map((each) => [each.document, each.score]));
  expect(score.get(2)!).toBeGreaterThan(score.get(1)!);
  expect(score.get(0)!).toBeGreaterThan(score.get(1)!);
});

test('a lesser word after the best one changes nothing', () => {
  const texts = layer('mapper mapper mapping', 'mapper mapper other');
  const { found } = run(new Scorer(), texts, scoringOf('mapp', [texts], { newest: 101 }));
  expect(found[0]!.score).toBeCloseTo(found[1]!.score, 5);
});

test('a flat prefix gives every document the same, once', () => {
  const texts = layer('ma mb mc', 'mmm mmm mmm and many more', 'x', 'my');
  const { found } = run(new Scorer(), texts, scoringOf('m', [texts], { newest: 103 }));
  expect(found.map((each) => each.document).sort()).toEqual([0, 1, 3]);
  for (const { score } of found) expect(score).toBeCloseTo(found[0]!.score, 3);
});

test.each<[string, SearchFilter, number[]]>([
  ['place', { place: 'p1' }, [1, 3, 5]],
  ['author', { author: 'a0' }, [0, 3]],
  ['both', { place: 'p1', author: 'a0' }, [3]],
  ['from', { from: 103 }, [3, 4, 5]],
  ['to', { to: 101 }, [0, 1]],
  ['a span', { from: 102, to: 103 }, [2, 3]],
  ['an empty span', { from: 104, to: 103 }, []],
  ['nowhere', { place: 'elsewhere' }, []],
  ['nobody', { author: 'nobody' }, []],
])('filter by %s, for words and for short prefixes', (_, filter, expected) => {
  const texts = layer(...Array.from({ length: 6 }, () => 'word'));
  expect(documents(texts, '"word"', { filter })).toEqual(expected);
  expect(documents(texts, 'w', { filter })).toEqual(expected);
  expect(documents(texts, '"word" w', { filter, all: false })).toEqual(expected);
});

test('the dead are not found', () => {
  const texts = layer('word', 'word', 'word');
  texts.dead[1] = 1;
  expect(documents(texts, '"word"')).toEqual([0, 2]);
  expect(documents(texts, 'w')).toEqual([0, 2]);
});

test('below the bar nothing is handed out, yet all is counted', () => {
  const texts = layer('word', 'word word word', 'a very long text with one word in it');
  const whole = run(new Scorer(), texts, scoringOf('"word"', [texts]));
  const middle = [...whole.found].sort((a, b) => b.score - a.score)[1]!.score;
  const part = run(new Scorer(), texts, scoringOf('"word"', [texts]), middle);
  expect(part.total).toBe(3);
  expect(part.found.map((each) => each.score)).toEqual(
    whole.found.map((each) => each.score).filter((score) => score >= middle),
  );
});

test('newer is a little better, at most by a tenth', () => {
  const texts = layer('word', 'word');
  const year = 365 * 86_400;
  const far = run(new Scorer(), texts, scoringOf('"word"', [texts], { newest: 100 + 100 * year }));
  const near = run(new Scorer(), texts, scoringOf('"word"', [texts], { newest: 101 }));
  const scoreOf = ({ found }: { found: Found[] }, document: number) =>
    found.find((each) => each.document === document)!.score;
  expect(scoreOf(near, 1)).toBeGreaterThan(scoreOf(near, 0));
  expect(scoreOf(near, 1) / scoreOf(far, 1)).toBeGreaterThan(1.09);
  expect(scoreOf(near, 1) / scoreOf(far, 1)).toBeLessThanOrEqual(1.1);
});

const query = fc
  .array(fc.constantFrom('a', 'ab', 'abc', '"b"', 'cab', '東', '東京'), { minLength: 1, maxLength: 4 })
  .map((words) => words.join(' '));
const texts = fc.array(
  fc
    .array(fc.constantFrom('a', 'ab', 'abc', 'b', 'cab', '東京都'), { maxLength: 5 })
    .map((words) => words.join(' ')),
  { maxLength: 40 },
);

test('a scorer used before scores as a fresh one does', () => {
  fc.assert(
    fc.property(texts, texts, query, query, fc.boolean(), (first, second, before, asked, all) => {
      const used = new Scorer();
      const [one, two] = [layer(...first), layer(...second)];
      run(used, one, scoringOf(before, [one], { all: !all }));
      const scoring = scoringOf(asked, [two], { all });
      expect(run(used, two, scoring)).toEqual(run(new Scorer(), two, scoring));
    }),
    { numRuns: 200 },
  );
});

import { expect, test } from 'vitest';
import { layerOf, openOwn } from './layers.ts';
import { resolveClauses } from './resolve.ts';
import type { Layer, Step } from './resolve.ts';
import { SegmentBuilder } from './segment/segment-builder.ts';
import { parseQuery } from '#shared/words/query.ts';

let seconds = 0;
const layer = (...texts: string[]): Layer => {
  const builder = new SegmentBuilder();
  for (const text of texts) builder.add({ id: `${++seconds}`, place: 'p', author: 'a', at: seconds, text });
  return layerOf(1, openOwn(builder.freeze()));
};
const resolved = (query: string, layers: readonly Layer[]): Step[] =>
  resolveClauses(parseQuery(query).clauses, layers);
// By layer the terms of a step, with ! when they are flat.
const termsOf = (step: Step, layers: readonly Layer[]): string[][] =>
  step.layers.map((ranges, i) =>
    ranges.flatMap(({ from, to, flat }) =>
      Array.from(
        { length: to - from },
        (_, n) => `${layers[i]!.segment.terms.text(from + n)}${flat ? '!' : ''}`,
      ),
    ),
  );

test('a word is found in every layer, its postings counted over all', () => {
  const layers = [layer('rain', 'rain sun'), layer('sun'), layer('rain')];
  const [step] = resolved('"rain"', layers);
  expect(termsOf(step!, layers)).toEqual([['rain'], [], ['rain']]);
  expect(step!.cost).toBe(3);
  const weights = step!.layers.flat().map((range) => range.weight);
  expect(new Set(weights).size).toBe(1);
});

test('what is seldom said comes first and weighs more', () => {
  const layers = [layer('common', 'common', 'common rare', 'common')];
  const steps = resolved('"common" "rare"', layers);
  expect(steps.map((step) => step.matches[0]!.term)).toEqual(['rare', 'common']);
  expect(steps[0]!.layers[0]![0]!.weight).toBeGreaterThan(steps[1]!.layers[0]![0]!.weight);
});

test('a prefix takes the word itself first, then the longer ones for less', () => {
  const layers = [layer('map maps mapping', 'mat'), layer('mapper')];
  const [step] = resolved('map', layers);
  expect(termsOf(step!, layers)).toEqual([['map', 'mapping', 'maps'], ['mapper']]);
  const [exact, longer] = step!.layers[0]!;
  expect(exact!.weight).toBeGreaterThan(longer!.weight);
  expect(step!.cost).toBe(4);
});

test('one or two letters make a flat prefix, three do not', () => {
  const layers = [layer('map maps ma')];
  expect(termsOf(resolved('m', layers)[0]!, layers)).toEqual([['ma!', 'map!', 'maps!']]);
  expect(termsOf(resolved('ma', layers)[0]!, layers)).toEqual([['ma', 'map!', 'maps!']]);
  expect(termsOf(resolved('map', layers)[0]!, layers)).toEqual([['map', 'maps']]);
});

test('near words stand in only for a word in at most two documents', () => {
  const twice = [layer('house', 'house', 'horse')];
  expect(
    termsOf(
      resolved('"x" house x', twice).find((s) => s.matches[0]!.term === 'house')!,
      twice,
    ),
  ).toEqual([['house', 'horse']]);
  const thrice = [layer('house', 'house', 'horse'), layer('house')];
  expect(
    termsOf(
      resolved('house x', thrice).find((s) => s.matches[0]!.term === 'house')!,
      thrice,
    ),
  ).toEqual([['house'], ['house']]);
});

test('stand-ins are told, for marking; one slip weighs more than two', () => {
  const layers = [layer('kreuzberg', 'kreutzburg')];
  const [step] = resolved('kreuzburg', layers);
  expect(step!.matches.map((match) => match.term)).toEqual(['kreuzburg', 'kreutzburg', 'kreuzberg']);
  const far = [layer('abcdefgh', 'abcdefxy')];
  const [exactly] = resolved('abcdefgx', far);
  const byTerm = termsOf(exactly!, far)[0]!.map((term, i) => [term, exactly!.layers[0]![i]!.weight] as const);
  expect(byTerm.map(([term]) => term).sort()).toEqual(['abcdefgh', 'abcdefxy']);
});

test('of hundreds of near words the nearest and commonest are kept', () => {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const many = [...alphabet].flatMap((a) => [...alphabet].slice(0, 6).map((b) => `wordword${a}${b}`));
  const layers = [layer('wordwor', ...many)];
  const step = resolved('wordword now', layers).find((each) => each.matches[0]!.term === 'wordword')!;
  expect(step.layers[0]).toHaveLength(64);
  expect(termsOf(step, layers)[0]![0]).toBe('wordwor');
});

test('pairs across Chinese words are not required and come last', () => {
  const layers = [layer('北京天气')];
  const steps = resolved('北京天气', layers);
  expect(steps.map((step) => step.required)).toEqual([true, true, false]);
  expect(steps.at(-1)!.matches).toEqual([{ term: '京天', prefix: false }]);
});

test('the dead do not count among the documents', () => {
  const alive = [layer('rain', 'sun', 'sun', 'sun')];
  const dying = [layer('rain', 'sun', 'sun', 'sun')];
  dying[0]!.deadCount = 2;
  const weight = (layers: readonly Layer[]) => resolved('"rain"', layers)[0]!.layers[0]![0]!.weight;
  expect(weight(dying)).toBeLessThan(weight(alive));
});

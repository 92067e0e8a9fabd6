import { expect, test } from 'vitest';
import fc from 'fast-check';
import { highlight } from '#client/store/search/text/highlight.ts';
import type { TextRange } from '#client/store/search/text/highlight.ts';
import { excerptOf } from './excerpt.ts';

const LENGTH = 180;
const long = `${'We met at the harbor and talked about boats. '.repeat(40)}Then Zofia brought the lantern. ${'It was late and we went home. '.repeat(40)}`;
const at = (text: string, word: string): TextRange => {
  const start = text.indexOf(word);
  return { start, end: start + word.length };
};
const marked = ({ text, ranges }: { text: string; ranges: readonly TextRange[] }) =>
  ranges.map(({ start, end }) => text.slice(start, end));

test('a short text stays whole', () => {
  const text = 'Zofia brought the lantern.';
  expect(excerptOf(text, [at(text, 'lantern')])).toEqual({ text, ranges: [{ start: 18, end: 25 }] });
});

test('a match in the middle of a long text is shown with the words around it, cut between words', () => {
  const excerpt = excerptOf(long, [at(long, 'lantern')]);
  expect(marked(excerpt)).toEqual(['lantern']);
  expect(excerpt.text).toMatch(/^…\S.* Then Zofia brought the lantern\. It was late.*\S…$/);
  const bare = excerpt.text.slice(1, -1);
  const from = long.indexOf(bare);
  expect(from).toBeGreaterThan(0);
  expect(long[from - 1]).toBe(' ');
  expect(long[from + bare.length]).toBe(' ');
});

test('the stretch with the most matches is chosen, not the first match', () => {
  const text = `lantern ${'x '.repeat(300)}a lantern and a lantern by the harbor${' y'.repeat(300)}`;
  const ranges = highlight(text, [
    { term: 'lantern', prefix: false },
    { term: 'harbor', prefix: false },
  ]);
  expect(ranges).toHaveLength(4);
  expect(marked(excerptOf(text, ranges))).toEqual(['lantern', 'lantern', 'harbor']);
});

test('of equally dense stretches the first', () => {
  const text = `one lantern ${'x '.repeat(300)}two lantern${' y'.repeat(300)}`;
  const ranges = highlight(text, [{ term: 'lantern', prefix: false }]);
  expect(excerptOf(text, ranges).text).toMatch(/^one lantern/);
});

test('without a match the beginning', () => {
  expect(excerptOf(long, []).text).toMatch(/^We met .*\S…$/);
});

test('a match longer than the room is cut', () => {
  const text = `go ${'ab'.repeat(400)} on`;
  const excerpt = excerptOf(text, [{ start: 3, end: 803 }]);
  expect(marked(excerpt)).toHaveLength(1);
  expect(excerpt.text.length).toBeLessThanOrEqual(LENGTH + 2);
});

test('no character of many parts is cut in two', () => {
  const family = '👨‍👩‍👧‍👦';
  const text = `${family.repeat(60)}lantern${family.repeat(60)}`;
  const { text: shown } = excerptOf(text, [at(text, 'lantern')]);
  const parts = shown.replaceAll(family, '').replace('lantern', '');
  expect(parts).toBe('……');
});

test('a beginning that moves back to hold a whole character does not make the cut longer', () => {
  const text = `${'पुस्तक'.repeat(40)} ${'x'.repeat(300)}`;
  for (let start = 60; start < 200; start++)
    expect(excerptOf(text, [{ start, end: start + 1 }]).text.length).toBeLessThanOrEqual(LENGTH + 2);
});

const textWithRanges = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.stringMatching(/^[a-z]{1,12}$/),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
        fc.constantFrom('東京の庭', 'पुस्तक', 'قاهرة', '👨‍👩‍👧', 'x'.repeat(300)),
      ),
      { minLength: 1, maxLength: 120 },
    ),
    fc.array(fc.nat(), { maxLength: 12 }),
    fc.constantFrom(' ', ''),
  )
  .map(([words, picks, glue]) => {
    const starts: number[] = [];
    let size = 0;
    for (const word of words) {
      starts.push(size);
      size += word.length + glue.length;
    }
    const chosen = [...new Set(picks.map((pick) => pick % words.length))].sort((a, b) => a - b);
    const ranges = chosen.map((index): TextRange => {
      const start = starts[index] ?? 0;
      return { start, end: start + (words[index] ?? '').length };
    });
    return { text: words.join(glue), ranges };
  });

test('whatever the text: a true stretch of it, of bounded length, its marks over the same letters', () => {
  fc.assert(
    fc.property(textWithRanges, ({ text, ranges }) => {
      const excerpt = excerptOf(text, ranges);
      if (text.length <= LENGTH) {
        expect(excerpt).toEqual({ text, ranges });
        return;
      }
      const bare = excerpt.text.replace(/^…/, '').replace(/…$/, '');
      expect(text).toContain(bare);
      expect(excerpt.text.length).toBeLessThanOrEqual(LENGTH + 2);
      const half = /\p{Surrogate}/u;
      if (!half.test(text)) expect(excerpt.text).not.toMatch(half);
      const originals = ranges.map(({ start, end }) => text.slice(start, end));
      for (const mark of marked(excerpt)) expect(originals.some((word) => word.includes(mark))).toBe(true);
      const fits = ranges.some(({ start, end }) => end - start <= LENGTH / 2);
      if (fits) expect(excerpt.ranges.length).toBeGreaterThan(0);
      let before = 0;
      for (const { start, end } of excerpt.ranges) {
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeLessThanOrEqual(excerpt.text.length);
        before = end;
      }
    }),
    { numRuns: 400 },
  );
});

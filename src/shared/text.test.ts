import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../tests/support/wire-arbitraries.ts';
import { countCharacters, displayLine, displayText } from './text.ts';

const isTrick = (point: number): boolean =>
  (point < 0x20 && point !== 0x0a) ||
  (point >= 0x7f && point <= 0x9f) ||
  point === 0x061c ||
  point === 0x200b ||
  (point >= 0x200e && point <= 0x200f) ||
  (point >= 0x2028 && point <= 0x202e) ||
  (point >= 0x2060 && point <= 0x206f) ||
  point === 0xfeff;
const tricksIn = (text: string, allowBreaks: boolean): number[] =>
  Array.from(text, (c) => c.codePointAt(0) ?? 0).filter((p) => isTrick(p) || (p === 0x0a && !allowBreaks));

test('no control or bidi character survives displayLine, and the bound holds', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, max) => {
      const line = displayLine(text, max);
      expect(tricksIn(line, false)).toEqual([]);
      expect(countCharacters(line)).toBeLessThanOrEqual(max);
      expect(line).toBe(line.trim());
    }),
    { numRuns: 2000 },
  );
});

test('displayLine changes nothing the second time: two spellings of one name stay one', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(displayLine(displayLine(text))).toBe(displayLine(text));
    }),
    { numRuns: 2000 },
  );
});

test('displayText keeps line breaks, at most two in a row, and no tab stops being text', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...'\r\n\t\u200bab') })), (text) => {
      const shown = displayText(text);
      expect(tricksIn(shown.replaceAll('\t', ''), true)).toEqual([]);
      expect(shown).not.toMatch(/\n{3}/);
      expect(displayText(shown)).toBe(shown);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['Anna\u202egnp.exe', 'Annagnp.exe'],
  ['\u2066Anna\u2069', 'Anna'],
  ['  Harbour \n\t Swimmers ', 'Harbour Swimmers'],
  ['a\rb', 'a b'],
  ['a\u2028b\u0085c', 'a b c'],
  ['a\u0000b', 'ab'],
  ['\u200b\u200e\ufeff', ''],
  ['e\u200b\u0301', 'é'],
  ['👩‍👩‍👧 Kiez', '👩‍👩‍👧 Kiez'],
  ['می‌خواهم', 'می‌خواهم'],
])('displayLine(%j) is %j', (text, shown) => {
  expect(displayLine(text)).toBe(shown);
});

test('a tower of combining marks is cut to four', () => {
  const zalgo = `Z${'\u0335'.repeat(100)}o`;
  expect(displayLine(zalgo)).toBe(`Z${'\u0335'.repeat(4)}o`);
});

test('a long line ends in an ellipsis within the bound, never inside a character', () => {
  expect(displayLine('🌊🌊🌊🌊', 3)).toBe('🌊🌊…');
  expect(displayLine('abcd efgh', 6)).toBe('abcd…');
  expect(displayLine('abcdef', 6)).toBe('abcdef');
});

test('displayText folds three breaks into two and reads every line ending', () => {
  expect(displayText('a\r\nb\rc\n\n\n\nd\n')).toBe('a\nb\nc\n\nd');
});

test('countCharacters counts code points', () => {
  expect(countCharacters('né🌊')).toBe(3);
});

test.each([
  ['zero-width space', 'Ad\u200ba Lind'],
  ['word joiner', 'Ada\u2060 Lind'],
  ['joiners between Latin letters', 'A\u200dd\u200ca Lind\u200d'],
  ['right-to-left override', '\u202eAda Lind'],
  ['isolates', '\u2067Ada\u2069 Lind'],
  ['marks of direction', 'Ada\u200f Lind\u061c'],
  ['fillers that are letters', 'Ada\u3164\u115f Lind\uffa0'],
  ['a blank of braille', 'Ada Lind\u2800'],
  ['hidden tags', 'Ada\u{e0041}\u{e007f} Lind'],
  ['a joiner of graphemes', 'Ada\u034f Lind'],
  ['a byte order mark', '\ufeffAda Lind'],
])('a name with %s is the name that it looks like', (_, trick) => {
  expect(displayLine(trick)).toBe('Ada Lind');
});

test('a name of nothing but hidden letters is none', () => {
  for (const blank of ['\u3164', '\u2800\u2800', '\u200d', '\u200b \u00ad', '\u{e0041}'])
    expect(displayLine(blank)).toBe('');
});

test('joiners stay where they shape what is written', () => {
  for (const text of ['می‌خواهم', 'क्‍ष', '👩‍🚀', '👨‍👩‍👧', '❤️‍🔥', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'])
    expect(displayLine(text)).toBe(text.normalize('NFC'));
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayText } from '#shared/text.ts';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import { markUp } from './markup.ts';
import type { Block, Inline } from './markup.ts';
import { tokenize } from './tokenize.ts';

/** A tree in one line: <strong> is S(…), em E(…), strike X(…). */
const sign = { strong: 'S', em: 'E', strike: 'X' } as const;
const inline = (one: Inline): string =>
  'children' in one ? `${sign[one.type]}(${one.children.map(inline).join('')})` : one.text;
const block = (one: Block): string => {
  if (one.type === 'code') return `code(${one.code})`;
  const lines = one.lines.map((line) => line.map(inline).join('')).join('|');
  if (one.type === 'words') return lines;
  return `${one.type}${one.type === 'list' && one.from !== undefined ? one.from : ''}(${lines})`;
};
const shown = (text: string): string => markUp(tokenize(text)).map(block).join(' / ');

describe('weights', () => {
  test.each([
    ['**bold** and *slanted* and ~~gone~~', 'S(bold) and E(slanted) and X(gone)'],
    ['__bold__ _slanted_', 'S(bold) E(slanted)'],
    ['***both***', 'S(E(both))'],
    ['**bold with *slanted* inside**', 'S(bold with E(slanted) inside)'],
    ['*a **b** c*', 'E(a S(b) c)'],
    ['(*a*), “**b**”!', '(E(a)), “S(b)”!'],
    ['**`code` and https://a.example/x**', 'S(`code` and https://a.example/x)'],
  ])('%s', (text, tree) => {
    expect(shown(text)).toBe(tree);
  });

  test.each([
    '2 * 3 * 4',
    '2*3*4',
    'snake_case_name',
    '¯\\_(ツ)_/¯',
    '* ',
    '**',
    '****',
    '** a **',
    '*a',
    'a*',
    '**a*',
    '*a**',
    '~a~',
    '~~~a~~~',
    '_a*',
    'a ** b',
    '[click](javascript:alert(1))',
    '<b>x</b>',
    '||spoiler||',
  ])('%j stays as it is', (text) => {
    expect(shown(text)).toBe(displayText(text));
  });

  test('what overlaps closes what it can, and the rest is text', () => {
    expect(shown('**a *b** c*')).toBe('S(a *b) c*');
    expect(shown('~~a **b~~ c**')).toBe('X(a **b) c**');
  });

  test('a sign without a partner in one row finds none in the next', () => {
    expect(shown('*a\nb*')).toBe('*a|b*');
  });
});

describe('rows', () => {
  test('quotes, lists and numbers', () => {
    expect(shown('> so it is\n> said\nyes')).toBe('quote(so it is|said) / yes');
    expect(shown('- one\n- two **2**\n1. a\n2) b')).toBe('list(one|two S(2)) / list1(a|b)');
    expect(shown('7. seven')).toBe('list7(seven)');
    expect(shown('* a\n* b')).toBe('list(a|b)');
  });

  test('what only looks like one is text', () => {
    for (const text of ['-5 degrees', '1.5 litres', '->', '2024. ', '-', '1984. a year of four digits'])
      expect(shown(text)).toBe(displayText(text));
  });

  test('a quote within a quote keeps its sign', () => {
    expect(shown('> > deep')).toBe('quote(> deep)');
    expect(shown('>'.repeat(5_000))).toBe(`quote(${'>'.repeat(4_999)})`);
  });

  test('code stands apart, and its signs are its own', () => {
    expect(shown('see\n```\n**a**\n> b\n```\nok')).toBe('see / code(**a**\n> b) / ok');
    expect(shown('`**a**`')).toBe('`**a**`');
  });
});

const depth = (inlines: readonly Inline[]): number =>
  Math.max(0, ...inlines.map((one) => ('children' in one ? 1 + depth(one.children) : 0)));
const deepest = (text: string): number =>
  Math.max(
    0,
    ...markUp(tokenize(text)).map((one) => ('lines' in one ? Math.max(0, ...one.lines.map(depth)) : 0)),
  );

test('nothing nests deeper than its three sorts', () => {
  expect(deepest('**a *b ~~c '.repeat(1_000) + '~~*** '.repeat(1_000))).toBeLessThanOrEqual(3);
  expect(deepest('*_'.repeat(5_000) + 'x' + '_*'.repeat(5_000))).toBeLessThanOrEqual(3);
});

// What grows with the square of these never comes to an end here.
test.each([
  '*',
  '**a ',
  '*a ',
  '_*',
  '~~',
  '> ',
  '- a\n',
  '1. *\n',
  '**a*',
  '*a **b ~~c ',
  '![](',
  '[a](javascript:',
  'https://a.example/**',
])(
  'a hundred thousand signs of %j come to an end',
  (one) => {
    const text = one.repeat(Math.ceil(100_000 / one.length));
    expect(allText(markUp(tokenize(text))).length).toBeGreaterThan(0);
  },
  60_000,
);

/** Every sign that is shown, in order. */
const allText = (blocks: readonly Block[]): string =>
  blocks
    .map((one) =>
      one.type === 'code'
        ? one.code
        : one.lines
            .flat()
            .map(function flat(part): string {
              return 'children' in part ? part.children.map(flat).join('') : part.text;
            })
            .join(''),
    )
    .join('');

test('no word is lost and none is made up, whatever a line holds', () => {
  const piece = fc.oneof(
    anyText,
    fc.constantFrom(
      '**',
      '*',
      '_',
      '~~',
      '`',
      '```',
      '\n',
      '> ',
      '- ',
      '1. ',
      'word',
      ' ',
      'https://a.example/',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = pieces.join('');
      const words = (from: string): string => from.replace(/[\s*_~`>\-.)\d\w+#]/gu, '');
      expect(words(allText(markUp(tokenize(text))))).toBe(words(displayText(text)));
      expect(deepest(text)).toBeLessThanOrEqual(3);
    }),
  );
});

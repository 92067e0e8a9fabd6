import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('.', import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const parts = files.filter((path) => path.endsWith('.svelte')).map((path) => ({ path, text: read(path) }));
const defined = new Set(
  ['tokens.css', ...files.filter((path) => path.startsWith('themes/'))].flatMap((path) =>
    [...read(path).matchAll(/(--[\w-]+):/g)].map((found) => found[1] ?? ''),
  ),
);
/** Set by the page around a part, not by a theme. */
const FROM_OUTSIDE = new Set(['--sheet-dock', '--toast-dock']);

/** Custom properties that a part uses but neither the themes nor the part itself define. */
function unknownTokens(text: string): string[] {
  const own = new Set([...text.matchAll(/(--[\w-]+)(?==|:)/g)].map((found) => found[1]));
  return [...text.matchAll(/var\((--[\w-]+)/g)]
    .map((found) => found[1] ?? '')
    .filter((name) => !defined.has(name) && !own.has(name) && !FROM_OUTSIDE.has(name));
}

/** Physical directions in a style block, which would stand still when the page turns around. */
function physicalProperties(text: string): string[] {
  const style = /<style>([^]*)<\/style>/.exec(text)?.[1] ?? '';
  const pattern =
    /(?:^|[\s;{])((?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height)\s*:/g;
  return [...style.matchAll(pattern)].map((found) => found[1] ?? '');
}

/** Colours written by hand: they would not follow the theme. Arms are the one exception, and live in heraldry.ts. */
function handColours(text: string): string[] {
  const style = /<style>([^]*)<\/style>/.exec(text)?.[1] ?? '';
  return [...style.matchAll(/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/gi)].map((found) => found[0]);
}

test('there are parts to look at', () => {
  expect(parts.length).toBeGreaterThan(20);
  expect(defined.size).toBeGreaterThan(80);
});

describe.each(parts)('$path', ({ text }) => {
  test('uses only tokens that exist', () => expect(unknownTokens(text)).toEqual([]));
  test('turns around with the page', () => expect(physicalProperties(text)).toEqual([]));
  test('takes its colours from the theme', () => expect(handColours(text)).toEqual([]));
});

test('the rules bite', () => {
  expect(unknownTokens('<style>a { color: var(--color-nothing) }</style>')).toEqual(['--color-nothing']);
  expect(physicalProperties('<style>a { margin-left: 1px; border-inline-start-width: 1px }</style>')).toEqual(
    ['margin-left'],
  );
  expect(handColours('<style>a { color: #fff }</style>')).toEqual(['#fff']);
});

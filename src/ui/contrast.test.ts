import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contrast, fromOklch, over, parseOklch, toHex, type Colour } from './oklch.ts';

type Palette = Map<string, Colour>;

/** All custom properties of each `:root…` block of a theme file, in file order. */
function palettes(css: string): Palette[] {
  return [...css.matchAll(/:root[^{]*\{([^}]*)\}/g)].map((block) => {
    const palette: Palette = new Map();
    for (const line of (block[1] ?? '').matchAll(/--([\w-]+):\s*(oklch\([^)]*\));/g)) {
      const colour = parseOklch(line[2] ?? '');
      if (colour) palette.set(line[1] ?? '', colour);
    }
    return palette;
  });
}

function theme(name: string): Palette[] {
  return palettes(readFileSync(new URL(`themes/${name}.css`, import.meta.url), 'utf8'));
}

const GROUNDS = ['paper', 'paper-raised', 'paper-sunken'];
const TEXTS = ['ink', 'ink-soft', 'ink-faint', 'accent', 'live', 'sealed', 'warn', 'danger', 'ok'];
const WASHED = ['accent', 'live', 'sealed', 'warn', 'danger', 'ok'];

const TEXT_PAIRS: [string, string][] = [
  ...GROUNDS.flatMap((ground) => TEXTS.map((text): [string, string] => [`color-${text}`, `color-${ground}`])),
  ...WASHED.map((tone): [string, string] => [`color-${tone}`, `color-${tone}-wash`]),
  ...WASHED.map((tone): [string, string] => ['color-ink', `color-${tone}-wash`]),
  ['color-ink-soft', 'color-accent-wash'],
  ['color-accent-ink', 'color-accent'],
  ['color-accent-ink', 'color-accent-hover'],
  ['color-danger-ink', 'color-danger'],
  ['color-danger-ink', 'color-danger-hover'],
  ['map-label', 'map-land'],
  ['map-cell-label', 'map-land'],
  ['map-cell-label', 'map-sea'],
  ['map-water-label', 'map-sea'],
  ['map-cluster-ink', 'map-cluster'],
];

const LINE_PAIRS: [string, string][] = [
  ...GROUNDS.map((ground): [string, string] => ['color-line-strong', `color-${ground}`]),
  ...['cell-line', 'cell-own-line', 'cell-selected', 'city', 'live', 'cluster-edge'].map(
    (ink): [string, string] => [`map-${ink}`, 'map-land'],
  ),
  ...['cell-line', 'cell-own-line', 'cell-selected', 'cluster-edge'].map((ink): [string, string] => [
    `map-${ink}`,
    'map-sea',
  ]),
];

/** Pairs of this palette that miss the ratio, told so that a person can repair them. */
function misses(palette: Palette, pairs: [string, string][], least: number): string[] {
  return pairs.flatMap(([ink, ground]) => {
    const [upper, lower] = [palette.get(ink), palette.get(ground)];
    if (!upper || !lower) return [`${ink} or ${ground} has no colour`];
    const ratio = contrast(upper, lower);
    return ratio < least ? [`${ink} on ${ground}: ${ratio.toFixed(2)} < ${least}`] : [];
  });
}

describe.each(['light', 'dark', 'contrast'])('theme %s', (name) => {
  const blocks = theme(name);
  const palette = blocks[0] ?? new Map();

  test('text reads at 4.5 or better', () => {
    expect(misses(palette, TEXT_PAIRS, 4.5)).toEqual([]);
  });

  test('edges of controls and lines of the map show at 3 or better', () => {
    expect(misses(palette, LINE_PAIRS, 3)).toEqual([]);
  });

  test('names of cells read on their own fill', () => {
    const land = palette.get('map-land');
    const label = palette.get('map-cell-label');
    for (const fill of ['map-cell-fill', 'map-cell-own-fill']) {
      const wash = palette.get(fill);
      if (!land || !label || !wash) throw new Error(`${fill} is missing`);
      expect(contrast(label, over(wash, land))).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('has the same names as light, and every block of it the same colours', () => {
    const names = [...(theme('light')[0]?.keys() ?? [])];
    for (const block of blocks) {
      expect([...block.keys()]).toEqual(names);
      expect(block).toEqual(palette);
    }
  });
});

test('high contrast reaches 7 for every text on paper', () => {
  const pairs = TEXTS.map((text): [string, string] => [`color-${text}`, 'color-paper']);
  expect(misses(theme('contrast')[0] ?? new Map(), pairs, 7)).toEqual([]);
});

test('a pale ink is caught', () => {
  const pale: Palette = new Map([
    ['ink', fromOklch(0.7, 0.02, 260)],
    ['paper', fromOklch(0.985, 0.006, 85)],
  ]);
  expect(misses(pale, [['ink', 'paper']], 4.5)).toHaveLength(1);
});

describe('colour arithmetic', () => {
  test('knows black, white and the primaries', () => {
    expect(toHex(fromOklch(0, 0, 0))).toBe('#000000');
    expect(toHex(fromOklch(1, 0, 0))).toBe('#ffffff');
    expect(toHex(fromOklch(0.62796, 0.25768, 29.234))).toBe('#ff0000');
    expect(toHex(fromOklch(0.45201, 0.31321, 264.052))).toBe('#0000ff');
    expect(contrast(fromOklch(0, 0, 0), fromOklch(1, 0, 0))).toBeCloseTo(21, 1);
  });

  test('clear black on white is the grey a browser paints', () => {
    expect(toHex(over(fromOklch(0, 0, 0, 0.4), fromOklch(1, 0, 0)))).toBe('#999999');
  });

  test('reads only OKLCH', () => {
    expect(parseOklch('oklch(0.5 0.1 40 / 0.25)')?.alpha).toBe(0.25);
    expect(parseOklch('#ff0000')).toBeUndefined();
    expect(parseOklch('oklch(from red l c h)')).toBeUndefined();
  });
});

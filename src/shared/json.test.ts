import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../tests/support/wire-arbitraries.ts';
import { isRecord, parseJson } from './json.ts';

const naiveDepth = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value as Record<string, unknown>).map(naiveDepth))
    : 0;

test('any JSON within the depth comes through as JSON.parse has it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      const depth = naiveDepth(value);
      expect(parseJson(text, depth)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      if (depth > 0) expect(parseJson(text, depth - 1).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('brackets and escaped quotes inside strings are no depth', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'[{"\\]}') }), (text) => {
      expect(parseJson(JSON.stringify([text]), 1)).toEqual({ ok: true, value: [text] });
    }),
  );
});

test('never throws on any text; agrees with JSON.parse on what is JSON', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...'[]{}",:\\01tn') })), (text) => {
      expect(parseJson(text, 1000).ok).toBe(isJson(text));
    }),
    { numRuns: 1000 },
  );
});

test('a million brackets are refused before anything recurses', () => {
  const deep = '['.repeat(1_000_000);
  const result = parseJson(deep + ']'.repeat(1_000_000));
  expect(result.ok || result.error.message).toMatch(/deeper than 16/);
  expect(parseJson(']'.repeat(20) + '['.repeat(30)).ok).toBe(false);
});

test('the default is 16 levels', () => {
  const nest = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  expect(parseJson(nest(16)).ok).toBe(true);
  expect(parseJson(nest(17)).ok).toBe(false);
});

test('isRecord is true for objects only', () => {
  expect([{}, { a: 1 }, Object.create(null)].every(isRecord)).toBe(true);
  expect([null, [], 'a', 1, undefined, true].some(isRecord)).toBe(false);
});

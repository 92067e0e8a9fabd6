import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contrast, parseOklch } from '../oklch.ts';
import { armsOf, armsPath, CHARGES, DIVISIONS, TINCTURES } from './heraldry.ts';

const hexKey = fc.stringMatching(/^[0-9a-f]{64}$/);

function colour(text: string): NonNullable<ReturnType<typeof parseOklch>> {
  const parsed = parseOklch(text);
  if (!parsed) throw new Error(`${text} is no colour`);
  return parsed;
}

test('the same seed draws the same arms', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (seed) => {
      expect(armsOf(seed)).toEqual(armsOf(seed));
    }),
  );
});

test('known keys keep their faces', () => {
  expect(armsOf('0'.repeat(64))).toMatchInlineSnapshot(`
    {
      "charge": "none",
      "division": "barry",
      "field": "oklch(0.34 0.1 280)",
      "second": "oklch(0.89 0.05 225)",
    }
  `);
  expect(armsOf('f'.repeat(64))).toMatchInlineSnapshot(`
    {
      "charge": "cross",
      "division": "fess",
      "field": "oklch(0.88 0.06 30)",
      "second": "oklch(0.32 0.05 200)",
    }
  `);
});

test('only things from the tables are drawn, and never a bare field', () => {
  fc.assert(
    fc.property(hexKey, (key) => {
      const arms = armsOf(key);
      expect(DIVISIONS).toHaveProperty(arms.division);
      expect(CHARGES).toHaveProperty(arms.charge);
      expect(contrast(colour(arms.field), colour(arms.second))).toBeGreaterThanOrEqual(4.5);
      expect(armsPath(arms)).toMatch(/^M[\d\sMLHVQTCAZ.-]+Z$/);
    }),
  );
});

describe('spread over 4,000 keys', () => {
  const keys = fc.sample(hexKey, { numRuns: 4000, seed: 7 });
  const all = keys.map(armsOf);

  test('every division, tincture and charge comes, none more than thrice its share', () => {
    const parts: [string, string[], number][] = [
      ['divisions', all.map((arms) => arms.division), Object.keys(DIVISIONS).length],
      ['tinctures', all.map((arms) => [arms.field, arms.second].sort().join()), TINCTURES.length],
    ];
    for (const [what, drawn, size] of parts) {
      const counts = new Map<string, number>();
      for (const one of drawn) counts.set(one, (counts.get(one) ?? 0) + 1);
      expect(counts.size, what).toBe(size);
      expect(Math.max(...counts.values()), what).toBeLessThan((3 * drawn.length) / size);
    }
    expect(new Set(all.map((arms) => arms.charge)).size).toBe(Object.keys(CHARGES).length);
  });

  test('more than 1,000 different arms', () => {
    expect(new Set(all.map((arms) => JSON.stringify(arms))).size).toBeGreaterThan(1000);
  });

  test('one digit of difference nearly always changes the arms', () => {
    const changed = keys.filter((key) => {
      const near = (key.startsWith('0') ? '1' : '0') + key.slice(1);
      return JSON.stringify(armsOf(near)) !== JSON.stringify(armsOf(key));
    });
    expect(changed.length).toBeGreaterThan(keys.length * 0.99);
  });
});

test('pairs of tinctures are all different', () => {
  expect(new Set(TINCTURES.map((pair) => pair.colour)).size).toBe(TINCTURES.length);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeManifest, parseManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';

const anyManifest: fc.Arbitrary<Manifest> = fc.record({
  next: fc.nat(),
  tables: fc.dictionary(
    fc.stringMatching(/^[a-z-]{1,12}$/),
    fc.record({
      version: fc.nat(),
      owesShred: fc.boolean(),
      segments: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean())),
    }),
    { noNullPrototype: true },
  ),
});

test('what is kept comes back, through JSON', () => {
  fc.assert(
    fc.property(anyManifest, (manifest) => {
      expect(parseManifest(JSON.parse(JSON.stringify(makeManifest(manifest))))).toEqual(manifest);
    }),
  );
});

test('anything else is no manifest, and never a throw', () => {
  fc.assert(fc.property(fc.anything(), (value) => void expect(parseManifest(value)).toBeUndefined()));
});

test('a manifest with one thing bent is none', () => {
  const sound = { next: 3, tables: { lines: { version: 1, owesShred: false, segments: [[1, 0, false]] } } };
  expect(parseManifest(makeManifest(sound as unknown as Manifest))).toBeDefined();
  const bent = [
    { ...sound, next: -1 },
    { ...sound, next: 1.5 },
    { ...sound, tables: [] },
    { ...sound, tables: { lines: { version: '1', owesShred: false, segments: [] } } },
    { ...sound, tables: { lines: { version: 1, segments: [] } } },
    { ...sound, tables: { lines: { version: 1, owesShred: false, segments: [[1, 0]] } } },
    { ...sound, tables: { lines: { version: 1, owesShred: false, segments: [['1', 0, false]] } } },
  ];
  for (const one of bent)
    expect(parseManifest(makeManifest(one as never)), JSON.stringify(one)).toBeUndefined();
  expect(parseManifest({ ...sound, format: 0 })).toBeUndefined();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutRings, pack, projectLines, projectRings } from '../../../launch/build-map-shapes.mjs';
import { parseAtlasFile } from './atlas-file.ts';

type Ring = [number, number][];
const square: Ring = [
  [0.25, 0.25],
  [0.5, 0.25],
  [0.5, 0.5],
  [0.25, 0.5],
];
const world = { zoom: 0, column: 0, row: 0, bits: 14, buffer: 0 };
const packed = (land: Ring[], lakes: Ring[] = [], borders: Ring[] = [], tile = world): Uint8Array =>
  new Uint8Array(pack({ land, lakes, borders }, tile) as Buffer);
const read = (bytes: Uint8Array) => {
  const piece = parseAtlasFile(bytes);
  if (!piece.ok) throw new Error(piece.error.message);
  return piece.value;
};

test('what the build packs, the map reads', () => {
  const piece = read(
    packed(
      [square],
      [square],
      [
        [
          [0, 0],
          [1, 1],
        ],
      ],
    ),
  );
  expect(Array.from(piece.land[0]?.points ?? [])).toEqual(square.flat());
  expect(piece.land[0]?.box).toEqual({ left: 0.25, top: 0.25, right: 0.5, bottom: 0.5 });
  expect(piece.lakes).toHaveLength(1);
  expect(Array.from(piece.borders[0]?.points ?? [])).toEqual([0, 0, 1, 1]);
  expect(piece.cut).toEqual({ left: 0, top: 0, right: 1, bottom: 1 });
});

test('a tile knows where it was cut, with its buffer', () => {
  const piece = read(packed([square], [], [], { zoom: 1, column: 0, row: 0, bits: 16, buffer: 8 }));
  expect(piece.cut.right).toBeCloseTo(0.5 + 8 / 2 ** 17, 9);
  expect(Array.from(piece.land[0]?.points ?? [])).toEqual(square.flat());
});

test('any ring survives to within a unit', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(unit, unit), { minLength: 3, maxLength: 40 }), (ring) => {
      const points = read(packed([ring], [], [], { ...world, bits: 20 })).land[0]?.points;
      if (!points) return;
      for (let index = 0; index < points.length; index += 2) {
        const [x, y] = [points[index] as number, points[index + 1] as number];
        expect(ring.some(([a, b]) => Math.abs(a - x) < 2e-6 && Math.abs(b - y) < 2e-6)).toBe(true);
      }
    }),
  );
});

test('damaged bytes are refused, never thrown', () => {
  const whole = packed([square], [square]);
  for (let length = 0; length < whole.length; length++)
    expect(parseAtlasFile(whole.slice(0, length)).ok).toBe(false);
  expect(parseAtlasFile(new Uint8Array([...whole, 0])).ok).toBe(false);
  expect(parseAtlasFile(new Uint8Array([2, ...whole.slice(1)])).ok).toBe(false);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(typeof parseAtlasFile(bytes).ok).toBe('boolean');
    }),
  );
});

test('a promise of a billion points is not believed', () => {
  const bytes = new Uint8Array([1, 0, 0, 0, 14, 0, 1, 0xff, 0xff, 0xff, 0xff, 3]);
  expect(parseAtlasFile(bytes).ok).toBe(false);
});

test('a land across the antimeridian is cut in two, not drawn across the world', () => {
  const rings = projectRings({
    type: 'Polygon',
    coordinates: [
      [
        [170, 10],
        [-170, 10],
        [-170, 20],
        [170, 20],
        [170, 10],
      ],
    ],
  }) as Ring[];
  expect(rings).toHaveLength(2);
  for (const ring of rings) {
    const xs = ring.map(([x]) => x);
    expect(Math.max(...xs) - Math.min(...xs)).toBeLessThan(0.03);
  }
});

test('a land around the pole is closed along the edge of the map', () => {
  const coast = Array.from({ length: 37 }, (_, at) => [at * 10 - 180, -70]);
  const rings = projectRings({ type: 'Polygon', coordinates: [coast] }) as Ring[];
  expect(rings.flat().some(([, y]) => y === 1)).toBe(true);
});

test('a border across the antimeridian does not run back across the world', () => {
  const lines = projectLines({
    coordinates: [
      [
        [175, 0],
        [-175, 0],
      ],
    ],
  }) as Ring[];
  for (const line of lines)
    expect(Math.abs((line[0]?.[0] ?? 0) - (line.at(-1)?.[0] ?? 0))).toBeLessThan(0.05);
});

test('rings are cut to a band', () => {
  const [cut] = cutRings([square], 0, 0.3, 0.4) as Ring[];
  for (const [x] of cut ?? []) expect(x >= 0.3 && x <= 0.4).toBe(true);
});

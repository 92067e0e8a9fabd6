import { expect, test } from 'vitest';
import { alongCut } from './along-cut.ts';
import { smoothPiece, smoothRing } from './smooth.ts';

const cut = { left: 0, top: 0, right: 1, bottom: 1 };
const box = { left: 0.2, top: 0.2, right: 0.8, bottom: 0.8 };

test('corners are cut, the shape stays within its box', () => {
  const points = Float64Array.from([0.2, 0.2, 0.8, 0.2, 0.8, 0.8, 0.2, 0.8]);
  const round = smoothRing({ points, box }, cut);
  expect(round.points).toHaveLength(16);
  for (const value of round.points) expect(value >= 0.2 && value <= 0.8).toBe(true);
});

test('where the piece was cut out of the world, nothing is rounded', () => {
  const points = Float64Array.from([0, 0, 1, 0, 1, 1, 0, 1]);
  expect(Array.from(smoothRing({ points, box: cut }, cut).points)).toEqual(Array.from(points));
});

test('borders stay as the treaties have them', () => {
  const line = { points: Float64Array.from([0.1, 0.1, 0.5, 0.5]), box };
  expect(smoothPiece({ cut, land: [], lakes: [], borders: [line] }).borders[0]).toBe(line);
});

test('only segments along an edge are no coast', () => {
  expect(alongCut(0, 0.2, 0, 0.7, cut)).toBe(true);
  expect(alongCut(0.3, 1, 0.9, 1, cut)).toBe(true);
  expect(alongCut(0, 0.2, 0.1, 0.7, cut)).toBe(false);
});

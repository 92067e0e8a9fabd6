import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latitudeOf, longitudeOf, MOST_NORTH, projectX, projectY, worldPixels } from './mercator.ts';

test('the middle of the world is in the middle', () => {
  expect([projectX(0), projectY(0)]).toEqual([0.5, 0.5]);
  expect(worldPixels(3)).toBe(2048);
});

test('the poles lie on the edges, and north is up', () => {
  expect(projectY(90)).toBeCloseTo(0, 9);
  expect(projectY(-90)).toBeCloseTo(1, 9);
  expect(projectY(50)).toBeLessThan(projectY(40));
});

test('longitudes beyond the antimeridian are the next copy of the world', () => {
  expect(projectX(190)).toBeGreaterThan(1);
  expect(projectX(-190)).toBeLessThan(0);
});

test('there and back again', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -MOST_NORTH, max: MOST_NORTH, noNaN: true }),
      fc.double({ min: -540, max: 540, noNaN: true }),
      (latitude, longitude) => {
        expect(latitudeOf(projectY(latitude))).toBeCloseTo(latitude, 6);
        expect(longitudeOf(projectX(longitude))).toBeCloseTo(longitude, 6);
      },
    ),
  );
});

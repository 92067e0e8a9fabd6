import { encodeGeohash, geohashBounds } from '#shared/geohash.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { projectX, projectY } from '../geo/mercator.ts';
import type { PlaceOnMap } from './place.ts';
import { byLife } from './place.ts';
import { mostAlive, PlaceIndex } from './place-index.ts';

const world = { left: 0, top: 0, right: 1, bottom: 1 };
const place = (
  id: string,
  latitude: number,
  longitude: number,
  more: Partial<PlaceOnMap> = {},
  precision = 6,
): PlaceOnMap => ({
  id,
  name: `Place ${id}`,
  geohash: encodeGeohash(latitude, longitude, precision),
  members: 3,
  ...more,
});
const around = (latitude: number, longitude: number, degrees: number) => ({
  left: projectX(longitude - degrees),
  right: projectX(longitude + degrees),
  top: projectY(latitude + degrees),
  bottom: projectY(latitude - degrees),
});

test('the most alive come first: live, then latest, then largest', () => {
  const quiet = place('quiet', 0, 0);
  const large = place('large', 0, 0, { members: 90 });
  const recent = place('recent', 0, 0, { lastActivity: 5 });
  const live = place('live', 0, 0, { live: true });
  expect([quiet, large, recent, live].sort(byLife).map(({ id }) => id)).toEqual([
    'live',
    'recent',
    'large',
    'quiet',
  ]);
});

test('places of one cell stand together', () => {
  const index = new PlaceIndex([place('a', 10, 10), place('b', 10, 10, { live: true })]);
  expect(index.cells).toHaveLength(1);
  expect(index.cells[0]?.places.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(index.byId.get('a')).toBe(index.cells[0]);
});

test('far away neighbours are one count with the three most alive', () => {
  const places = Array.from({ length: 12 }, (_, at) =>
    place(String(at), 38.7 + at / 100, -9.1, { lastActivity: at }),
  );
  const { clusters, cells, count } = new PlaceIndex(places).find(world, 4);
  expect(cells).toHaveLength(0);
  expect(clusters).toHaveLength(1);
  expect(count).toBe(12);
  expect(clusters[0]?.top.map(({ id }) => id)).toEqual(['11', '10', '9']);
});

test('near by each is drawn in its own cell', () => {
  const places = Array.from({ length: 12 }, (_, at) => place(String(at), 38.7 + at / 100, -9.1));
  const { clusters, cells } = new PlaceIndex(places).find(around(38.75, -9.1, 0.2), 13);
  expect(clusters).toHaveLength(0);
  expect(cells).toHaveLength(12);
});

test('a large cell is found though its middle is out of sight', () => {
  const index = new PlaceIndex([place('land', 40, -4, {}, 3)]);
  const cell = index.cells[0];
  const { south, west } = geohashBounds(cell?.geohash ?? encodeGeohash(0, 0, 1));
  expect(index.find(around(south + 0.01, west + 0.01, 0.005), 14).cells).toEqual([cell]);
});

test('a cluster knows its places, and the zoom at which it falls apart', () => {
  const index = new PlaceIndex([place('a', 10, 10), place('b', 10.02, 10.02), place('c', -40, 100)]);
  const [cluster] = index.find(world, 3).clusters;
  if (!cluster) throw new Error('no cluster');
  expect(index.placesIn(cluster).map(({ id }) => id)).toEqual(['a', 'b']);
  const zoom = index.expansionZoom(cluster);
  expect(index.find(around(10, 10, 0.5), zoom).cells).toHaveLength(2);
  expect(index.find(around(10, 10, 0.5), zoom - 1).clusters).toHaveLength(1);
});

test('own and live shine through a cluster', () => {
  const [cluster] = new PlaceIndex([
    place('a', 10, 10, { own: true }),
    place('b', 10.02, 10, { live: true }),
  ]).find(world, 2).clusters;
  expect([cluster?.own, cluster?.live]).toEqual([true, true]);
});

test('at every zoom every place is counted once over the whole world', () => {
  const spot = fc.tuple(
    fc.double({ min: -80, max: 80, noNaN: true }),
    fc.double({ min: -179, max: 179, noNaN: true }),
    fc.integer({ min: 1, max: 6 }),
  );
  fc.assert(
    fc.property(fc.array(spot, { maxLength: 60 }), fc.integer({ min: 0, max: 17 }), (spots, zoom) => {
      const places = spots.map(([lat, lon, precision], at) => place(String(at), lat, lon, {}, precision));
      const found = new PlaceIndex(places).find(world, zoom);
      expect(found.count).toBe(places.length);
      const shown = found.cells.flatMap((cell) => cell.places).length;
      expect(shown + found.clusters.reduce((sum, { count }) => sum + count, 0)).toBe(places.length);
    }),
    { numRuns: 60 },
  );
});

test('a box is searched in well under a millisecond among 10,000 places', () => {
  const places = Array.from({ length: 10_000 }, (_, at) =>
    place(String(at), 35 + ((at * 7919) % 2000) / 100, -10 + ((at * 104_729) % 4000) / 100),
  );
  const index = new PlaceIndex(places);
  for (const zoom of [4, 8, 13]) index.prepare(zoom);
  const times: number[] = [];
  for (let round = 0; round < 60; round++) {
    const before = performance.now();
    index.find(around(45, 5, 0.15), 13);
    index.find(around(45, 5, 4), 8);
    times.push((performance.now() - before) / 2);
  }
  expect(times.sort((a, b) => a - b)[30] ?? Infinity).toBeLessThan(1);
});

test('nothing is found in nothing', () => {
  expect(new PlaceIndex([]).find(world, 5)).toEqual({ cells: [], clusters: [], count: 0 });
});

test('the list holds the most alive of what is in view, each once', () => {
  const index = new PlaceIndex([
    place('a', 10, 10, { live: true }),
    place('b', 10.02, 10),
    place('c', -40, 100),
  ]);
  const found = index.find(world, 3);
  expect(mostAlive([found, found], 2).map(({ id }) => id)).toEqual(['a', 'b']);
});

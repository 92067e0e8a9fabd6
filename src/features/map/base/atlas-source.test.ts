import { expect, test } from 'vitest';
import { pack } from '../../../launch/build-map-shapes.mjs';
import { AtlasSource, filesFor, parseAtlasPlan } from './atlas-source.ts';

const whole = { left: 0, top: 0, right: 1, bottom: 1 };
const square = [
  [0.25, 0.25],
  [0.5, 0.25],
  [0.5, 0.5],
  [0.25, 0.5],
];
const world = { zoom: 0, column: 0, row: 0, bits: 14, buffer: 0 };
const piece = new Uint8Array(pack({ land: [square], lakes: [], borders: [] }, world) as Buffer);
const planText = JSON.stringify({
  fineZoom: 1,
  tiles: 'f--f',
  countries: [
    ['Chad', 1500, 1800, 12],
    ['?', 'x'],
  ],
});

const source = (files: Record<string, Uint8Array | undefined>) => {
  const asked: string[] = [];
  const read = async (path: string): Promise<Uint8Array> => {
    asked.push(path);
    const bytes = files[path];
    if (!bytes) throw new Error('not there');
    return bytes;
  };
  return { asked, files, atlas: new AtlasSource(read) };
};

test('far away the coarse world is enough', () => {
  expect(filesFor(whole, 2, null)).toEqual(['world-110m.bin']);
  expect(filesFor(whole, 5, null)).toEqual(['world-50m.bin']);
  expect(filesFor(whole, 9, null)).toEqual(['world-50m.bin']);
});

test('near, only the tiles that exist and touch the box', () => {
  const plan = { fineZoom: 1, tiles: 'f--f', countries: [] };
  expect(filesFor(whole, 9, plan)).toEqual(['fine/0-0.bin', 'fine/1-1.bin']);
  expect(filesFor({ left: 0.1, top: 0.1, right: 0.2, bottom: 0.2 }, 9, plan)).toEqual(['fine/0-0.bin']);
  expect(filesFor({ left: -0.1, top: 0.9, right: 0.2, bottom: 1.2 }, 9, plan)).toEqual([]);
});

test('the plan is read, and rows that are no countries are left out', () => {
  const plan = parseAtlasPlan(planText);
  expect(plan.ok && plan.value.countries).toEqual([{ name: 'Chad', latitude: 15, longitude: 18, size: 12 }]);
});

test.each([
  '',
  'null',
  '[]',
  '{"fineZoom":1,"tiles":"f","countries":[]}',
  '{"fineZoom":-1,"tiles":"","countries":[]}',
])('a plan that is none is refused: %s', (text) => expect(parseAtlasPlan(text).ok).toBe(false));

test('every file is asked for once', async () => {
  const { atlas, asked } = source({ 'world-110m.bin': piece });
  await Promise.all([atlas.pieces(whole, 2), atlas.pieces(whole, 3)]);
  expect(asked).toEqual(['world-110m.bin']);
});

test('what failed is asked for again the next time; until then the coarser world serves', async () => {
  const { atlas, asked, files } = source({ 'world-110m.bin': piece });
  expect(await atlas.pieces(whole, 5)).toHaveLength(1);
  files['world-50m.bin'] = piece;
  await atlas.pieces(whole, 5);
  expect(asked.filter((path) => path === 'world-50m.bin').length).toBeGreaterThan(1);
});

test('without any file there is only sea', async () => {
  expect(await source({}).atlas.pieces(whole, 9)).toEqual([]);
});

test('near coasts are rounded, once for each piece', async () => {
  const fine = { 'atlas.json': new TextEncoder().encode(planText), 'fine/0-0.bin': piece };
  const { atlas } = source(fine);
  const corner = { left: 0.1, top: 0.1, right: 0.2, bottom: 0.2 };
  const [first] = await atlas.pieces(corner, 10);
  const [second] = await atlas.pieces(corner, 12);
  expect(first?.land[0]?.points.length).toBeGreaterThan(8);
  expect(second).toBe(first);
});

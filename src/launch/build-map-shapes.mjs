/**
 * Geometry of the bundled base map: rings in Web Mercator units (0…1, north-west first), cut to tiles and packed.
 * The reader of what is packed here is src/features/map/base/atlas-file.ts; its comment holds the format.
 */

const MOST_NORTH = 85.0511287798066;

/** Longitude and latitude in degrees → Web Mercator, both 0…1. */
export function project([longitude, latitude]) {
  const clamped = Math.min(MOST_NORTH, Math.max(-MOST_NORTH, latitude));
  const sine = Math.sin((clamped * Math.PI) / 180);
  const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return [(longitude + 180) / 360, Math.min(1, Math.max(0, y))];
}

/** Projected points made continuous across the antimeridian: x may leave 0…1. */
function unwrap(points) {
  let shift = 0;
  let before = null;
  return points.map((point) => {
    const [x, y] = project(point);
    if (before !== null && x + shift - before > 0.5) shift -= 1;
    if (before !== null && x + shift - before < -0.5) shift += 1;
    before = x + shift;
    return [before, y];
  });
}

/** A continuous ring; one that goes round a pole (Antarctica) is closed along the map's edge. */
function unwrapRing(points) {
  const ring = unwrap(points);
  const [first, last] = [ring[0], ring.at(-1)];
  if (Math.abs(last[0] - first[0]) < 0.5) return ring;
  const edge = first[1] > 0.5 ? 1 : 0;
  return [...ring, [last[0], edge], [first[0], edge]];
}

/** The copies of a part, moved by whole worlds, that touch 0…1. */
const copies = (part) => {
  const xs = part.map(([x]) => x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const shifts = [-1, 0, 1].filter((shift) => low + shift < 1 && high + shift > 0);
  return shifts.map((shift) => part.map(([x, y]) => [x + shift, y]));
};

/** Every ring of a GeoJSON polygon or multipolygon, projected and cut at the antimeridian. */
export function projectRings(geometry) {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const rings = polygons.flat().flatMap((ring) => copies(unwrapRing(ring)));
  return cutRings(rings, 0, 0, 1);
}

/** Every line of a GeoJSON multi-line, projected and cut at the antimeridian. */
export const projectLines = (geometry) =>
  cutLines(
    geometry.coordinates.flatMap((line) => copies(unwrap(line))),
    0,
    0,
    1,
  );

function cutRing(ring, axis, limit, keepLess) {
  const inside = (point) => (keepLess ? point[axis] <= limit : point[axis] >= limit);
  const out = [];
  let previous = ring.at(-1);
  for (const point of ring) {
    if (inside(point) !== inside(previous)) out.push(crossing(previous, point, axis, limit));
    if (inside(point)) out.push(point);
    previous = point;
  }
  return out;
}

function crossing(from, to, axis, limit) {
  const share = (limit - from[axis]) / (to[axis] - from[axis]);
  const other = from[1 - axis] + share * (to[1 - axis] - from[1 - axis]);
  return axis === 0 ? [limit, other] : [other, limit];
}

/** Rings cut to a band low…high of one axis (0 is x); what lies outside is dropped (Sutherland–Hodgman). */
export function cutRings(rings, axis, low, high) {
  const out = [];
  for (const ring of rings) {
    const cut = cutRing(cutRing(ring, axis, low, false), axis, high, true);
    if (cut.length > 2) out.push(cut);
  }
  return out;
}

/** Lines cut to a band; a line that leaves and comes back becomes two. Points outside next to a crossing stay. */
export function cutLines(lines, axis, low, high) {
  const out = [];
  for (const line of lines) {
    let run = [];
    for (let index = 1; index < line.length; index++) {
      const from = line[index - 1];
      const to = line[index];
      const touches = Math.max(from[axis], to[axis]) >= low && Math.min(from[axis], to[axis]) <= high;
      if (touches) {
        if (run.length === 0) run.push(from);
        run.push(to);
      } else if (run.length > 0) {
        out.push(run);
        run = [];
      }
    }
    if (run.length > 0) out.push(run);
  }
  return out;
}

function quantize(part, tile, scale, closed) {
  const out = [];
  for (const point of part) {
    const x = Math.round((point[0] - tile.west) * scale);
    const y = Math.round((point[1] - tile.north) * scale);
    const last = out.at(-1);
    if (!last || last[0] !== x || last[1] !== y) out.push([x, y]);
  }
  if (closed && out.length > 1 && out[0][0] === out.at(-1)[0] && out[0][1] === out.at(-1)[1]) out.pop();
  return out.length >= (closed ? 3 : 2) ? out : null;
}

class Writer {
  bytes = [];
  varint(value) {
    let rest = value;
    while (rest >= 128) {
      this.bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.bytes.push(rest);
  }
  signed(value) {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }
}

function writeLayer(writer, parts) {
  writer.varint(parts.length);
  for (const part of parts) {
    writer.varint(part.length);
    let [px, py] = [0, 0];
    for (const [x, y] of part) {
      writer.signed(x - px);
      writer.signed(y - py);
      [px, py] = [x, y];
    }
  }
}

/** Land, lakes (rings) and borders (lines) of one tile (zoom, column, row) as bytes, 2^bits units a side. */
export function pack({ land, lakes, borders }, { zoom, column, row, bits, buffer }) {
  const tiles = 2 ** zoom;
  const scale = tiles * 2 ** bits;
  const tile = { west: column / tiles, north: row / tiles };
  const fit = (parts, closed) => parts.map((part) => quantize(part, tile, scale, closed)).filter(Boolean);
  const writer = new Writer();
  for (const value of [1, zoom, column, row, bits, buffer]) writer.varint(value);
  writeLayer(writer, fit(land, true));
  writeLayer(writer, fit(lakes, true));
  writeLayer(writer, fit(borders, false));
  return Buffer.from(writer.bytes);
}

/** Area of a projected ring, in parts of the whole world's square. */
export function ringArea(ring) {
  let sum = 0;
  let previous = ring.at(-1);
  for (const point of ring) {
    sum += (previous[0] - point[0]) * (previous[1] + point[1]);
    previous = point;
  }
  return Math.abs(sum) / 2;
}

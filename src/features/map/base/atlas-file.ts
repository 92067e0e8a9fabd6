/**
 * Reads one piece of the bundled base map, as src/launch/build-map-shapes.mjs packs it. All numbers are varints
 * (7 bits a byte, low first; differences are zigzag): version 1, zoom, column, row, bits, buffer, then three layers
 * (land rings, lake rings, border lines): number of parts, and for each its number of points and their x, y differences
 * in units of 2^-bits of the tile. A piece reaches `buffer` units beyond its tile on every side.
 */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Box } from '../geo/clip.ts';

/** One ring or line: x, y, x, y … in the unit square of Web Mercator, and the box around it. */
export interface AtlasPart {
  readonly points: Float64Array;
  readonly box: Box;
}

/** A piece of the atlas: the whole world coarsely, or one tile finely. `cut` is where it was cut out. */
export interface AtlasPiece {
  readonly cut: Box;
  readonly land: readonly AtlasPart[];
  readonly lakes: readonly AtlasPart[];
  readonly borders: readonly AtlasPart[];
}

class Damage extends Error {}

class Reader {
  readonly bytes: Uint8Array;
  at = 0;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 42; factor *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Damage('it ends too early');
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
    throw new Damage('a number is too long');
  }

  /** A number of things of at least `size` bytes each: more than the bytes that are left cannot be true. */
  count(size: number): number {
    const value = this.varint();
    if (value * size > this.bytes.length - this.at) throw new Damage('it promises more than it holds');
    return value;
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

interface Frame {
  readonly west: number;
  readonly north: number;
  readonly unit: number;
}

const readPart = (reader: Reader, frame: Frame): AtlasPart => {
  const length = reader.count(2);
  const points = new Float64Array(length * 2);
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  let x = 0;
  let y = 0;
  for (let index = 0; index < length; index++) {
    x += reader.signed();
    y += reader.signed();
    const worldX = frame.west + x * frame.unit;
    const worldY = frame.north + y * frame.unit;
    points[index * 2] = worldX;
    points[index * 2 + 1] = worldY;
    if (worldX < box.left) box.left = worldX;
    if (worldX > box.right) box.right = worldX;
    if (worldY < box.top) box.top = worldY;
    if (worldY > box.bottom) box.bottom = worldY;
  }
  return { points, box };
};

const readLayer = (reader: Reader, frame: Frame): AtlasPart[] =>
  Array.from({ length: reader.count(1) }, () => readPart(reader, frame));

const readPiece = (reader: Reader): AtlasPiece => {
  if (reader.varint() !== 1) throw new Damage('it has a version this app does not know');
  const zoom = reader.varint();
  const column = reader.varint();
  const row = reader.varint();
  const bits = reader.varint();
  const buffer = reader.varint();
  if (zoom > 24 || bits > 30) throw new Damage('its measures make no sense');
  const tile = 2 ** -zoom;
  const frame = { west: column * tile, north: row * tile, unit: tile * 2 ** -bits };
  const beyond = buffer * frame.unit;
  const cut = {
    left: frame.west - beyond,
    top: frame.north - beyond,
    right: frame.west + tile + beyond,
    bottom: frame.north + tile + beyond,
  };
  return {
    cut,
    land: readLayer(reader, frame),
    lakes: readLayer(reader, frame),
    borders: readLayer(reader, frame),
  };
};

/** Reads a piece of the atlas; fails with `atlas` when the bytes are not one. */
export const parseAtlasFile = (bytes: Uint8Array): Result<AtlasPiece, Failure<'atlas'>> => {
  try {
    const reader = new Reader(bytes);
    const piece = readPiece(reader);
    return reader.at === bytes.length
      ? ok(piece)
      : fail('atlas', 'this map file has something after its end');
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    return fail('atlas', `this map file is damaged: ${error.message}`);
  }
};

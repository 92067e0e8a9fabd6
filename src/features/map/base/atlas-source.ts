/** Fetches the base map's pieces when they are first needed: the world coarsely at once, finer ones when zoomed in. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Box } from '../geo/clip.ts';
import { parseAtlasFile } from './atlas-file.ts';
import type { AtlasPiece } from './atlas-file.ts';
import { smoothPiece } from './smooth.ts';

/** Where the files come from: a path below the map's folder → its bytes; throws when it cannot be had. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** A country's name where it is written: degrees, and how large the country is (0–20). */
interface CountryLabel {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly size: number;
}

/** What atlas.json says: at which zoom the fine tiles are cut, which of them exist, and where countries are named. */
export interface AtlasPlan {
  readonly fineZoom: number;
  readonly tiles: string;
  readonly countries: readonly CountryLabel[];
}

const MIDDLE_FROM = 4;
const FINE_FROM = 7;
const SMOOTH_FROM = 9;

/** Reads atlas.json's text; fails with `atlas`. */
export const parseAtlasPlan = (text: string): Result<AtlasPlan, Failure<'atlas'>> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return fail('atlas', 'the map’s plan is not JSON', cause);
  }
  const plan = value as Partial<Record<'fineZoom' | 'tiles' | 'countries', unknown>> | null;
  const { fineZoom, tiles, countries } = plan ?? {};
  if (typeof fineZoom !== 'number' || !Number.isInteger(fineZoom) || fineZoom < 0 || fineZoom > 8)
    return fail('atlas', 'the map’s plan names no zoom');
  if (typeof tiles !== 'string' || tiles.length !== 4 ** fineZoom || !Array.isArray(countries))
    return fail('atlas', 'the map’s plan is not whole');
  return ok({ fineZoom, tiles, countries: countries.flatMap(readCountry) });
};

const readCountry = (row: unknown): CountryLabel[] => {
  if (!Array.isArray(row)) return [];
  const [name, latitude, longitude, size] = row as unknown[];
  if (typeof name !== 'string' || typeof latitude !== 'number' || typeof longitude !== 'number') return [];
  return [
    { name, latitude: latitude / 100, longitude: longitude / 100, size: typeof size === 'number' ? size : 0 },
  ];
};

/** The pieces needed for a box at a zoom, by file name; the coarse world when finer ones do not exist. */
export const filesFor = (box: Box, zoom: number, plan: AtlasPlan | null): string[] => {
  if (zoom < MIDDLE_FROM) return ['world-110m.bin'];
  if (zoom < FINE_FROM || plan === null) return ['world-50m.bin'];
  const tiles = 2 ** plan.fineZoom;
  const clamp = (value: number): number => Math.min(tiles - 1, Math.max(0, Math.floor(value * tiles)));
  const files: string[] = [];
  for (let row = clamp(box.top); row <= clamp(box.bottom); row++)
    for (let column = clamp(box.left); column <= clamp(box.right); column++)
      if (plan.tiles[row * tiles + column] === 'f') files.push(`fine/${column}-${row}.bin`);
  return files;
};

/** Keeps what was fetched, asks once for each file, and falls back to coarser pieces when one cannot be had. */
export class AtlasSource {
  readonly #read: ReadFile;
  readonly #pieces = new Map<string, Promise<AtlasPiece | null>>();
  readonly #smooth = new WeakMap<AtlasPiece, AtlasPiece>();
  #plan: Promise<AtlasPlan | null> | null = null;

  constructor(read: ReadFile) {
    this.#read = read;
  }

  /** The plan, or null when it cannot be had (then the coarse maps serve). */
  plan(): Promise<AtlasPlan | null> {
    this.#plan ??= this.#read('atlas.json').then(
      (bytes) => {
        const plan = parseAtlasPlan(new TextDecoder().decode(bytes));
        return plan.ok ? plan.value : null;
      },
      () => {
        this.#plan = null;
        return null;
      },
    );
    return this.#plan;
  }

  /** What to paint for a box at a zoom. Never fails: at worst it is the coarse world, or nothing but sea. */
  async pieces(box: Box, zoom: number): Promise<AtlasPiece[]> {
    const plan = zoom < FINE_FROM ? null : await this.plan();
    const wanted = filesFor(box, zoom, plan);
    const found = await Promise.all(wanted.map((file) => this.#piece(file)));
    if (found.every((piece) => piece !== null))
      return zoom < SMOOTH_FROM ? found : found.map((piece) => this.#smoothed(piece));
    const coarse = (await this.#piece('world-50m.bin')) ?? (await this.#piece('world-110m.bin'));
    return coarse === null ? [] : [coarse];
  }

  #smoothed(piece: AtlasPiece): AtlasPiece {
    const known = this.#smooth.get(piece) ?? smoothPiece(piece);
    this.#smooth.set(piece, known);
    return known;
  }

  #piece(file: string): Promise<AtlasPiece | null> {
    const known = this.#pieces.get(file);
    if (known) return known;
    const piece = this.#read(file).then(
      (bytes) => {
        const parsed = parseAtlasFile(bytes);
        return parsed.ok ? parsed.value : null;
      },
      () => {
        this.#pieces.delete(file);
        return null;
      },
    );
    this.#pieces.set(file, piece);
    return piece;
  }
}

/** Reads the map's files from the site itself. */
export const siteFiles =
  (base = '/map/generated/'): ReadFile =>
  async (path) => {
    const answer = await fetch(base + path);
    if (!answer.ok) throw new Error(`the map file ${path} answered ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  };

/** Street maps from somebody else's server: only when asked for, only from addresses that make sense. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** A raster tile server the person has chosen. The attribution is plain text. */
export interface StreetTiles {
  readonly url: string;
  readonly attribution: string;
}

/** A checked address and the host that will learn which places are looked at. */
export interface TileAddress {
  readonly url: string;
  readonly host: string;
}

/** The suggestion: OpenStreetMap's own tiles, fit for modest use. */
export const openStreetMapTiles: StreetTiles = {
  url: 'https://tile.openstreetmap.org/{z}/{x}/{y}.png',
  attribution: '© OpenStreetMap contributors',
};

const places = ['{z}', '{x}', '{y}'];
const local = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Checks a raster URL template: https (or this machine), `{z}` `{x}` `{y}` once each, no other braces. */
export const parseTileUrl = (text: string): Result<TileAddress, Failure<'tiles'>> => {
  const url = text.trim();
  if (places.some((place) => url.split(place).length !== 2))
    return fail('tiles', 'the address needs {z}, {x} and {y}, once each');
  const filled = places.reduce((sum, place) => sum.replace(place, '0'), url);
  if (/[{}\s]/.test(filled)) return fail('tiles', 'the address holds more than {z}, {x} and {y}');
  let parsed: URL;
  try {
    parsed = new URL(filled);
  } catch (cause) {
    return fail('tiles', 'this is not a web address', cause);
  }
  if (parsed.username !== '' || parsed.password !== '')
    return fail('tiles', 'the address must not hold a password');
  const safe = parsed.protocol === 'https:' || (parsed.protocol === 'http:' && local.has(parsed.hostname));
  if (!safe) return fail('tiles', 'the address must begin with https://');
  if (!isHostFixed(url, parsed.host)) return fail('tiles', 'the host’s name must be fixed');
  return ok({ url, host: parsed.host });
};

/** Another tile has the same host. */
const isHostFixed = (url: string, host: string): boolean => {
  const other = places.reduce((sum, place) => sum.replace(place, '7'), url);
  return URL.canParse(other) && new URL(other).host === host;
};

/** Counts a tile server's answers: `silent` once several tiles in a row have failed, until one arrives. */
export class TileHealth {
  #failed = 0;
  readonly #limit: number;
  constructor(limit = 4) {
    this.#limit = limit;
  }

  /** A tile came. */
  came(): void {
    this.#failed = 0;
  }

  /** A tile did not come. */
  failed(): void {
    this.#failed++;
  }

  get silent(): boolean {
    return this.#failed >= this.#limit;
  }
}

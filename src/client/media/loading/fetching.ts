/** Whole files from wherever they may be: each held against its hash before anybody sees a byte of it. */
import { FileSealer } from '#protocol/media/sealing.ts';
import type { FileKey } from '#protocol/media/sealing.ts';
import { bytesToHex } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import { download } from './download.ts';
import type { DownloadPorts } from './download.ts';
import { isOwn } from './places.ts';
import type { Place } from './places.ts';
import { gravest } from './source.ts';
import type { Loaded, LoadFailure, OnProgress } from './source.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Addresses of the city under which foreign ones are served; undefined where the city will not. */
export type Proxied = (items: readonly Place[]) => Promise<readonly (string | undefined)[]>;

export interface FetchingPorts extends DownloadPorts {
  /** The city's own origin: nobody else is ever asked. */
  readonly origin: string;
  readonly proxied: Proxied;
}

export interface FetchOptions {
  readonly max: number;
  readonly signal?: AbortSignal | undefined;
  readonly onprogress?: OnProgress | undefined;
}

/** The city's address for a place; undefined where it has none. */
export const addressOf = async (
  place: Place,
  ports: Pick<FetchingPorts, 'origin' | 'proxied'>,
): Promise<string | undefined> => {
  if (!isOwn(place.url, ports.origin)) return (await ports.proxied([place]))[0];
  return place.width === undefined ? place.url : `${place.url}?w=${place.width}`;
};

const sha256 = async (bytes: Bytes): Promise<string> =>
  bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));

const joined = (pieces: readonly Bytes[]): Bytes => {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

const fetchOne = async (
  place: Place,
  options: FetchOptions,
  ports: FetchingPorts,
): Promise<Loaded<Bytes>> => {
  const url = await addressOf(place, ports);
  if (url === undefined) return fail('unreachable', 'The city does not fetch from there.');
  const pieces: Bytes[] = [];
  const done = await download(
    url,
    { ...options, take: (bytes) => (pieces.push(bytes), ok(undefined)) },
    ports,
  );
  if (!done.ok) return done;
  const bytes = joined(pieces);
  if (place.hash !== undefined && place.width === undefined && (await sha256(bytes)) !== place.hash)
    return fail('damaged', 'What came is not what was sent.');
  return ok(bytes);
};

/** The first right bytes; else the end that tells most. */
export const fetchWhole = async (
  places: readonly Place[],
  options: FetchOptions,
  ports: FetchingPorts,
): Promise<Loaded<Bytes>> => {
  const failures: LoadFailure[] = [];
  for (const place of places) {
    const found = await fetchOne(place, options, ports);
    if (found.ok) return found;
    failures.push(found.error);
    if (found.error.code === 'stopped') break;
  }
  return { ok: false, error: gravest(failures) };
};

/** The plain bytes of a file that was sealed in one piece. */
export const unseal = async (sealed: Bytes, key: FileKey): Promise<Loaded<Bytes>> =>
  (await FileSealer.open(key)).open(sealed);

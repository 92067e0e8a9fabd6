/** What a page and its service worker tell each other about files that are read through an address of the page's own. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { SEALED_MAX } from '#protocol/media/types.ts';
import type { LoadCode } from '../loading/source.ts';
import { isOwn } from '../loading/places.ts';
import type { SealedSource } from './sealed-reader.ts';

/** `play`: to be seen or heard, in any part; `save`: to be downloaded, whole. */
export type StreamUse = 'play' | 'save';

/** A file that a page wants to read by an address. */
export interface OfferedFile extends SealedSource {
  readonly use: StreamUse;
  readonly type: string;
  readonly name: string;
}

/** What goes to the worker: the only message that a file's key travels in. */
export interface Offer {
  /** 128 bits by chance, in hex. */
  readonly id: string;
  readonly file: OfferedFile;
}

/** What the page hears of an address, by the port that went along with the offer. */
export type StreamNews =
  | { readonly is: 'ready' }
  /** So many plain bytes were handed on. */
  | { readonly is: 'given'; readonly bytes: number }
  | { readonly is: 'done' }
  /** The browser wants no more: somebody stopped the download. */
  | { readonly is: 'stopped' }
  | { readonly is: 'trouble'; readonly code: LoadCode; readonly message: string };

/** Page to worker: an offer, with a port. */
export const FILE_OFFER = 'file-offer';
/** Page to worker, now and then while something is read: stay, or say that it is lost. */
export const FILE_NEEDED = 'file-needed';
/** Page to worker: it is over. */
export const FILE_CLOSED = 'file-closed';
/** Worker to its pages: who has this one? It woke up and knows nothing. */
export const FILE_WANTED = 'file-wanted';
/** Worker to a page: nothing is known of this one, and what was being read of it is cut. */
export const FILE_LOST = 'file-lost';

const FOLDER = '/api/file/';
const ID = /^[0-9a-f]{32}$/;

/** The path of an address; the city's server knows nothing under it. */
export const pathOfFile = (id: string): string => `${FOLDER}${id}`;

/** The name in such a path; undefined for every other path. */
export const fileOfPath = (path: string): string | undefined => {
  const id = path.startsWith(FOLDER) ? path.slice(FOLDER.length) : '';
  return ID.test(id) ? id : undefined;
};

const isBytes = (value: unknown, length: number): value is Uint8Array<ArrayBuffer> =>
  value instanceof Uint8Array && value.length === length;

const parseKey = (value: unknown): OfferedFile['key'] | undefined => {
  if (!isRecord(value) || value['algorithm'] !== 'aes-gcm-stream') return undefined;
  const { key, nonce } = value;
  return isBytes(key, 32) && isBytes(nonce, 7) ? { algorithm: 'aes-gcm-stream', key, nonce } : undefined;
};

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= SEALED_MAX;

/** The name that a message is about; undefined where it is none of ours. */
export const parseFileId = (value: unknown): string | undefined => {
  const id = isRecord(value) ? value['id'] : undefined;
  return typeof id === 'string' && ID.test(id) ? id : undefined;
};

/** Reads an offer; undefined for anything that could not be read by it, or lies anywhere but in the city itself. */
export const parseOffer = (value: unknown, origin: string): Offer | undefined => {
  const id = parseFileId(value);
  const file = isRecord(value) ? value['file'] : undefined;
  if (!isRecord(file) || id === undefined) return undefined;
  const { url, hash, size, use, type, name } = file;
  const key = parseKey(file['key']);
  if (typeof url !== 'string' || !isOwn(url, origin) || !isHex64(hash) || !isSize(size) || !key)
    return undefined;
  if (use !== 'play' && use !== 'save') return undefined;
  return typeof type === 'string' && typeof name === 'string'
    ? { id, file: { url, hash, size, key, use, type, name } }
    : undefined;
};

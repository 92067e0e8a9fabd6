/** What lies beside each file on its way: what it is, and how far it has come. Read as a stranger's. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';

/** Bytes of a piece on this device; the last one has what is left. */
export const PIECE_BYTES = 8 << 20;

/** What a file on its way is; written when it is whole on this device, once more where it has to be signed anew. */
export interface Manifest {
  readonly v: 1;
  /** By chance; the names of its files begin with it. */
  readonly id: string;
  /** `keeping`: its bytes are still being written, or sealed. Without whoever does that nothing comes of it any more. */
  readonly stage: 'keeping' | 'ready';
  /** Of the bytes that are sent; absent until the last one was sealed. */
  readonly hash?: string;
  readonly name: string;
  /** What the city is told. */
  readonly type: string;
  /** Bytes that are sent. */
  readonly size: number;
  /** For certain people: its bytes lie here as they are sent. */
  readonly isSealed: boolean;
  /** A small picture of the file with this id; nobody is told of it by itself. */
  readonly of?: string;
  /** Where it goes: an origin. */
  readonly server: string;
  /** Values of the `Authorization` header: to begin, and to end; the latter names the hash. */
  readonly begin?: string;
  readonly end?: string;
  /** Unix seconds until when they hold. */
  readonly signedUntil: number;
  /** When the city shall delete it, Unix seconds. */
  readonly expires?: number;
  /** Its key and who asked for it, sealed with the profile's key: hex. */
  readonly secret?: string;
  /** Unix milliseconds of its beginning: what came first is sent first. */
  readonly at: number;
}

/** How far it has come. `cancelled` is kept for a while: lines may still wait for it. */
export interface Progress {
  readonly state: 'waiting' | 'paused' | 'failed' | 'cancelled' | 'stored';
  /** Bytes that the city has. */
  readonly sent: number;
  /** The upload's address there, once it has one. */
  readonly url?: string;
  readonly reason?: string;
}

/** A file on its way. */
export interface Upload {
  readonly manifest: Manifest;
  readonly progress: Progress;
}

export const FRESH: Progress = { state: 'waiting', sent: 0 };

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string';
const isIdName = (value: unknown): value is string => isText(value) && /^[0-9a-f]{32}$/.test(value);

const texts = (value: Record<string, unknown>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = value[name];
      return isText(text) ? [[name, text]] : [];
    }),
  );

/** A manifest from the disk; undefined where it is none. */
export const parseManifest = (value: unknown): Manifest | undefined => {
  if (!isRecord(value) || value['v'] !== 1) return undefined;
  const { id, stage, hash, name, type, size, server, signedUntil, at, expires } = value;
  if (!isIdName(id) || (stage !== 'keeping' && stage !== 'ready')) return undefined;
  if (!isText(name) || !isText(type) || !isText(server) || !isCount(size)) return undefined;
  if (!isCount(signedUntil) || !isCount(at) || (hash !== undefined && !isHex64(hash))) return undefined;
  return {
    ...{ v: 1, id, stage, name, type, size, server, signedUntil, at },
    isSealed: value['isSealed'] === true,
    ...(hash === undefined ? {} : { hash }),
    ...(isCount(expires) ? { expires } : {}),
    ...texts(value, ['begin', 'end', 'secret', 'of']),
  };
};

const STATES: readonly Progress['state'][] = ['waiting', 'paused', 'failed', 'cancelled', 'stored'];

/** Progress from the disk; from the beginning where it cannot be read. */
export const parseProgress = (value: unknown): Progress => {
  const state = isRecord(value) ? STATES.find((one) => one === value['state']) : undefined;
  if (!isRecord(value) || !state) return FRESH;
  return { state, sent: isCount(value['sent']) ? value['sent'] : 0, ...texts(value, ['url', 'reason']) };
};

/**
 * A backup file: `mark | version | header | records … | manifest | ending`.
 *
 * - mark: 8 bytes that no text has; version: 2 bytes.
 * - header and records: `kind (1) | length (4) | payload`. A header is JSON; a record's payload is `key length (2) | key | sealed`,
 *   the sealed bytes just as they lie on the disk.
 * - manifest: JSON, the header once more and each record with its place in the file and its SHA-256.
 * - ending: the manifest's length (4), then HMAC-SHA-256 (32) over everything that is not a record.
 *
 * Numbers are big-endian. Everything is read as a stranger's.
 */
import { bytesToHex, isHex64, parseHex } from '#shared/bytes.ts';
import { isRecord, parseJson } from '#shared/json.ts';
import { isProfileId } from '../profiles/profile-record.ts';
import { ITERATIONS, parseLock } from '../seal/lockbox.ts';
import type { Lock } from '../seal/lockbox.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** As PNG has it: a byte above 127, a name, and line ends that a transfer as text would change. */
export const MARK: Bytes = Uint8Array.of(0x89, 0x43, 0x49, 0x54, 0x59, 0x0d, 0x0a, 0x1a);
/** The newest version that this build writes and reads. */
export const VERSION = 1;
export const PREAMBLE_BYTES = MARK.length + 2;
export const FRAME_HEAD_BYTES = 5;
export const MAC_BYTES = 32;
export const ENDING_BYTES = 4 + MAC_BYTES;
/** More is not believed of a header, a manifest, a record. */
export const MOST = { header: 1 << 16, manifest: 1 << 26, record: 1 << 26 } as const;

/** A file may not ask for more work than this. */
const MOST_ROUNDS = 10 * ITERATIONS;

export const KINDS = { header: 1, log: 2, own: 3 } as const;
type RecordKind = 'log' | 'own';

export interface BackupHeader {
  /** The profile that it was made of. */
  readonly profile: string;
  /** Unix seconds. */
  readonly madeAt: number;
  /** Events in the log at that time. */
  readonly events: number;
  /** The data key, wrapped by the backup's passphrase. */
  readonly lock: Lock;
}

/** Where a record stands, and what it is. */
export interface RecordPlace {
  readonly kind: RecordKind;
  /** A chunk's number, or a meta's name. */
  readonly key: string;
  /** Of the sealed bytes, from the file's beginning. */
  readonly at: number;
  readonly length: number;
  /** SHA-256 of the sealed bytes, hex; unknown where the manifest is. */
  readonly hash?: string;
}

export interface Manifest {
  readonly header: string;
  readonly records: readonly RecordPlace[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The header as text; its bytes in the file are this in UTF-8. */
export const formatHeader = ({ lock, ...facts }: BackupHeader): string => {
  const { salt, iv, wrapped, ...plain } = lock;
  const hex = { salt: bytesToHex(salt), iv: bytesToHex(iv), wrapped: bytesToHex(wrapped) };
  return JSON.stringify({ ...facts, lock: { ...plain, ...hex } });
};

/** Undefined for what is no header. */
export const parseHeader = (text: string): BackupHeader | undefined => {
  const json = parseJson(text);
  if (!json.ok || !isRecord(json.value)) return undefined;
  const { profile, madeAt, events, lock } = json.value;
  if (!isProfileId(profile) || !isCount(madeAt) || !isCount(events) || !isRecord(lock)) return undefined;
  const { salt, iv, wrapped } = lock;
  const parsed = parseLock({ ...lock, salt: bytesOf(salt), iv: bytesOf(iv), wrapped: bytesOf(wrapped) });
  const isSane = parsed?.kind === 'passphrase' && parsed.iterations <= MOST_ROUNDS;
  return isSane ? { profile, madeAt, events, lock: parsed } : undefined;
};

/** The manifest's bytes. */
export const formatManifest = ({ header, records }: Manifest): Bytes =>
  encoder.encode(
    JSON.stringify({
      header,
      records: records.map(({ kind, key, at, length, hash }) => [kind, key, at, length, hash]),
    }),
  );

/** Undefined for what is no manifest. */
export const parseManifest = (bytes: Bytes): Manifest | undefined => {
  const json = parseJson(decoder.decode(bytes));
  if (!json.ok || !isRecord(json.value)) return undefined;
  const { header, records } = json.value;
  if (typeof header !== 'string' || !Array.isArray(records)) return undefined;
  const places = records.map(parsePlace);
  return places.every((place) => place !== undefined) ? { header, records: places } : undefined;
};

const parsePlace = (value: unknown): RecordPlace | undefined => {
  if (!Array.isArray(value)) return undefined;
  const [kind, key, at, length, hash] = value as unknown[];
  const isKnown = kind === 'log' || kind === 'own';
  if (!isKnown || typeof key !== 'string' || !isCount(at) || !isCount(length) || !isHex64(hash))
    return undefined;
  return { kind, key, at, length, hash };
};

/** A frame's first bytes. */
export const frameHead = (kind: number, length: number): Bytes => {
  const head = new Uint8Array(FRAME_HEAD_BYTES);
  head[0] = kind;
  new DataView(head.buffer).setUint32(1, length);
  return head;
};

/** A record's frame up to its sealed bytes. */
export const recordHead = (kind: RecordKind, key: string, sealed: number): Bytes => {
  const name = encoder.encode(key);
  const head = new Uint8Array(FRAME_HEAD_BYTES + 2 + name.length);
  head.set(frameHead(KINDS[kind], 2 + name.length + sealed));
  new DataView(head.buffer).setUint16(FRAME_HEAD_BYTES, name.length);
  head.set(name, FRAME_HEAD_BYTES + 2);
  return head;
};

/** A number in four bytes. */
export const uint32 = (value: number): Bytes => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};

/** A chunk's number out of its key; undefined where it is none. */
export const seqOf = ({ kind, key }: Pick<RecordPlace, 'kind' | 'key'>): number | undefined => {
  const seq = kind === 'log' && /^[1-9]\d{0,15}$/.test(key) ? Number(key) : Number.NaN;
  return Number.isSafeInteger(seq) ? seq : undefined;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const bytesOf = (value: unknown): Uint8Array | undefined => {
  const bytes = typeof value === 'string' ? parseHex(value) : undefined;
  return bytes?.ok ? bytes.value : undefined;
};

/** Finding one's way in a backup file that a stranger may have made, cut short or damaged. Nothing of it is believed yet. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import {
  ENDING_BYTES,
  FRAME_HEAD_BYTES,
  KINDS,
  MAC_BYTES,
  MARK,
  MOST,
  parseHeader,
  parseManifest,
  PREAMBLE_BYTES,
  VERSION,
} from './backup-format.ts';
import type { BackupHeader, Bytes, Manifest, RecordPlace } from './backup-format.ts';

/** `foreign`: no backup; `newer`: of a newer version; `damaged`: nothing in it can be used; `unreadable`: the file is gone. */
export type FileFailure = Failure<'foreign' | 'newer' | 'damaged' | 'unreadable'>;

/** What stands at the end of the file, if it is whole. */
interface Ending {
  readonly manifest: Manifest;
  readonly bytes: Bytes;
  readonly mac: Bytes;
}

export interface BackupFile {
  /** As found at the beginning and at the end: two where they differ, the beginning's first. */
  readonly headers: readonly BackupHeader[];
  readonly ending: Ending | undefined;
  /** The records as they follow on each other, to be used where there is no ending. */
  walk(): Promise<RecordPlace[]>;
  read(place: Pick<RecordPlace, 'at' | 'length'>): Promise<Bytes>;
}

const decoder = new TextDecoder('utf-8');

/** Opens a file; reads no record. */
export const openBackupFile = async (file: Blob): Promise<Result<BackupFile, FileFailure>> => {
  try {
    return await open(file);
  } catch (cause) {
    return fail('unreadable', 'The file could not be read.', cause);
  }
};

const open = async (file: Blob): Promise<Result<BackupFile, FileFailure>> => {
  const preamble = await bytesAt(file, 0, PREAMBLE_BYTES);
  if (preamble.length < PREAMBLE_BYTES || MARK.some((byte, at) => preamble[at] !== byte))
    return fail('foreign', 'This file is no backup of a city.');
  const version = new DataView(preamble.buffer).getUint16(MARK.length);
  if (version > VERSION) return fail('newer', 'This backup was made by a newer version of the app.');
  if (version < 1) return fail('damaged', 'The beginning of this backup is damaged.');
  const [front, ending] = await Promise.all([readFrame(file, PREAMBLE_BYTES), readEnding(file)]);
  const first = front?.kind === KINDS.header ? await headerAt(file, front) : undefined;
  const second = ending && parseHeader(ending.manifest.header);
  const headers = [first, second].filter((header) => header !== undefined);
  const isSame = headers.length === 2 && JSON.stringify(headers[0]) === JSON.stringify(headers[1]);
  if (headers.length === 0) return fail('damaged', 'The beginning of this backup is damaged.');
  return ok({
    headers: isSame ? headers.slice(0, 1) : headers,
    ending,
    walk: () => (front ? walk(file, front.end) : Promise.resolve([])),
    read: async ({ at, length }) =>
      at + length > file.size ? new Uint8Array(0) : bytesAt(file, at, at + length),
  });
};

interface Frame {
  readonly kind: number;
  readonly at: number;
  readonly end: number;
}

const bytesAt = async (file: Blob, from: number, to: number): Promise<Bytes> =>
  new Uint8Array(await file.slice(from, to).arrayBuffer());

/** Undefined where the file ends before the frame does. */
const readFrame = async (file: Blob, from: number): Promise<Frame | undefined> => {
  const head = await bytesAt(file, from, from + FRAME_HEAD_BYTES);
  if (head.length < FRAME_HEAD_BYTES) return undefined;
  const at = from + FRAME_HEAD_BYTES;
  const end = at + new DataView(head.buffer).getUint32(1);
  return end > file.size ? undefined : { kind: head[0] ?? 0, at, end };
};

const headerAt = async (file: Blob, { at, end }: Frame): Promise<BackupHeader | undefined> =>
  end - at > MOST.header ? undefined : parseHeader(decoder.decode(await bytesAt(file, at, end)));

const readEnding = async (file: Blob): Promise<Ending | undefined> => {
  const at = file.size - ENDING_BYTES;
  if (at < PREAMBLE_BYTES) return undefined;
  const ending = await bytesAt(file, at, file.size);
  const length = new DataView(ending.buffer).getUint32(0);
  if (length > MOST.manifest || length > at - PREAMBLE_BYTES) return undefined;
  const bytes = await bytesAt(file, at - length, at);
  const manifest = parseManifest(bytes);
  return manifest && { manifest, bytes, mac: ending.slice(-MAC_BYTES) };
};

/** Frame after frame, to the first that is none. */
const walk = async (file: Blob, from: number): Promise<RecordPlace[]> => {
  const places: RecordPlace[] = [];
  for (let next = from; ;) {
    const frame = await readFrame(file, next);
    const place = frame && (await placeOf(file, frame));
    if (!place) return places;
    places.push(place);
    next = frame.end;
  }
};

const placeOf = async (file: Blob, { kind, at, end }: Frame): Promise<RecordPlace | undefined> => {
  const name = kind === KINDS.log ? 'log' : kind === KINDS.own ? 'own' : undefined;
  if (!name || end - at < 2 || end - at > MOST.record) return undefined;
  const keyLength = new DataView((await bytesAt(file, at, at + 2)).buffer).getUint16(0);
  const begin = at + 2 + keyLength;
  if (begin > end) return undefined;
  const key = decoder.decode(await bytesAt(file, at + 2, begin));
  return { kind: name, key, at: begin, length: end - begin };
};

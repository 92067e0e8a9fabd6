/** Which seen things lie under which blobs, and when they were last wanted: one sealed file among the blobs. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord, parseJson } from '#shared/json.ts';
import type { Sealer } from '../seal/sealer.ts';
import type { BlobDirectory } from './blob-directory.ts';

/** One thing that was seen. */
export interface SeenEntry {
  /** The blob that holds it. */
  readonly hash: string;
  /** Bytes as they lie on the disk. */
  readonly bytes: number;
  /** When it was last wanted, in milliseconds. */
  readonly used: number;
}

/** The index's file; no blob has such a name. */
export const INDEX_NAME = 'index';
const PLACE = { table: 'blobs', key: 'seen index' };

const parseEntry = (value: unknown): [string, SeenEntry] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const [key, hash, bytes, used] = value as readonly unknown[];
  return typeof key === 'string' && isHex64(hash) && typeof bytes === 'number' && typeof used === 'number'
    ? [key, { hash, bytes, used }]
    : undefined;
};

/** What the file says; empty where there is none, or none that opens: everything in it can be had again. */
export const readSeenIndex = async (
  files: BlobDirectory,
  sealer: Sealer,
): Promise<Map<string, SeenEntry>> => {
  const size = await files.size(INDEX_NAME);
  const sealed = size === undefined ? undefined : await files.read(INDEX_NAME, 0, size);
  const opened = sealed && (await sealer.open(PLACE, sealed));
  if (!opened?.ok) return new Map();
  const json = parseJson(new TextDecoder().decode(opened.value), 4);
  const list = json.ok && isRecord(json.value) ? json.value['entries'] : undefined;
  const entries = (Array.isArray(list) ? (list as readonly unknown[]) : []).map(parseEntry);
  return new Map(entries.filter((entry) => entry !== undefined));
};

/** Takes the place of what was there. */
export const writeSeenIndex = async (
  files: BlobDirectory,
  sealer: Sealer,
  entries: ReadonlyMap<string, SeenEntry>,
): Promise<void> => {
  const list = [...entries].map(([key, { hash, bytes, used }]) => [key, hash, bytes, used]);
  const bytes = new TextEncoder().encode(JSON.stringify({ entries: list }));
  const draft = await files.draft();
  try {
    await draft.write(await sealer.seal(PLACE, bytes));
    await draft.finish(INDEX_NAME);
  } catch (cause) {
    await draft.drop();
    throw cause;
  }
};

/** Which kept segments make up which table's words: one small sealed record, read when a profile opens. */
import { isRecord } from '#shared/json.ts';

/** A segment's number in its index, the number of its record, and whether a record of its dead documents lies beside it. */
export type KeptSegment = readonly [number: number, record: number, hasDead: boolean];

export interface KeptTable {
  /** The searchable's version that made the words. */
  readonly version: number;
  /** Words lie in these bytes that are to be found no more. */
  readonly owesShred: boolean;
  readonly segments: readonly KeptSegment[];
}

export interface Manifest {
  /** A record's number that was never given. */
  readonly next: number;
  readonly tables: Readonly<Record<string, KeptTable>>;
}

/** Goes up when words are cut, folded or laid out in another way: then all are gathered anew. */
const FORMAT = 1;

/** For the disk. */
export const makeManifest = (manifest: Manifest): unknown => ({ format: FORMAT, ...manifest });

/** What `makeManifest` made; undefined where it is anything else. */
export const parseManifest = (value: unknown): Manifest | undefined => {
  if (!isRecord(value) || value['format'] !== FORMAT) return undefined;
  const { next, tables } = value;
  if (!isCount(next) || !isRecord(tables)) return undefined;
  return Object.values(tables).every(isKeptTable)
    ? { next, tables: tables as Manifest['tables'] }
    : undefined;
};

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

const isKeptTable = (value: unknown): value is KeptTable =>
  isRecord(value) &&
  isCount(value['version']) &&
  typeof value['owesShred'] === 'boolean' &&
  Array.isArray(value['segments']) &&
  value['segments'].every(
    (one) => Array.isArray(one) && isCount(one[0]) && isCount(one[1]) && typeof one[2] === 'boolean',
  );

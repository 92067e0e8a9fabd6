/**
 * A page as it is packed: the table, then its rows without what they say twice. `[table, [id, part, order, row], …]`, where 0
 * stands for an id that the row has as its own, and for the part of the row before.
 */
import { isRecord } from '#shared/json.ts';
import type { StoredRow } from '../rows.ts';

const SAME = 0;

type PackedRow = readonly [id: string | typeof SAME, part: string | typeof SAME, order: number, row: unknown];

const ownId = (row: unknown): unknown => (isRecord(row) ? row['id'] : undefined);

/** A page's rows, all of one table and at least one, as a value to pack. */
export const packPage = (rows: readonly StoredRow[]): unknown => {
  let part: string | undefined;
  const packed = rows.map(({ i, p, o, v }): PackedRow => {
    const isSamePart = p === part;
    part = p;
    return [ownId(v) === i ? SAME : i, isSamePart ? SAME : p, o, v];
  });
  return [rows[0]?.t ?? '', ...packed];
};

/** Undefined where it is no page. */
export const unpackPage = (value: unknown): StoredRow[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const [t, ...packed] = value as unknown[];
  if (typeof t !== 'string') return undefined;
  const rows: StoredRow[] = [];
  let part: unknown;
  for (const one of packed) {
    if (!Array.isArray(one)) return undefined;
    const [id, p, o, v] = one as unknown[];
    const i = id === SAME ? ownId(v) : id;
    part = p === SAME ? part : p;
    if (typeof i !== 'string' || typeof part !== 'string' || typeof o !== 'number') return undefined;
    rows.push({ t, i, p: part, o, v });
  }
  return rows;
};

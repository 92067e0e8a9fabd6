/** How far others have received and read what was said here (kind 20014), in any order of arrival. */
import type { Cursor, RowReader, RowWriter } from '#client/store/table.ts';
import { defineTable } from '#client/store/table.ts';
import { peopleOf } from '#protocol/direct/rumors.ts';
import type { Rumor } from '#protocol/direct/rumors.ts';
import { parseReceipt } from '#protocol/direct/receipts.ts';
import type { ReceiptStatus } from '#protocol/direct/receipts.ts';
import { behindSecond, lineCursor, lines } from './tables.ts';
import type { LineRow } from './tables.ts';

/** Somebody's receipt for the lines up to one. */
export interface ReceiptRow {
  readonly id: string;
  /** The talk; absent while the line has not come. */
  readonly talk?: string;
  readonly person: string;
  readonly status: ReceiptStatus;
  readonly line: string;
  /** The order of the line it names; 0 while that has not come. */
  readonly upTo: number;
  /** Unix seconds, as its author says. */
  readonly at: number;
  /** The account that it was for. */
  readonly to: string;
}

const early = (line: string): string => `\0early ${line}`;

/** Part: the talk, or where those are that came before their line; order: how far they reach. */
export const receipts = defineTable<ReceiptRow>({
  name: 'line_receipts',
  id: (row) => row.id,
  part: (row) => row.talk ?? early(row.line),
  order: (row) => row.upTo,
});

/** A receipt counts from somebody of the talk, for a line of the account it came for. */
const isRight = (row: ReceiptRow, line: LineRow): boolean =>
  line.author === row.to && row.person !== row.to && peopleOf(line.group)?.includes(row.person) === true;

const settle = (rows: RowWriter, row: ReceiptRow, line: LineRow): void => {
  if (isRight(row, line)) rows.put(receipts, { ...row, talk: line.group, upTo: lineCursor(line).order });
  else rows.delete(receipts, row.id);
};

/** A receipt out of a wrap for `to`. Anything else: nothing happens, false. */
export const projectReceipt = async (rows: RowWriter, rumor: Rumor, to: string): Promise<boolean> => {
  const receipt = parseReceipt(rumor);
  if (!receipt) return false;
  const row = { id: rumor.id, person: rumor.pubkey, ...receipt, upTo: 0, at: rumor.created_at, to };
  const line = await rows.get(lines, receipt.line);
  if (line) settle(rows, row, line);
  else rows.put(receipts, row);
  return true;
};

/** A line has come: what spoke of it before counts now. */
export const settleReceipts = async (rows: RowWriter, line: LineRow): Promise<void> => {
  for (const row of await rows.part(receipts, { part: early(line.id) })) settle(rows, row, line);
};

/** What one person's receipts say of a line; times in Unix seconds. */
export interface Confirmed {
  readonly delivered?: number;
  readonly read?: number;
}

/** Up to this many receipts behind a line are looked at. */
const MOST_RECEIPTS = 500;

/** When each person received and read a line: the first receipt that covers it. */
export const confirmationsOf = async (
  rows: RowReader,
  line: LineRow,
): Promise<ReadonlyMap<string, Confirmed>> => {
  const after: Cursor = { order: lineCursor(line).order, id: '' };
  const found = await rows.part(receipts, { part: line.group, after, limit: MOST_RECEIPTS });
  const confirmed = new Map<string, Confirmed>();
  // Newest first: the last one to speak is the first that came.
  for (const { person, status, at } of found)
    confirmed.set(person, { ...confirmed.get(person), [status]: at });
  return confirmed;
};

const MOST_LOOKED_AT = 200;

/** The newest line of each other person in a talk, up to a time (Unix seconds): what there is to confirm. */
export const heardLines = async (
  rows: RowReader,
  talk: string,
  upTo: number,
  self: string | undefined,
): Promise<Pick<LineRow, 'id' | 'author' | 'at'>[]> => {
  const found = await rows.part(lines, { part: talk, before: behindSecond(upTo), limit: MOST_LOOKED_AT });
  const newest = new Map<string, LineRow>();
  for (const line of found)
    if (line.author !== self && !newest.has(line.author)) newest.set(line.author, line);
  return [...newest.values()];
};

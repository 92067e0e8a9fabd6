/** A line's words as its author has them now (kind 1010), and what they were before. */
import { defineTable } from '#client/store/table.ts';
import type { RowReader } from '#client/store/table.ts';
import { countsFor } from '#protocol/lines/edits.ts';
import type { Edit } from '#protocol/lines/edits.ts';
import type { Delivery, LineRow } from './tables.ts';

/** An edit, kept whether or not its line is here. */
export interface EditRow extends Edit {
  readonly state: Delivery;
  readonly relays: readonly string[];
}

/** Part: the line; newest first, as all parts are. */
export const edits = defineTable<EditRow>({
  name: 'line_edits',
  id: (row) => row.id,
  part: (row) => row.line,
  order: (row) => row.at,
});

/** Edits by the line's author in time, newest first; one that was refused is none. */
const countingEdits = async (
  rows: RowReader,
  line: Pick<LineRow, 'id' | 'author' | 'group' | 'at'>,
): Promise<EditRow[]> => {
  const found = await rows.part(edits, { part: line.id });
  return found.filter((edit) => edit.state !== 'failed' && countsFor(edit, line));
};

/** The line with its newest words; as it was said first where no edit counts. */
export const wordedNow = async (rows: RowReader, row: LineRow): Promise<LineRow> => {
  const { edited, ...line } = row;
  const first = edited?.first ?? row.text;
  const [newest] = await countingEdits(rows, row);
  return newest ? { ...line, text: newest.text, edited: { at: newest.at, first } } : { ...line, text: first };
};

/** What a line said before, oldest first, each with the time from which it did; nothing where it was never changed. */
export const earlierWords = async (
  rows: RowReader,
  line: LineRow,
): Promise<{ readonly at: number; readonly text: string }[]> => {
  if (!line.edited) return [];
  const found = (await countingEdits(rows, line)).slice(1).reverse();
  return [{ at: line.at, text: line.edited.first }, ...found.map(({ at, text }) => ({ at, text }))];
};

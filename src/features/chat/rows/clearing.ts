/** Putting a conversation's lines away on this device, and having them back. */
import type { RowWriter } from '#client/store/table.ts';
import { placeInThread } from './lines.ts';
import { behindSecond, conversations, hiddenPart, lines } from './tables.ts';
import type { LineRow } from './tables.ts';
import { isStanding, readConversation, recounted } from './tally.ts';

/** Writes lines that change place; says by how many the standing ones grow. */
const move = (rows: RowWriter, before: readonly LineRow[], change: (row: LineRow) => LineRow): number => {
  let growth = 0;
  for (const row of before) {
    const after = change(row);
    rows.put(lines, after);
    placeInThread(rows, after);
    growth += Number(isStanding(after)) - Number(isStanding(row));
  }
  return growth;
};

/** Lines up to a time (Unix seconds) are neither shown nor counted nor found; the same for those that come later with such a time. */
export const clearConversation = async (rows: RowWriter, group: string, upTo: number): Promise<void> => {
  const row = await readConversation(rows, group);
  if (upTo <= (row.clearedUpTo ?? -1)) return;
  const found = await rows.part(lines, { part: group, before: behindSecond(upTo) });
  const growth = move(
    rows,
    found.filter((line) => line.group === group),
    (line) => ({ ...line, cleared: true }),
  );
  const next = { ...row, clearedUpTo: upTo, lines: row.lines + growth };
  rows.put(conversations, growth === 0 ? next : await recounted(rows, next));
};

/** What was put away comes back, but for what is gone for good. */
export const restoreConversation = async (rows: RowWriter, group: string): Promise<void> => {
  const { clearedUpTo, ...row } = await readConversation(rows, group);
  if (clearedUpTo === undefined) return;
  const found = await rows.part(lines, { part: hiddenPart(group) });
  const growth = move(
    rows,
    found.filter((line) => line.group === group && line.cleared),
    ({ cleared: _cleared, ...line }) => line,
  );
  const next = { ...row, lines: row.lines + growth };
  rows.put(conversations, growth === 0 ? next : await recounted(rows, next));
};

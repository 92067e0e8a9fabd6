/** Edits becoming rows, and their lines being worded anew. */
import type { RowWriter } from '#client/store/table.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { isTalk } from '#protocol/direct/rumors.ts';
import { parseEdit } from '#protocol/lines/edits.ts';
import { groupOf } from '#protocol/tags.ts';
import { delivered, putLine } from './lines.ts';
import { lines } from './tables.ts';
import { edits } from './wording.ts';
import type { EditRow } from './wording.ts';

const wordAnew = async (rows: RowWriter, line: string): Promise<void> => {
  const row = await rows.get(lines, line);
  if (row) await putLine(rows, row);
};

/** An edit from a relay or a wrap, or (without `relay`) made here. Anything else: nothing happens, false. */
export const projectEdit = async (rows: RowWriter, event: NostrEvent, relay?: string): Promise<boolean> => {
  const edit = parseEdit(event);
  if (!edit) return false;
  const known = await rows.get(edits, edit.id);
  rows.put(edits, delivered(known ?? { ...edit, state: 'pending', relays: [] }, relay));
  await wordAnew(rows, edit.line);
  return true;
};

/** An edit in a place: who pretends to speak of a private talk is not heard. */
export const projectPublicEdit = async (
  rows: RowWriter,
  event: NostrEvent,
  relay?: string,
): Promise<boolean> => !isTalk(groupOf(event) ?? '') && projectEdit(rows, event, relay);

/** Changes an edit's row (undefined: takes it away), and its line with it. */
export const changeEdit = async (
  rows: RowWriter,
  id: string,
  change: (row: EditRow) => EditRow | undefined,
): Promise<void> => {
  const row = await rows.get(edits, id);
  if (!row) return;
  const next = change(row);
  if (next) rows.put(edits, next);
  else rows.delete(edits, id);
  await wordAnew(rows, row.line);
};

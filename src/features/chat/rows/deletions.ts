/** Deletions becoming rows, and what they name being judged anew. */
import type { RowWriter } from '#client/store/table.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { DELETE_EVENT } from '#protocol/kinds.ts';
import { parseDeletion } from '#protocol/messages.ts';
import { groupOf } from '#protocol/tags.ts';
import { delivered, putLine, putReaction } from './lines.ts';
import { deletions, lines, reactions } from './tables.ts';
import type { DeletionRow } from './tables.ts';

const rowId = (event: string, target: string): string => `${event}:${target}`;

/** Measures a line or reaction against the deletions that are there now. */
const judgeAnew = async (rows: RowWriter, target: string): Promise<void> => {
  const line = await rows.get(lines, target);
  if (line) await putLine(rows, line);
  const reaction = await rows.get(reactions, target);
  if (reaction) await putReaction(rows, reaction);
};

/** A deletion from a relay, or (without one) signed here. Returns what it names; nothing for anything else. */
export const projectDeletion = async (
  rows: RowWriter,
  event: NostrEvent,
  relay?: string,
): Promise<readonly string[]> => {
  const targets = [...new Set(parseDeletion(event))];
  for (const target of targets) {
    const id = rowId(event.id, target);
    const fresh: DeletionRow = {
      id,
      target,
      group: groupOf(event),
      by: event.pubkey,
      admin: event.kind === DELETE_EVENT,
      at: event.created_at,
      state: 'pending',
      relays: [],
    };
    rows.put(deletions, delivered((await rows.get(deletions, id)) ?? fresh, relay));
    await judgeAnew(rows, target);
  }
  return targets;
};

/** Changes the rows of one deletion event (undefined: takes them away) and judges what it names. */
export const changeDeletion = async (
  rows: RowWriter,
  event: string,
  targets: readonly string[],
  change: (row: DeletionRow) => DeletionRow | undefined,
): Promise<void> => {
  for (const target of targets) {
    const row = await rows.get(deletions, rowId(event, target));
    if (!row) continue;
    const next = change(row);
    if (next) rows.put(deletions, next);
    else rows.delete(deletions, row.id);
    await judgeAnew(rows, target);
  }
};

/** What these events say is over: their own time came, or they were put away long enough. */
export const projectEnd = async (
  rows: RowWriter,
  ids: readonly string[],
  end: NonNullable<DeletionRow['end']>,
): Promise<void> => {
  for (const target of ids) {
    const nobody = { group: undefined, by: '', admin: false, at: 0, state: 'sent', relays: [] } as const;
    rows.put(deletions, { ...nobody, id: rowId(end, target), target, end });
    await judgeAnew(rows, target);
  }
};

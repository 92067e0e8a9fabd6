/** What relays and the person said about events signed here. */
import type { RowWriter } from '#client/store/table.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { changeDeletion, projectDeletion } from './deletions.ts';
import { changeEdit, projectPublicEdit } from './edits.ts';
import { delivered, dropLine, projectLine, projectReaction, putLine, putReaction } from './lines.ts';
import { lines, outgoing, reactions } from './tables.ts';
import type { Delivery, OutgoingRow } from './tables.ts';

/** Signed here: shown at once as pending, and remembered by id for the answers. */
export const projectSigned = async (rows: RowWriter, event: NostrEvent): Promise<void> => {
  const remember = (what: OutgoingRow['what'], targets: readonly string[] = []) =>
    rows.put(outgoing, { id: event.id, what, targets });
  if (await projectLine(rows, event)) remember('line');
  else if (await projectReaction(rows, event)) remember('reaction');
  else if (await projectPublicEdit(rows, event)) remember('edit');
  else {
    const targets = await projectDeletion(rows, event);
    if (targets.length > 0) remember('deletion', targets);
  }
};

/** A relay took it. */
export const projectAccepted = async (rows: RowWriter, id: string, relay: string): Promise<void> => {
  const sent = await rows.get(outgoing, id);
  if (sent?.what === 'letter')
    for (const carried of sent.targets) await projectAccepted(rows, carried, relay);
  else if (sent?.what === 'line') {
    const row = await rows.get(lines, id);
    if (row) await putLine(rows, delivered(row, relay));
  } else if (sent?.what === 'reaction') {
    const row = await rows.get(reactions, id);
    if (row) await putReaction(rows, delivered(row, relay));
  } else if (sent?.what === 'edit') await changeEdit(rows, id, (row) => delivered(row, relay));
  else if (sent) await changeDeletion(rows, id, sent.targets, (row) => delivered(row, relay));
};

const refused = <Row extends { state: Delivery }>(row: Row): Row =>
  row.state === 'sent' ? row : { ...row, state: 'failed' };

/** A relay refused it, in its own words. */
export const projectRejected = async (rows: RowWriter, id: string, reason: string): Promise<void> => {
  const sent = await rows.get(outgoing, id);
  if (sent?.what === 'letter')
    for (const carried of sent.targets) await projectRejected(rows, carried, reason);
  else if (sent?.what === 'line') {
    const row = await rows.get(lines, id);
    if (row && row.state !== 'sent') await putLine(rows, { ...row, state: 'failed', reason });
  } else if (sent?.what === 'reaction') {
    const row = await rows.get(reactions, id);
    if (row) await putReaction(rows, refused(row));
  } else if (sent?.what === 'edit') await changeEdit(rows, id, refused);
  else if (sent) await changeDeletion(rows, id, sent.targets, refused);
};

/** The person gave it up; what a relay has stays. */
export const projectDiscarded = async (rows: RowWriter, id: string): Promise<void> => {
  const sent = await rows.get(outgoing, id);
  if (!sent) return;
  if (sent.what === 'letter') for (const carried of sent.targets) await projectDiscarded(rows, carried);
  else if (sent.what === 'line') {
    const row = await rows.get(lines, id);
    if (row && row.state !== 'sent') await dropLine(rows, row);
  } else if (sent.what === 'reaction') {
    const row = await rows.get(reactions, id);
    if (row && row.state !== 'sent') rows.delete(reactions, id);
  } else if (sent.what === 'edit')
    await changeEdit(rows, id, (row) => (row.state === 'sent' ? row : undefined));
  else await changeDeletion(rows, id, sent.targets, (row) => (row.state === 'sent' ? row : undefined));
};

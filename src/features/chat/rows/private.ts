/** Private talk becoming rows: rumors are lines, reactions and deletions of a talk, as events are of a place (NIP-17). */
import type { LocalEvent } from '#client/store/local-events.ts';
import type { RowWriter } from '#client/store/table.ts';
import { asTalkEvent } from '#protocol/direct/rumors.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { projectDeletion } from './deletions.ts';
import { projectEdit } from './edits.ts';
import { projectReaction, projectTalkLine } from './lines.ts';
import { projectReceipt, settleReceipts } from './receipts.ts';
import { lines, outgoing } from './tables.ts';
import type { OutgoingRow } from './tables.ts';

type Opened = Extract<LocalEvent, { type: 'WrapOpened' }>;
type Sent = Extract<LocalEvent, { type: 'RumorSent' }>;

/** One line is kept track of in so many wraps: its author may send it as often as they like. */
const MOST_WRAPS = 20;

/** What came in a wrap; the wrap stands where a place's line names the relays that have it. */
export const projectOpened = async (rows: RowWriter, { wrap, rumor, to }: Opened): Promise<void> => {
  if (await projectReceipt(rows, rumor, to)) return;
  if (((await rows.get(lines, rumor.id))?.relays.length ?? 0) >= MOST_WRAPS) return rows.forget(wrap);
  await projectEvent(rows, asTalkEvent(rumor, to), wrap);
  const own = rumor.pubkey === to ? await rows.get(lines, rumor.id) : undefined;
  if (own) await settleReceipts(rows, own);
};

/** Said here: pending until a relay has one of its wraps. */
export const projectSent = async (rows: RowWriter, { rumor, wraps }: Sent): Promise<void> => {
  const what = await projectEvent(rows, asTalkEvent(rumor, rumor.pubkey));
  if (!what) return;
  const copies = wraps.filter(({ to }) => to === rumor.pubkey).map(({ id }) => id);
  rows.put(outgoing, { id: rumor.id, ...what, copies });
  // What comes back to oneself tells nothing of the others.
  const letters = wraps.filter(({ to }) => to !== rumor.pubkey || wraps.length === 1);
  for (const { id } of letters) rows.put(outgoing, { id, what: 'letter', targets: [rumor.id] });
};

const projectEvent = async (
  rows: RowWriter,
  event: NostrEvent,
  relay?: string,
): Promise<Pick<OutgoingRow, 'what' | 'targets'> | undefined> => {
  if (await projectTalkLine(rows, event, relay)) return { what: 'line', targets: [] };
  if (await projectReaction(rows, event, relay)) return { what: 'reaction', targets: [] };
  if (await projectEdit(rows, event, relay)) return { what: 'edit', targets: [] };
  const targets = await projectDeletion(rows, event, relay);
  return targets.length > 0 ? { what: 'deletion', targets } : undefined;
};

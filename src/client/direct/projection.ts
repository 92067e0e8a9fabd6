import { parseInboxRelays } from '#protocol/direct/inboxes.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { GIFT_WRAP } from '#protocol/kinds.ts';
import { parseDeletion } from '#protocol/messages.ts';
import type { Projection } from '../store/projection.ts';
import type { Rumor } from '#protocol/direct/rumors.ts';
import type { RowWriter } from '../store/table.ts';
import { whatSays } from './taking-back.ts';
import { answerRequest, standByHearing, standBySaying } from './standing.ts';
import {
  acquaintances,
  held,
  inboxes,
  letters,
  sentRumors,
  takenBack,
  talks,
  wraps,
  TOO_LATE,
} from './tables.ts';
import type { LetterRow } from './tables.ts';

/** The newest word of a person on where they receive; of two of one second the one with the lower id (NIP-01). */
const projectInbox = async (rows: RowWriter, event: NostrEvent): Promise<void> => {
  const relays = parseInboxRelays(event);
  if (!relays) return;
  const known = await rows.get(inboxes, event.pubkey);
  const isOlder =
    known && (event.created_at < known.at || (event.created_at === known.at && event.id >= known.event));
  if (!isOlder) rows.put(inboxes, { id: event.pubkey, relays, at: event.created_at, event: event.id });
};

const projectCame = async (rows: RowWriter, event: NostrEvent, isForgotten: boolean): Promise<void> => {
  if (event.kind !== GIFT_WRAP) return projectInbox(rows, event);
  if (!isForgotten && !(await rows.get(wraps, event.id))) rows.put(wraps, { id: event.id, event });
};

/** Nobody opened it in time. */
const dropWaiting = async (rows: RowWriter, id: string): Promise<void> => {
  if (!(await rows.get(wraps, id))?.event) return;
  rows.put(wraps, { id });
  rows.forget(id);
};

/** Which wraps say what, and what its author took back. */
const keepTrack = (rows: RowWriter, rumor: Rumor, ids: readonly string[]): void => {
  for (const id of ids) rows.put(wraps, { id, says: whatSays(rumor), author: rumor.pubkey });
  for (const says of parseDeletion({ ...rumor, sig: '' }))
    rows.put(takenBack, { author: rumor.pubkey, says });
};

const changeLetter = async (
  rows: RowWriter,
  id: string,
  change: (row: LetterRow) => LetterRow,
): Promise<void> => {
  const row = await rows.get(letters, id);
  if (row) rows.put(letters, change(row));
};

/** On its way, or there: nothing is held any more. */
const moved = (rows: RowWriter, id: string, state: 'pending' | 'sent'): Promise<void> => {
  rows.delete(held, id);
  return changeLetter(rows, id, ({ wrap: _wrap, reason: _reason, ...row }) => ({
    ...row,
    state: row.state === 'sent' ? 'sent' : state,
  }));
};

/** Wraps as they come and are opened, letters as they leave, and who may speak (NIP-17, NIP-59). */
export const directProjection: Projection = {
  name: 'direct',
  version: 4,
  tables: [wraps, takenBack, sentRumors, letters, held, inboxes, talks, acquaintances],
  async project(rows, event) {
    switch (event.type) {
      case 'RelayEventSeen':
        return projectCame(rows, event.event, event.forgotten === true);
      case 'EventSigned':
        return event.event.kind === GIFT_WRAP
          ? moved(rows, event.event.id, 'pending')
          : projectInbox(rows, event.event);
      case 'WrapOpened':
        keepTrack(rows, event.rumor, [event.wrap]);
        return standByHearing(rows, event.rumor, event.to);
      case 'WrapRefused':
        if (event.reason === TOO_LATE) rows.forget(event.wrap);
        return rows.put(wraps, { id: event.wrap });
      case 'EventExpired':
        return dropWaiting(rows, event.id);
      case 'RumorSent':
        keepTrack(
          rows,
          event.rumor,
          event.wraps.flatMap(({ id, to }) => (to === event.rumor.pubkey ? [id] : [])),
        );
        for (const { id, to } of event.wraps) {
          if (to !== event.rumor.pubkey) rows.put(wraps, { id });
          rows.put(letters, { id, rumor: event.rumor.id, to, state: 'pending' });
        }
        rows.put(sentRumors, { id: event.rumor.id, wraps: event.wraps.map(({ id }) => id) });
        return standBySaying(rows, event.rumor);
      case 'LetterHeld':
        rows.put(held, { id: event.wrap.id, to: event.to });
        return changeLetter(rows, event.wrap.id, (row) => ({ ...row, state: 'held', wrap: event.wrap }));
      case 'EventAccepted':
        return moved(rows, event.id, 'sent');
      case 'EventRejected':
        return changeLetter(rows, event.id, (row) =>
          row.state === 'sent' ? row : { ...row, state: 'failed', reason: event.reason },
        );
      case 'EventDiscarded':
        rows.delete(held, event.id);
        return rows.delete(letters, event.id);
      case 'RequestAnswered':
        return answerRequest(rows, event.talk, event.answer);
      default:
        return;
    }
  },
};

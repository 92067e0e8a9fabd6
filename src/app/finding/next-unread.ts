/** Which conversation is to be read next. Pure. */
import { isTalk } from '#protocol/direct/rumors.ts';
import type { ConversationRow } from '#features/chat/index.ts';

type Unread = Pick<ConversationRow, 'id' | 'unread' | 'lastAt'>;

/** The conversation with unread lines that was spoken in last, of my places and private talks; never the one that is open. */
export const nextUnread = (
  rows: readonly Unread[],
  isMine: (place: string) => boolean,
  open: string | undefined,
): string | undefined =>
  rows
    .filter(({ id, unread }) => unread > 0 && id !== open && (isTalk(id) || isMine(id)))
    .sort((a, b) => b.lastAt - a.lastAt)[0]?.id;

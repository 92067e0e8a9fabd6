/** How much is unread in what is mine: the places I am in, and private talk. */
import { isTalk } from '#protocol/direct/rumors.ts';
import type { ConversationRow } from '#features/chat/index.ts';

/** Unread lines in my places and in all private talks. */
export const unreadOf = (
  rows: Readonly<Record<string, Pick<ConversationRow, 'id' | 'unread'>>>,
  mine: readonly { readonly id: string }[],
): number => {
  const ids = [...mine.map(({ id }) => id), ...Object.keys(rows).filter(isTalk)];
  return ids.reduce((sum, id) => sum + (rows[id]?.unread ?? 0), 0);
};

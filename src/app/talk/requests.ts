/** Strangers' talks as a list: a page of them at a time, however many there are. Pure. */
import { isTalk } from '#protocol/direct/rumors.ts';
import type { ConversationRow } from '#features/chat/index.ts';
import type { TalkRow } from '#client/direct/tables.ts';

type Standing = TalkRow['standing'];

/** The private talks of one standing in which something stands, newest first. */
export const talksOf = (
  rows: readonly ConversationRow[],
  standingOf: (talk: string) => Standing,
  standing: Standing,
): readonly ConversationRow[] =>
  rows
    .filter(({ id, lastAt }) => lastAt > 0 && isTalk(id) && standingOf(id) === standing)
    .sort((a, b) => b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1));

/** Where a conversation opens: a place's, or a private talk's. */
import { isTalk, peopleOf } from '#protocol/direct/rumors.ts';

export const pathOf = (conversation: string): string =>
  isTalk(conversation)
    ? `/messages/${(peopleOf(conversation) ?? []).join(',')}`
    : `/g/${encodeURIComponent(conversation)}`;

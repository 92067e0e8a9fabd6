/** My places as a wake sees them: what each may tell, what was read there. Pure. */
import type { WakePlace } from '#client/wake/card.ts';
import type { ConversationRow } from '#features/chat/index.ts';
import type { Place } from '#features/groups/index.ts';
import type { Notices } from '#features/notifications/index.ts';

/** Places I am in, and those I have made a choice for; where people spoke last come first. */
export const wakePlaces = (
  all: readonly Place[],
  notices: Pick<Notices, 'of'>,
  activity: Readonly<Record<string, ConversationRow>>,
): WakePlace[] =>
  all
    .map(({ id, name, modes, own }) => ({ id, name, modes, own, notice: notices.of(id) }))
    .filter(({ own, notice }) => own || notice.isOwn)
    .sort((a, b) => (activity[b.id]?.lastAt ?? 0) - (activity[a.id]?.lastAt ?? 0))
    .map(({ id, name, modes, notice: { level, mutedUntil } }) => ({
      id,
      name,
      level,
      mutedUntil,
      isClosed: modes.private || modes.hidden,
      readUpTo: activity[id]?.readUpTo ?? 0,
    }));

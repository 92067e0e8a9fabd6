/** What an unsent thing is, in words. */
import { m } from '#messages/paraglide/messages.js';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { isLine, parseReaction } from '#protocol/messages.ts';
import { groupOf, tagValue } from '#protocol/tags.ts';
import { displayLine } from '#shared/text.ts';

const MOST = 160;

const named: ReadonlyMap<number, () => string> = new Map([
  [kinds.DELETION, () => m.shell_unsent_deletion()],
  [kinds.DELETE_EVENT, () => m.shell_unsent_deletion()],
  [kinds.JOIN_REQUEST, () => m.shell_unsent_join()],
  [kinds.LEAVE_REQUEST, () => m.shell_unsent_leave()],
  [kinds.PROFILE, () => m.shell_unsent_profile()],
]);

/** "Line: “See you there”", "Reaction 🎉", "New place “Harbour”" …; what nobody has a word for is "something else". */
export const unsentWords = (event: NostrEvent): string => {
  if (isLine(event)) return m.shell_unsent_line({ words: displayLine(event.content, MOST) });
  if (event.kind === kinds.REACTION)
    return m.shell_unsent_reaction({ emoji: parseReaction(event)?.emoji ?? '' });
  if (event.kind === kinds.CREATE_GROUP)
    return m.shell_unsent_place({ name: displayLine(tagValue(event, 'name') ?? '', MOST) });
  const words = named.get(event.kind);
  if (words) return words();
  return kinds.isGroupAction(event.kind) && groupOf(event) !== undefined
    ? m.shell_unsent_change()
    : m.shell_unsent_other();
};

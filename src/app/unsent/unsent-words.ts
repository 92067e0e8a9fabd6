/** What an unsent thing is, in words. */
import { fileWords } from '#features/chat/index.ts';
import { m } from '#messages/paraglide/messages.js';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { contentWithoutFiles, parseAttachments } from '#protocol/media/attachments.ts';
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

const lineWords = (event: NostrEvent): string => {
  const files = parseAttachments(event);
  return displayLine(contentWithoutFiles(event.content, files), MOST) || fileWords(files);
};

/** "Line: “See you there”", "Reaction 🎉", "New place “Harbour”" …; what nobody has a word for is "something else". */
export const unsentWords = (event: NostrEvent): string => {
  if (isLine(event)) return m.shell_unsent_line({ words: lineWords(event) });
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

/** My places and what was last said there. */
import { linePreview } from '#features/chat/index.ts';
import type { ConversationRow } from '#features/chat/index.ts';
import type { MyPlaceRow, Place } from '#features/groups/index.ts';

/** My places for the Messages screen, newest talk first. */
export const myPlaceRows = (
  mine: readonly Place[],
  activity: Readonly<Record<string, ConversationRow>>,
  nameOf: (pubkey: string) => string,
  isQuiet: (id: string) => boolean = () => false,
): MyPlaceRow[] =>
  mine
    .map(({ id, name }): MyPlaceRow => {
      const row = activity[id];
      const quiet = isQuiet(id);
      if (!row?.lastAt) return { id, name, quiet };
      const said = linePreview({ text: row.lastText, files: row.lastFiles }, nameOf);
      return {
        id,
        name,
        quiet,
        last: `${nameOf(row.lastAuthor)}: ${said}`,
        unread: row.unread,
        at: row.lastAt,
      };
    })
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0));

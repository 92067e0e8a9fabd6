/** Which places, and which wishes to join one, are found by their words. */
import type { Searchable } from '#client/store/searching.ts';
import { isHere, isWaiting } from './standing.ts';
import { groups, requests } from './tables.ts';
import type { GroupRow, RequestRow } from './tables.ts';

/** Every place that is there, by name and description. */
export const searchableGroups: Searchable = {
  table: groups.name,
  words(row) {
    const group = row as GroupRow;
    if (!isHere(group)) return undefined;
    return {
      text: [group.name, group.about].filter(Boolean).join('\n'),
      group: group.id,
      at: group.updatedAt,
    };
  },
};

/** What people wrote who ask to be let in, until it is decided. */
export const searchableRequests: Searchable = {
  table: requests.name,
  words(row) {
    const { asked, group, pubkey } = row as RequestRow;
    if (!asked?.text || !isWaiting(row as RequestRow, new Map())) return undefined;
    return { text: asked.text, group, author: pubkey, at: asked.created_at };
  },
};

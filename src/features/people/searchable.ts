/** Which people are found by their words. */
import type { Searchable } from '#client/store/searching.ts';
import { people } from './tables.ts';
import type { PersonRow } from './tables.ts';

/** Everybody who says anything of themselves: name, address, description. They are the author. */
export const searchablePeople: Searchable = {
  table: people.name,
  words(row) {
    const { pubkey, profile, created_at: at } = row as PersonRow;
    const text = [profile.name, profile.nip05, profile.about].filter(Boolean).join('\n');
    return text === '' ? undefined : { text, author: pubkey, at };
  },
};

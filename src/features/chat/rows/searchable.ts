/** Which lines are found by their words. */
import type { Searchable } from '#client/store/searching.ts';
import { lines } from './tables.ts';
import type { LineRow } from './tables.ts';

/** Every line that is still there, own ones that never arrived too. */
export const searchableLines: Searchable = {
  table: lines.name,
  words(row) {
    const { text, group, author, at, deletedBy } = row as LineRow;
    return deletedBy !== undefined || text === '' ? undefined : { text, group, author, at };
  },
};

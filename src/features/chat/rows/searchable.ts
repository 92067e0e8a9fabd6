/** Which lines are found by their words. */
import type { Searchable } from '#client/store/searching.ts';
import { lines } from './tables.ts';
import { wordsOfLine } from './files.ts';
import type { LineRow } from './tables.ts';
import { isStanding } from './tally.ts';

/** Every line that is still there and not put away, own ones that never arrived too. */
export const searchableLines: Searchable = {
  table: lines.name,
  words(row) {
    const { group, author, at } = row as LineRow;
    const text = wordsOfLine(row as LineRow);
    return text === '' || !isStanding(row as LineRow) ? undefined : { text, group, author, at };
  },
};

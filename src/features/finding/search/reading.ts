/** From an answer of the store to hits with their rows. */
import { holdsPhrase } from '#client/store/search/text/highlight.ts';
import type { SearchAnswer, SearchHit } from '#client/store/searching.ts';
import type { RowReader } from '#client/store/table.ts';
import { wordsOf } from './found.ts';
import type { Found, FoundTable, Hit } from './found.ts';

export interface Results {
  /** Best first. */
  readonly hits: readonly Hit[];
  /** How many there are in all. */
  readonly total: number;
  /** False: nothing has all the words, these have some. */
  readonly all: boolean;
}

export const NOTHING: Results = { hits: [], total: 0, all: true };

const keyOf = ({ table, id }: SearchHit): string => `${table} ${id}`;

/**
 * Reads the rows of an answer's hits, those of `known` excepted. Rows that are gone, and texts without a word sequence
 * asked for in quotes (the index cannot tell), are left out and not counted.
 */
export const readResults = async (
  rows: Pick<RowReader, 'getMany'>,
  tables: readonly FoundTable[],
  answer: SearchAnswer,
  known: readonly Hit[],
): Promise<Results> => {
  const found = new Map<string, Found>(known.map((hit) => [hit.key, hit.found]));
  await Promise.all(
    tables.map(async (table) => {
      const missing = answer.hits.filter((hit) => hit.table === table.name && !found.has(keyOf(hit)));
      if (missing.length === 0) return;
      const read = await table.load(
        rows,
        missing.map(({ id }) => id),
      );
      missing.forEach((hit, at) => {
        const row = read[at];
        if (row) found.set(keyOf(hit), row);
      });
    }),
  );
  const hits = answer.hits.flatMap((hit): Hit[] => {
    const key = keyOf(hit);
    const row = found.get(key);
    const holds = row && answer.phrases.every((phrase) => holdsPhrase(wordsOf(row), phrase));
    return row && holds ? [{ key, found: row, terms: hit.terms }] : [];
  });
  return { hits, total: answer.total - (answer.hits.length - hits.length), all: answer.all };
};

/** Full text over rows in memory: the store's own words and answers, gathered anew for each question. */
import type { Projection } from '../../src/client/store/projection.ts';
import type { SearchAnswer, SearchQuestion } from '../../src/client/store/searching.ts';
import { answer } from '../../src/client/store/words/answering.ts';
import { TableWords } from '../../src/client/store/words/table-words.ts';
import type { MemoryRows } from './memory-rows.ts';

/** Answers as a store with these projections and rows does. */
export const searchRows = (
  rows: MemoryRows,
  projections: readonly Projection[],
  question: SearchQuestion,
): Promise<SearchAnswer> => {
  const all = rows.dump();
  const tables = projections
    .flatMap(({ searchable = [] }) => searchable)
    .map((searchable) => {
      const words = new TableWords(searchable, 'whole');
      words.gather(all.filter(({ t }) => t === searchable.table));
      return words;
    });
  return answer(question, tables, (table, ids) =>
    Promise.resolve(ids.map((id) => all.find(({ t, i }) => t === table && i === id)?.v)),
  );
};

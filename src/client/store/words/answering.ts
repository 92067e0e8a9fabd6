/** From a question to its answer, over the words of several tables. */
import { parseQuery } from '#shared/words/query.ts';
import type { Match } from '#shared/words/query.ts';
import { holdsPhrase } from '../search/text/highlight.ts';
import type { SearchOptions } from '../search/search-index.ts';
import type { SearchAnswer, SearchHit, SearchQuestion } from '../searching.ts';
import type { TableWords } from './table-words.ts';

/** Rows by id, in their order; undefined where there is none. */
export type ReadRows = (table: string, ids: readonly string[]) => Promise<unknown[]>;

const MOST_HITS = 500;
const HITS = 50;
/** Rows with all the words that are looked through, table by table, for those with the words in sequence. */
const MOST_CANDIDATES = 5000;
const ROWS_A_READ = 64;

/** The best rows of the tables asked for. Of a text with word sequences only rows that hold them, read to make sure. */
export const answer = async (
  question: SearchQuestion,
  tables: readonly TableWords[],
  read: ReadRows,
): Promise<SearchAnswer> => {
  const { phrases } = parseQuery(question.text);
  const limit = Math.min(Math.max(Math.floor(question.limit ?? HITS) || 0, 1), MOST_HITS);
  const asked = tables.filter(({ searchable: { table } }) => question.tables?.includes(table) ?? true);
  const found = find(question, asked, phrases.length > 0 ? MOST_CANDIDATES : limit);
  if (phrases.length === 0) return { ...found, hits: found.hits.slice(0, limit), phrases };
  const { hits, passed } = await holding(phrases, { hits: found.hits, limit, tables: asked, read });
  // What was not looked at may hold the sequence.
  const total = hits.length < limit ? hits.length : found.total - passed;
  return { hits, total, all: found.all && hits.length > 0, phrases };
};

const find = (question: SearchQuestion, asked: readonly TableWords[], limit: number) => {
  const { group, author, since, until } = question;
  const options: SearchOptions = {
    limit,
    ...(group === undefined ? {} : { place: group }),
    ...(author === undefined ? {} : { author }),
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
  };
  const results = asked.map((words) => ({
    table: words.searchable.table,
    ...words.search(question.text, options),
  }));
  const all = results.some((one) => one.all);
  const counted = all ? results.filter((one) => one.all) : results;
  const hits = counted.flatMap(({ table, hits: some }) => some.map((hit): SearchHit => ({ table, ...hit })));
  return {
    hits: hits.sort(bestFirst),
    total: counted.reduce((sum, one) => sum + one.total, 0),
    all,
  };
};

const bestFirst = (a: SearchHit, b: SearchHit): number =>
  b.score - a.score || (a.table < b.table ? -1 : a.table > b.table ? 1 : 0);

interface Sifting {
  readonly hits: readonly SearchHit[];
  readonly limit: number;
  readonly tables: readonly TableWords[];
  readonly read: ReadRows;
}

/** The hits whose texts hold all the phrases, and how many were passed over on the way. */
const holding = async (phrases: readonly (readonly Match[])[], { hits, limit, tables, read }: Sifting) => {
  const held: SearchHit[] = [];
  let looked = 0;
  for (let at = 0; at < hits.length && held.length < limit; at += ROWS_A_READ) {
    const some = hits.slice(at, at + ROWS_A_READ);
    const texts = await textsOf(some, tables, read);
    looked += some.length;
    held.push(...some.filter((_, i) => phrases.every((phrase) => holdsPhrase(texts[i] ?? '', phrase))));
  }
  return { hits: held.slice(0, limit), passed: looked - held.length };
};

const textsOf = async (
  hits: readonly SearchHit[],
  tables: readonly TableWords[],
  read: ReadRows,
): Promise<(string | undefined)[]> => {
  const texts = new Map<SearchHit, string | undefined>();
  for (const words of tables) {
    const { table } = words.searchable;
    const own = hits.filter((hit) => hit.table === table);
    const rows =
      own.length === 0
        ? []
        : await read(
            table,
            own.map(({ id }) => id),
          );
    own.forEach((hit, at) => texts.set(hit, words.wordsOf(rows[at])?.text));
  }
  return hits.map((hit) => texts.get(hit));
};

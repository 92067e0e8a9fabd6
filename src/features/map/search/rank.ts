/** Ranks names against what was typed: the whole name, then its beginning, a word's beginning, anywhere, a slip away. */
import { fold, lettersApart } from './fold.ts';

/** Something that can be found by name; `weight` (members, people) decides between equals. */
export interface Findable<T> {
  readonly folded: string;
  readonly weight: number;
  readonly item: T;
}

/** Makes a thing findable. */
export const findable = <T>(item: T, name: string, weight: number): Findable<T> => ({
  folded: fold(name),
  weight,
  item,
});

/** How a name answers: 0 is it, 1 begins with it, 2 has a word that begins so, 3 holds it, 4 is a slip away; null not. */
export const answerRank = (name: string, query: string, slips = slipsAllowed(query)): number | null => {
  if (query === '') return null;
  if (name === query) return 0;
  if (name.startsWith(query)) return 1;
  const at = name.indexOf(query);
  if (at > 0) return ` ${name}`.includes(` ${query}`) ? 2 : 3;
  return slips > 0 && isSlip(name, query, slips) ? 4 : null;
};

/** Slips of the finger that are forgiven: none in up to three letters, one in up to seven, two in more. */
export const slipsAllowed = (query: string): number => (query.length < 4 ? 0 : query.length < 8 ? 1 : 2);

/** The first letter is rarely wrong, and looking only there keeps the search fast. */
const isSlip = (name: string, query: string, slips: number): boolean => {
  if (name[0] !== query[0] || name.length < query.length - slips) return false;
  if (lettersApart(name, query, slips) <= slips) return true;
  for (let length = query.length - slips; length <= query.length + slips; length++)
    if (length < name.length && lettersApart(name.slice(0, length), query, slips) <= slips) return true;
  return false;
};

/** The best `most` answers. Slips are looked for only when fewer than three names answer exactly. */
export const search = <T>(list: readonly Findable<T>[], text: string, most: number): T[] => {
  const query = fold(text);
  const exact = ranked(list, query, 0);
  const answers = exact.length >= 3 ? exact : ranked(list, query, slipsAllowed(query));
  answers.sort(
    (a, b) =>
      a.rank - b.rank || b.entry.weight - a.entry.weight || a.entry.folded.length - b.entry.folded.length,
  );
  return answers.slice(0, most).map(({ entry }) => entry.item);
};

const ranked = <T>(
  list: readonly Findable<T>[],
  query: string,
  slips: number,
): { entry: Findable<T>; rank: number }[] => {
  const found: { entry: Findable<T>; rank: number }[] = [];
  for (const entry of list) {
    const rank = answerRank(entry.folded, query, slips);
    if (rank !== null) found.push({ entry, rank });
  }
  return found;
};

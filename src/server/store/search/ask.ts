/** What a NIP-50 search asks for, as PostgreSQL's tsquery writes it. Strangers' text never becomes syntax. */
import { eachToken } from '#shared/words/tokens.ts';
import { parseQuery } from '#shared/words/query.ts';
import type { Match } from '#shared/words/query.ts';
import { quoteWord } from './words.ts';

/** `language:en` and its like (NIP-50): extensions, of which this city knows none. A link is no extension. */
const extension = /(?<!\S)\p{L}[\p{L}\p{N}_-]*:(?=[\p{L}\p{N}])\S+/gu;
const excluded = /(?<!\S)-(?=[\p{L}\p{N}])(\S+)/gu;

const HANGUL_OR_CJK = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u;

/** A single letter begins half of all words: only where one character is a word may it be a beginning. */
const termOf = ({ term, prefix }: Match): string =>
  quoteWord(term) + (prefix && (term.length > 1 || HANGUL_OR_CJK.test(term)) ? ':*' : '');

/** `-word`: each word of it must not be there. */
const exclusionsOf = (text: string): string[] => {
  const words: string[] = [];
  for (const [, word = ''] of text.matchAll(excluded))
    eachToken(word, (term, _start, _end, tail) => {
      if (!tail) words.push(`!${quoteWord(term)}`);
    });
  return words;
};

/**
 * The tsquery: every word must be there, quoted ones in their order, `-word` not; the last word may be half typed.
 * Undefined for a search without a word: it finds nothing.
 */
export const askOf = (search: string): string | undefined => {
  const plain = search.replace(extension, ' ');
  const { clauses, phrases } = parseQuery(plain.replace(excluded, ' '));
  const wanted = clauses.filter(({ required }) => required).map(termOf);
  if (wanted.length === 0) return undefined;
  const inOrder = phrases.map((phrase) => `(${phrase.map(termOf).join(' <-> ')})`);
  return [...wanted, ...inOrder, ...exclusionsOf(plain)].join(' & ');
};

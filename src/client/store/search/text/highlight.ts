import type { Match } from '#shared/words/query.ts';
import { cjkUnits, eachToken, isCjkUnit } from '#shared/words/tokens.ts';

/** UTF-16 offsets into a text, `end` not included. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a text has the terms of a hit: whole words in order, of Chinese and Japanese the characters asked for,
 * overlapping ones joined.
 */
export const highlight = (text: string, terms: readonly Match[]): TextRange[] => {
  const exact = new Set(terms.map((match) => match.term));
  const prefixes = terms.filter((match) => match.prefix).map((match) => match.term);
  const ranges: TextRange[] = [];
  eachToken(text, (term, start, end) => {
    const prefix = exact.has(term) ? undefined : prefixes.find((each) => term.startsWith(each));
    if (!exact.has(term) && prefix === undefined) return;
    const first = prefix !== undefined && isCjkUnit(prefix) ? cjkUnits(text.slice(start, end))[0] : undefined;
    const stop = first === undefined ? end : start + first.length;
    const last = ranges.at(-1);
    if (last !== undefined && start < last.end) {
      ranges[ranges.length - 1] = { start: last.start, end: Math.max(stop, last.end) };
    } else ranges.push({ start, end: stop });
  });
  return ranges;
};

/** True when a text has the words of a quoted phrase one after the other. */
export const holdsPhrase = (text: string, phrase: readonly Match[]): boolean => {
  const tokens: string[] = [];
  eachToken(text, (term, _start, _end, tail) => {
    if (!tail) tokens.push(term);
  });
  return tokens.some((_, from) =>
    phrase.every(({ term, prefix }, i) => {
      const token = tokens[from + i];
      return token === term || (prefix && token?.startsWith(term) === true);
    }),
  );
};

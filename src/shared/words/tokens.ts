import { foldWord, isAscii } from './fold.ts';

/** A stretch of text: `cjk` is a raw run of Chinese or Japanese, everything else a folded word. Offsets are UTF-16. */
export type RunVisitor = (run: string, start: number, end: number, cjk: boolean) => void;

/** A token: its folded term, its place in the text; `tail` marks the last character of a longer CJK run. */
export type TokenVisitor = (term: string, start: number, end: number, tail: boolean) => void;

/** No text gives more tokens than this: a wall of letters costs its reader nothing. */
export const maxTokens = 2_000;

const cjk = '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\u30fc\\uff70\\uff9e\\uff9f';
const spaceless = '\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}';
const picture = '\\p{Extended_Pictographic}[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]*';
const runPattern = new RegExp(
  `\\p{RI}\\p{RI}|${picture}(?:\\u200d${picture})*|[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}\\u00ad\\u200c\\u200d]*`,
  'gu',
);
const hangul = '\\p{sc=Hang}';
const mayBreak = new RegExp(`[${cjk}${spaceless}${hangul}]`, 'u');
const scriptPattern = new RegExp(
  `((?:[${cjk}]\\p{M}*)+)|((?:[${spaceless}]\\p{M}*)+)|(?:[${hangul}]\\p{M}*)+|[^${cjk}${spaceless}${hangul}]+`,
  'gu',
);
const cjkUnit = new RegExp(`^[${cjk}]$`, 'u');
const unitPattern = /[^][\p{M}\uff9e\uff9f]*/gu;
const linkPattern = /(?:https?|wss?|ftp):\/\/[^\s<>"]+|nostr:[a-z0-9]{6,}/giu;
const maxText = 100_000;
const maxRun = 4_096;

const asciiWord = new Uint8Array(128);
for (const letter of 'abcdefghijklmnopqrstuvwxyz0123456789') asciiWord[letter.charCodeAt(0)] = 1;

const words = new Intl.Segmenter('und', { granularity: 'word' });

/** Words of text in a script without spaces, with their offsets in it. */
export const segmentWords = (run: string): { readonly text: string; readonly index: number }[] =>
  Array.from(words.segment(run.slice(0, maxRun)))
    .filter((part) => part.isWordLike === true)
    .map((part) => ({ text: part.segment, index: part.index }));

/** True for a term of one Chinese or Japanese character: the index holds it as the beginning of pairs. */
export const isCjkUnit = (term: string): boolean => cjkUnit.test(term);

/** Characters of a CJK run with the marks that belong to them. */
export const cjkUnits = (run: string): string[] => run.slice(0, maxRun).match(unitPattern) ?? [];

/**
 * Visits the words, emoji and CJK runs of a text in order. `Intl.Segmenter` is asked only where a script has no
 * spaces: elsewhere its words, split at inner punctuation, are runs of letters, digits and marks, found 20× faster.
 */
export const eachRun = (whole: string, visit: RunVisitor): void => {
  const text = whole.slice(0, maxText);
  let left = maxTokens;
  const counted: RunVisitor = (run, start, end, isCjk) => {
    if (run !== '' && left-- > 0) visit(run, start, end, isCjk);
  };
  if (!text.includes('://') && !/nostr:/i.test(text)) return plainRuns(text, 0, counted);
  let at = 0;
  for (const link of text.matchAll(linkPattern)) {
    plainRuns(text.slice(at, link.index), at, counted);
    linkRuns(link[0], link.index, counted);
    at = link.index + link[0].length;
  }
  plainRuns(text.slice(at), at, counted);
};

/** Visits the tokens the index holds: folded words, emoji, and of CJK runs every pair of characters and the last one. */
export const eachToken = (text: string, visit: TokenVisitor): void => {
  let left = maxTokens;
  eachRun(text, (run, start, end, isCjk) => {
    if (!isCjk) visit(run, start, end, false);
    else left = cjkTokens(run, start, left, visit);
  });
};

const cjkTokens = (run: string, start: number, left: number, visit: TokenVisitor): number => {
  const units = cjkUnits(run);
  let at = start;
  for (const [i, unit] of units.entries()) {
    if (left-- <= 0) break;
    const next = units[i + 1];
    const term = foldWord(unit) + (next === undefined ? '' : foldWord(next));
    if (term !== '') visit(term, at, at + unit.length + (next?.length ?? 0), next === undefined && i > 0);
    at += unit.length;
  }
  return left;
};

const plainRuns = (text: string, offset: number, visit: RunVisitor): void => {
  if (isAscii(text)) asciiRuns(text, offset, visit);
  else {
    for (const match of text.matchAll(runPattern)) {
      const start = offset + match.index;
      if (mayBreak.test(match[0])) scriptRuns(match[0], start, visit);
      else visit(foldWord(match[0]), start, start + match[0].length, false);
    }
  }
};

const asciiRuns = (text: string, offset: number, visit: RunVisitor): void => {
  const lower = text.toLowerCase();
  const end = lower.length;
  for (let i = 0; i < end; i++) {
    if (asciiWord[lower.charCodeAt(i)] === 0) continue;
    const start = i;
    while (i < end && asciiWord[lower.charCodeAt(i)] === 1) i++;
    const word = lower.slice(start, i);
    visit(i - start > 32 ? foldWord(word) : word, offset + start, offset + i, false);
  }
};

const scriptRuns = (run: string, offset: number, visit: RunVisitor): void => {
  for (const match of run.matchAll(scriptPattern)) {
    const start = offset + match.index;
    if (match[1] !== undefined) visit(match[1], start, start + match[1].length, true);
    else if (match[2] === undefined) visit(foldWord(match[0]), start, start + match[0].length, false);
    else {
      for (const word of segmentWords(match[2])) {
        visit(foldWord(word.text), start + word.index, start + word.index + word.text.length, false);
      }
    }
  }
};

// Of a link: host and readable words of the path; no scheme, no query, no hashes. Of a nostr: reference: its code.
const linkRuns = (link: string, offset: number, visit: RunVisitor): void => {
  const scheme = /^(?:nostr:|[a-z]+:\/\/(?:www\.)?)/i.exec(link)?.[0].length ?? 0;
  const end = link.search(/[?#]/);
  const body = link.slice(scheme, end === -1 ? undefined : end);
  const isCode = /^nostr:/i.test(link);
  plainRuns(body, offset + scheme, (run, start, stop, isCjk) => {
    const opaque = stop - start > 20 || (stop - start > 10 && /\d/.test(run) && /[a-z]/.test(run));
    if (isCode || isCjk || !opaque) visit(run, start, stop, isCjk);
  });
};

/** Words that a person mutes (NIP-51 `word`): found whole, whatever their case, and whatever is hidden between their letters. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** Characters of a muted word, at most. */
export const WORD_MAX = 50;

/** Scripts that put no spaces between words, and pictures: there a word is found anywhere. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}]/u;
const MEANS_SOMETHING = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const LONE_LETTER = /^[\p{L}\p{N}]$/u;
const INSIDE = '[\\p{L}\\p{N}\\p{M}_]';

/** One spelling for texts that read alike: case, width, invisible characters, white space. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim();

/** A word as it is kept. Fails with `empty`, `long` (over 50 characters) or `broad` (a letter alone would hide nearly everything). */
export const mutedWord = (text: string): Result<string, Failure<'empty' | 'long' | 'broad'>> => {
  const word = plain(text);
  if (!MEANS_SOMETHING.test(word)) return fail('empty', 'a word has letters, digits or signs');
  if ([...word].length > WORD_MAX) return fail('long', `a word has at most ${WORD_MAX} characters`);
  if (LONE_LETTER.test(word) && !UNSPACED.test(word)) return fail('broad', 'one letter is too little');
  return ok(word);
};

const escaped = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');

const patternOf = (words: readonly string[]): RegExp | undefined => {
  const usable = words.flatMap((text) => {
    const word = mutedWord(text);
    return word.ok ? [word.value] : [];
  });
  const whole = usable.filter((word) => !UNSPACED.test(word)).map(escaped);
  const anywhere = usable.filter((word) => UNSPACED.test(word)).map(escaped);
  const bounded = whole.length > 0 ? [`(?<!${INSIDE})(?:${whole.join('|')})(?!${INSIDE})`] : [];
  const parts = [...bounded, ...anywhere];
  return parts.length > 0 ? new RegExp(parts.join('|'), 'u') : undefined;
};

/** A test of texts for these words; words that nobody may mute are passed over. */
export const wordTest = (words: readonly string[]): ((text: string) => boolean) => {
  const pattern = patternOf(words);
  return pattern ? (text) => pattern.test(plain(text)) : () => false;
};

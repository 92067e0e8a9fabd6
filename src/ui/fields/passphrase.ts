/** How hard a passphrase is to guess, told in words. Plain heuristics on length and variety; no dictionary is shipped. */

/** The words a meter can say; the catalogue has a sentence for each. */
export type StrengthWord = 'empty' | 'short' | 'weak' | 'fair' | 'good' | 'strong';

/** 0 (nothing or too short) … 4 (strong). */
export interface Strength {
  readonly level: 0 | 1 | 2 | 3 | 4;
  readonly words: StrengthWord;
}

/** Shorter than this is refused, whatever it is made of. In characters as people count them. */
export const PASSPHRASE_LEAST = 8;

const WORD = /\p{L}{2,}/gu;
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertz',
  'azerty',
  '01234567890',
];

/** Judges a passphrase; the empty one is 'empty' and not yet wrong. */
export function passphraseStrength(text: string): Strength {
  const letters = [...text.normalize('NFC')];
  if (letters.length === 0) return { level: 0, words: 'empty' };
  if (letters.length < PASSPHRASE_LEAST) return { level: 0, words: 'short' };
  const bits = estimateBits(text);
  if (bits < 30) return { level: 1, words: 'weak' };
  if (bits < 42) return { level: 2, words: 'fair' };
  if (bits < 58) return { level: 3, words: 'good' };
  return { level: 4, words: 'strong' };
}

/** The lower of two readings: as single characters, and as words each worth some 12 bits. */
function estimateBits(text: string): number {
  return Math.min(characterBits(text), wordBits(text));
}

function characterBits(text: string): number {
  const distinct = new Set(text.toLowerCase()).size;
  return surprisingLength(text) * Math.log2(Math.max(2, Math.min(alphabetSize(text), distinct * 3)));
}

function wordBits(text: string): number {
  const words = text.toLowerCase().match(WORD) ?? [];
  const different = new Set(words);
  const rest = text.replace(WORD, '');
  const wordWorth = [...different].reduce((sum, word) => sum + worthOfWord(word), 0);
  return wordWorth + characterBits(rest.replace(/\s/g, ''));
}

/** A word is guessed from a list: about 12 bits, a little more when long; without vowels it is no word. */
function worthOfWord(word: string): number {
  const length = surprisingLength(word);
  const isAscii = /^[a-z]+$/.test(word);
  if (isAscii && (!/[aeiouy]/.test(word) || word.length > 14)) return length * 4;
  return Math.min(length * 3.2, 12 + Math.max(0, length - 6));
}

/** Characters that neither repeat the one before nor continue a well-known run. */
function surprisingLength(text: string): number {
  const letters = [...text.toLowerCase()];
  return letters.filter((letter, at) => {
    const before = letters[at - 1];
    if (before === undefined) return true;
    const pair = before + letter;
    const back = letter + before;
    return before !== letter && !RUNS.some((run) => run.includes(pair) || run.includes(back));
  }).length;
}

function alphabetSize(text: string): number {
  const sizes: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[^\p{L}\p{N}]/u, 20],
    [/[^\P{L}a-zA-Z]/u, 60],
  ];
  return sizes.reduce((sum, [pattern, size]) => (pattern.test(text) ? sum + size : sum), 0);
}

/** Words as people use them, in ten languages: a few everywhere, very many hardly ever; sentences made of them. */
import ar from '../../../src/server/demo/texts/ar.json' with { type: 'json' };
import de from '../../../src/server/demo/texts/de.json' with { type: 'json' };
import el from '../../../src/server/demo/texts/el.json' with { type: 'json' };
import en from '../../../src/server/demo/texts/en.json' with { type: 'json' };
import es from '../../../src/server/demo/texts/es.json' with { type: 'json' };
import hi from '../../../src/server/demo/texts/hi.json' with { type: 'json' };
import ja from '../../../src/server/demo/texts/ja.json' with { type: 'json' };
import ko from '../../../src/server/demo/texts/ko.json' with { type: 'json' };
import ru from '../../../src/server/demo/texts/ru.json' with { type: 'json' };
import zh from '../../../src/server/demo/texts/zh.json' with { type: 'json' };
import { makeRandom } from '../../../src/server/demo/random.ts';
import type { Random } from '../../../src/server/demo/random.ts';

const TEXTS = { ar, de, el, en, es, hi, ja, ko, ru, zh };
export type Tongue = keyof typeof TEXTS;

/** How much of the talk is in which language. */
const SHARES: Readonly<Record<Tongue, number>> = {
  en: 44,
  de: 12,
  es: 12,
  ru: 8,
  ja: 7,
  zh: 6,
  ar: 4,
  ko: 3,
  hi: 2,
  el: 2,
};
/** Different words of a language, names and slips of the pen included. */
const VOCABULARY = 9000;
const MOST_WORDS = 160;
const EMOJI = ['😀', '😂', '🙏', '🌻', '☕', '🎉', '🚲', '❤️', '🥐', '🌧️'];

const linesOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : Object.values((value ?? {}) as Record<string, unknown>).flatMap((part) => linesOf(part));

/** Without speakers (`A>B`) and blanks to fill (`{day}`). */
const plain = (line: string): string => line.replace(/\{\w+\}|(^|\|)\w+(>\w+)?(?=\s)/gu, ' ');

const isSpaced = (tongue: Tongue): boolean => tongue !== 'ja' && tongue !== 'zh';

/** Runs of letters; where words have no spaces between them, each two characters that stand together. */
const wordsIn = (tongue: Tongue, line: string): string[] => {
  const runs = plain(line).match(/[\p{L}\p{M}]+/gu) ?? [];
  if (isSpaced(tongue)) return runs;
  return runs.flatMap((run) => [...run].slice(1).map((character, at) => `${[...run][at]}${character}`));
};

/** Letters follow each other as they do in real words. */
const makeWord = (random: Random, after: ReadonlyMap<string, readonly string[]>): string => {
  let word = random.pick(after.get('') ?? []);
  const length = random.int(4, 12);
  while (word.length < length) {
    const next = after.get(word.slice(-2)) ?? after.get(word.slice(-1));
    if (!next) break;
    word += random.pick(next);
  }
  return word;
};

const followers = (words: readonly string[]): Map<string, string[]> => {
  const after = new Map<string, string[]>();
  const note = (key: string, next: string) => void after.set(key, [...(after.get(key) ?? []), next]);
  for (const word of words) {
    note('', word.slice(0, 2));
    for (let at = 1; at < word.length; at++) {
      const next = word.charAt(at);
      note(word.charAt(at - 1), next);
      if (at > 1) note(word.slice(at - 2, at), next);
    }
  }
  return after;
};

/** A language's words, the most used first. */
const vocabularyOf = (tongue: Tongue): readonly string[] => {
  const counts = new Map<string, number>();
  for (const line of linesOf(TEXTS[tongue]))
    for (const word of wordsIn(tongue, line)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const known = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  if (!isSpaced(tongue)) return known;
  const random = makeRandom(`words ${tongue}`);
  const after = followers(known.map((word) => word.toLowerCase()));
  const all = new Set(known);
  // Where too few words can be made of letters, two known ones make one.
  for (let tries = 0; all.size < VOCABULARY; tries++)
    all.add(tries < 3 * VOCABULARY ? makeWord(random, after) : random.pick(known) + random.pick(known));
  return [...all];
};

const kept = new Map<Tongue, readonly string[]>();
/** The words of a language, the most used first. */
export const vocabulary = (tongue: Tongue): readonly string[] => {
  const known = kept.get(tongue) ?? vocabularyOf(tongue);
  kept.set(tongue, known);
  return known;
};

const TONGUES = Object.keys(SHARES) as Tongue[];
const WEIGHTS = TONGUES.map((tongue) => SHARES[tongue]);
export const drawTongue = (random: Random): Tongue => TONGUES[random.weighted(WEIGHTS)] ?? 'en';

/** A place in a list where the first ones come up most: the nth one time in n. */
export const drawRank = (random: Random, length: number): number =>
  Math.min(length - 1, Math.floor((length + 1) ** random.next()) - 1);

export const drawWord = (random: Random, tongue: Tongue): string => {
  const words = vocabulary(tongue);
  return words[drawRank(random, words.length)] ?? '';
};

const spice = (random: Random): string => {
  const odds = random.next();
  if (odds < 0.09) return ` ${random.pick(EMOJI)}`;
  if (odds < 0.12)
    return ` https://${drawWord(random, 'en').toLowerCase()}.example/${random.int(1, 9999)}/${drawWord(random, 'en')}`;
  return odds < 0.16 ? ` ${random.int(1, 2400)}` : '';
};

/** What somebody writes: mostly a handful of words, sometimes a page. */
export const drawText = (random: Random, tongue: Tongue): string => {
  const length = Math.max(1, Math.min(MOST_WORDS, Math.round(Math.exp(2.1 + 0.8 * random.normal()))));
  const gap = isSpaced(tongue) ? ' ' : '';
  let text = '';
  for (let at = 0; at < length; at++) {
    const end =
      at === length - 1
        ? random.pick(['', '', '.', '.', '?', '!', '...', '…'])
        : random.chance(0.09)
          ? ','
          : '';
    text += `${at === 0 ? '' : gap}${drawWord(random, tongue)}${end}`;
  }
  return text + spice(random);
};

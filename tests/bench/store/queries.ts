/** A hundred different searches: words, pairs, beginnings, slips of the finger, scripts without spaces, nothing to be found. */
import { makeRandom } from '../../../src/server/demo/random.ts';
import type { Random } from '../../../src/server/demo/random.ts';
import { drawTongue, drawWord, vocabulary } from './words.ts';
import type { Tongue } from './words.ts';

const EACH = { word: 25, pair: 25, beginning: 15, slip: 15, cjk: 10, nothing: 10 };
const SPACED: readonly Tongue[] = ['en', 'de', 'es', 'ru', 'el'];

const longWord = (random: Random): string => {
  const words = vocabulary(random.pick(SPACED)).filter((word) => word.length >= 6);
  return random.pick(words.slice(0, 800));
};

/** Two neighbours swapped, or a letter left out. */
const slip = (random: Random): string => {
  const word = longWord(random);
  const at = random.int(1, word.length - 2);
  const swapped = `${word.slice(0, at)}${word.charAt(at + 1)}${word.charAt(at)}${word.slice(at + 2)}`;
  return random.chance(0.5) ? swapped : word.slice(0, at) + word.slice(at + 1);
};

const cjk = (random: Random): string => {
  const tongue = random.pick<Tongue>(['ja', 'zh']);
  return random.chance(0.5) ? drawWord(random, tongue) : drawWord(random, tongue) + drawWord(random, tongue);
};

const pair = (random: Random): string => {
  const tongue = drawTongue(random);
  return `${drawWord(random, tongue)} ${drawWord(random, tongue)}`;
};

/** Each asked for in its own way; closed with a space where the last word is whole. */
const WAYS: Readonly<Record<keyof typeof EACH, (random: Random) => string>> = {
  word: (random) => `${drawWord(random, drawTongue(random))} `,
  pair: (random) => `${pair(random)} `,
  beginning: (random) => longWord(random).slice(0, random.int(2, 5)),
  slip: (random) => `${slip(random)} `,
  cjk,
  nothing: (random) => `${random.int(100_000, 999_999)}xqzw${random.int(10, 99)} `,
};

export const QUERIES: readonly string[] = (() => {
  const random = makeRandom('queries');
  const found = new Set<string>();
  for (const [way, count] of Object.entries(EACH) as [keyof typeof EACH, number][])
    for (const end = found.size + count; found.size < end;) found.add(WAYS[way](random));
  return [...found];
})();

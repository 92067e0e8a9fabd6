/**
 * Conversations as they stand in texts/*.json: turns parted by `|`. `A words` says something, `B>A words` answers
 * the last line of A, `@C` in the words names C. Slots: {d} place, {day}, {am}, {pm}, {n}.
 */
import type { Random } from './random.ts';

export interface Turn {
  /** A letter, the same for one person through the conversation. */
  readonly speaker: string;
  /** The letter whose last line is answered. */
  readonly answers?: string;
  readonly words: string;
}

const turnPattern = /^([A-D])(?:>([A-D]))? (.+)$/su;

/** The turns of a script; throws on a malformed one (texts are ours). */
export const readScript = (script: string): Turn[] =>
  script.split('|').map((part) => {
    const [, speaker, answers, words] = turnPattern.exec(part.trim()) ?? [];
    if (!speaker || !words) throw new Error(`malformed turn: ${part}`);
    return { speaker, words, ...(answers ? { answers } : {}) };
  });

/** The same values all through one conversation. */
export type Slots = Readonly<Record<'d' | 'day' | 'am' | 'pm' | 'n', string>>;

/** Draws values for the slots of one conversation. */
export const drawSlots = (
  random: Random,
  days: readonly string[],
  place: string,
  twelveHours: boolean,
): Slots => {
  const minutes = random.pick(['00', '00', '15', '30', '30', '45']);
  const evening = random.int(5, 8);
  return {
    d: place,
    day: random.pick(days),
    am: `${random.int(6, 9)}:${minutes}`,
    pm: `${twelveHours ? evening : evening + 12}:${random.pick(['00', '30'])}`,
    n: String(random.int(3, 9)),
  };
};

/** Words with their slots filled. */
export const fillSlots = (words: string, slots: Slots): string =>
  words.replaceAll(/\{(d|day|am|pm|n)\}/g, (_, slot: keyof Slots) => slots[slot]);

/** A sentence's first letter made large, where a slot stood first. */
export const capitalize = (text: string): string =>
  text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());

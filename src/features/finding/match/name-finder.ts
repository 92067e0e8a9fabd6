/** Finds names by some of their letters, in order, one slip a longer word forgiven: over 10,000 in a few milliseconds. */
import uFuzzy from '@leeoniya/ufuzzy';
import type { TextRange } from '#client/store/search/text/highlight.ts';

/** A thing with a name. */
export interface Named {
  /** What is shown, and matched first. */
  readonly label: string;
  /** Other words it is found by; never shown. */
  readonly keywords?: string | undefined;
  /** Lifts it over equals; around 0 to 4. */
  readonly weight?: number | undefined;
}

export interface NameHit<Entry> {
  readonly entry: Entry;
  /** Where its label matches. */
  readonly ranges: readonly TextRange[];
}

/** More matches than this are ranked roughly first. */
const FINE = 300;
const MOST_WORDS = 3;

// Names are folded to words between spaces, so that the patterns made at each keystroke need no Unicode classes: V8
// takes longer to compile those than to run them.
const matcher = new uFuzzy({
  interSplit: ' +',
  intraSplit: null,
  intraBound: null,
  interBound: ' ',
  intraChars: '[^ ]',
  intraContr: '(?!)',
  intraMode: 1,
  intraRules: (term) => {
    const slips = term.length > 3 ? 1 : 0;
    return {
      intraSlice: [1, Infinity],
      intraIns: slips,
      intraSub: slips,
      intraTrn: slips,
      intraDel: slips,
    };
  },
});

/** Lower case without accents, signs as spaces; unit for unit, so that places in it are places in the text. */
export const foldSameLength = (text: string): string => {
  const spaced = text.toLowerCase().length === text.length ? text.toLowerCase() : text;
  return spaced.replace(/[^a-z0-9 ]/gu, foldCharacter);
};

const foldCharacter = (character: string): string => {
  if (!/[\p{L}\p{M}\p{Nd}]/u.test(character)) return ' '.repeat(character.length);
  const bare = character.normalize('NFD').charAt(0).toLowerCase();
  return bare.length === character.length ? bare : character;
};

/** Names prepared once, asked at every keystroke. */
export class NameFinder<Entry extends Named> {
  readonly #entries: readonly Entry[];
  readonly #folded: string[];

  constructor(entries: readonly Entry[]) {
    // The heavier first: matches that are too many for a fine ranking keep this order.
    this.#entries = [...entries].sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
    this.#folded = this.#entries.map(({ label, keywords }) =>
      foldSameLength(keywords === undefined ? label : `${label} ${keywords}`),
    );
  }

  /** The best first. Nothing for an empty text. */
  find(text: string, limit: number): NameHit<Entry>[] {
    const needle = foldSameLength(text).replace(/ +/g, ' ').trim();
    if (needle === '') return this.#findSigns(text.trim(), limit);
    const words = needle.split(' ').length;
    const outOfOrder = words > 1 && words <= MOST_WORDS ? words : 0;
    const [found, info, order] = matcher.search(this.#folded, needle, outOfOrder, FINE);
    if (!found || found.length === 0) return [];
    const fine = info && order ? info : matcher.info(this.#roughBest(found, needle), this.#folded, needle);
    return this.#ranked(fine, limit);
  }

  /** Emoji and other signs that are no letters: as they are. */
  #findSigns(text: string, limit: number): NameHit<Entry>[] {
    if (text === '') return [];
    const hits: NameHit<Entry>[] = [];
    for (const entry of this.#entries) {
      const start = entry.label.indexOf(text);
      if (start >= 0) hits.push({ entry, ranges: [{ start, end: start + text.length }] });
      if (hits.length === limit) break;
    }
    return hits;
  }

  #roughBest(found: readonly number[], needle: string): number[] {
    const tiers: number[][] = [[], [], []];
    const inner = ` ${needle}`;
    for (const at of found) {
      const text = this.#folded[at] ?? '';
      tiers[text.startsWith(needle) ? 0 : text.includes(inner) ? 1 : 2]?.push(at);
    }
    // In rising order, as the matcher wants them.
    return tiers
      .flat()
      .slice(0, FINE)
      .sort((a, b) => a - b);
  }

  #ranked(info: uFuzzy.Info, limit: number): NameHit<Entry>[] {
    const scored = info.idx.map((at, row) => ({ at, row, score: this.#score(info, row, at) }));
    scored.sort((a, b) => b.score - a.score || a.at - b.at);
    return scored.slice(0, limit).flatMap(({ at, row }) => {
      const entry = this.#entries[at];
      return entry ? [{ entry, ranges: withinLabel(info.ranges[row] ?? [], entry.label) }] : [];
    });
  }

  #score(info: uFuzzy.Info, row: number, at: number): number {
    const entry = this.#entries[at];
    const label = entry?.label.length ?? 0;
    const start = info.start[row] ?? 0;
    return (
      (start === 0 ? 8 : 0) +
      (start >= label ? -6 : 0) +
      (info.interLft2[row] ?? 0) * 4 +
      (info.terms[row] ?? 0) * 2 -
      (info.intraIns[row] ?? 0) * 3 -
      Math.min(info.interIns[row] ?? 0, 60) * 0.05 -
      Math.min(label, 100) * 0.02 +
      (entry?.weight ?? 0)
    );
  }
}

const withinLabel = (ranges: readonly number[], label: string): TextRange[] => {
  const inside: TextRange[] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const start = ranges[i] ?? 0;
    const end = Math.min(ranges[i + 1] ?? 0, label.length);
    if (end > start) inside.push({ start, end });
  }
  return inside;
};

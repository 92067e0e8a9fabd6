import type { Dictionary } from './segment/dictionary.ts';

/** A term of the dictionary near the word asked for. */
export interface NearTerm {
  readonly term: number;
  readonly edits: number;
}

const maxLetters = 30;
const maxDepth = 160; // bytes of the longest term, and room
const maxNodes = 60_000;

/**
 * Terms at most `edits` (1 or 2) insertions, deletions, substitutions or swaps of neighbours away from `word`, the word
 * itself included. Walks the sorted dictionary as if it were a trie: one bit-parallel automaton step a letter, shared
 * beginnings stepped once, dead beginnings skipped whole. Bounded: gives up the rest after 60,000 steps.
 */
export const nearTerms = (dictionary: Dictionary, word: string, edits: 1 | 2): NearTerm[] => {
  const automaton = new Automaton(word, edits);
  if (automaton.letters > maxLetters) return [];
  const { offsets, blob, size } = dictionary;
  const shared = dictionary.sharedBytes;
  const found: NearTerm[] = [];
  let left = maxNodes;
  let depth = 0; // bytes of the current term the automaton has read
  for (let term = 0; term < size && left > 0;) {
    const start = offsets[term]!;
    const length = Math.min(offsets[term + 1]! - start, maxDepth - 5);
    for (; depth < length && automaton.isAlive(depth); left--) depth = automaton.read(blob, start, depth);
    if (depth >= length) automaton.accept(term, depth, found);
    // A dead beginning ends all terms that share it; those that live on share less with the next.
    const dead = automaton.isAlive(depth) ? maxDepth : depth;
    do term++;
    while (term < size && shared[term]! >= dead);
    depth = letterStart(blob, offsets[term]!, Math.min(depth, shared[term] ?? 0));
  }
  return found;
};

// States by byte depth: bit i of `exact`, `one`, `two` means that the bytes so far match the word's first i letters
// with at most that many edits.
class Automaton {
  readonly letters: number;
  readonly #edits: number;
  // Letters of the word as bits: bit i + 1 stands for letter i.
  readonly #ascii = new Int32Array(128);
  readonly #others = new Map<number, number>();
  readonly #exact = new Int32Array(maxDepth);
  readonly #one = new Int32Array(maxDepth);
  readonly #two = new Int32Array(maxDepth);
  /** By depth: the depth before the last letter, and that letter's mask, to see swaps. */
  readonly #before = new Int32Array(maxDepth);
  readonly #mask = new Int32Array(maxDepth);
  readonly #valid: number;

  constructor(word: string, edits: 1 | 2) {
    let bit = 1;
    for (const letter of word) {
      const code = letter.codePointAt(0)!;
      bit <<= 1;
      if (code < 128) this.#ascii[code]! |= bit;
      else this.#others.set(code, (this.#others.get(code) ?? 0) | bit);
    }
    this.letters = Array.from(word).length;
    this.#valid = (2 << this.letters) - 1;
    this.#edits = edits;
    this.#exact[0] = 0b1;
    this.#one[0] = 0b11;
    this.#two[0] = 0b111;
  }

  isAlive(depth: number): boolean {
    return (this.#edits > 1 ? this.#two[depth] : this.#one[depth]) !== 0;
  }

  accept(term: number, depth: number, found: NearTerm[]): void {
    const last = 1 << this.letters;
    if ((this.#exact[depth]! & last) !== 0) found.push({ term, edits: 0 });
    else if ((this.#one[depth]! & last) !== 0) found.push({ term, edits: 1 });
    else if (this.#edits > 1 && (this.#two[depth]! & last) !== 0) found.push({ term, edits: 2 });
  }

  // Reads the letter at `depth`, computes the states behind it, gives the new depth.
  read(blob: Uint8Array, start: number, depth: number): number {
    const lead = blob[start + depth]!;
    const width = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const mask =
      width === 1 ? this.#ascii[lead]! : (this.#others.get(codePoint(blob, start + depth, width)) ?? 0);
    const next = depth + width;
    // With the letter before it in the word's order reversed: two letters for one edit.
    const swapped = depth === 0 ? 0 : (mask << 1) & this.#mask[depth]!;
    const earlier = this.#before[depth]!;
    const [exact, one, two] = [this.#exact[depth]!, this.#one[depth]!, this.#two[depth]!];
    const exactNext = (exact << 1) & mask;
    const oneSwapped = (this.#exact[earlier]! << 2) & swapped;
    const oneNext = ((one << 1) & mask) | exact | (exact << 1) | (exactNext << 1) | oneSwapped;
    const twoSwapped = (this.#one[earlier]! << 2) & swapped;
    const twoNext = ((two << 1) & mask) | one | (one << 1) | (oneNext << 1) | twoSwapped;
    this.#exact[next] = exactNext & this.#valid;
    this.#one[next] = oneNext & this.#valid;
    this.#two[next] = twoNext & this.#valid;
    this.#before[next] = depth;
    this.#mask[next] = mask;
    return next;
  }
}

const letterStart = (blob: Uint8Array, start: number, depth: number): number => {
  let at = depth;
  while (at > 0 && (blob[start + at]! & 0xc0) === 0x80) at--;
  return at;
};

const codePoint = (blob: Uint8Array, at: number, width: number): number => {
  let code = blob[at]! & (0x7f >> width);
  for (let i = 1; i < width; i++) code = (code << 6) | (blob[at + i]! & 0x3f);
  return code;
};

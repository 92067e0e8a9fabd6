/** Repeatable dice. */
export interface Chance {
  /** A whole number from 0 up to, not including, so many. */
  below(many: number): number;
  pick<T>(from: readonly T[]): T;
  /** Between one and so many, perhaps the same twice. */
  some<T>(from: readonly T[], most: number): T[];
}

/** The same seed throws the same (mulberry32). */
export const makeChance = (seed: number): Chance => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (many: number): number => Math.floor(next() * many);
  const pick = <T>(from: readonly T[]): T => {
    const one = from[below(from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  };
  return { below, pick, some: (from, most) => Array.from({ length: 1 + below(most) }, () => pick(from)) };
};

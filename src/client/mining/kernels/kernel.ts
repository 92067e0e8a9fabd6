/** The innermost loop: SHA-256's rounds over prepared words. Three of them do the same in the same memory layout. */

/** `simd`: four hashes at once in WebAssembly; `scalar`: WebAssembly without SIMD; `script`: JavaScript. */
export type KernelName = 'simd' | 'scalar' | 'script';

/** Hashes that ride side by side: one quad. */
export const LANES = 4;
/** Words of a schedule, or of a block behind it: `K[t] + W[t]` of 64 rounds. */
export const SCHEDULE_WORDS = 64;
/**
 * Words of a quad of midstates, lane by lane within each row of four. Eight rows (a … h) for the state in which the varying
 * word's round leaves it, that word still to be added to `a` and `e`; eight rows for the midstate itself.
 */
export const QUAD_WORDS = 64;
/** The first free word: what lies before it belongs to the kernel. */
export const FREE_WORD = 512;

/** One sweep: a schedule over quads of midstates. All places are word indices. */
export interface Sweep {
  readonly schedule: number;
  /** The round (0–15) whose word varies: the last one that the quads do not contain. */
  readonly round: number;
  /** Quads from here … */
  readonly from: number;
  /** … up to here. */
  readonly to: number;
  /** Blocks behind the nonce's own, the same for every nonce. */
  readonly blocks: number;
  readonly blocksEnd: number;
  /** The hash's first word must be zero under it. */
  readonly mask: number;
}

export interface Kernel {
  readonly name: KernelName;
  /** At least so many words to work in; zeros or what was there before. */
  reserve(words: number): Int32Array;
  /** The first quad in which some lane's hash fits the mask, or -1. */
  sweep(sweep: Sweep): number;
}

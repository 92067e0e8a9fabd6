/**
 * How long a nonce is and what its characters are for. It is any string (NIP-13), so its length is chosen to put the bytes that
 * change where they cost least:
 *
 *     … prefix | lane  filler  midstate │ filler  schedule | suffix, SHA-256's padding
 *                                       ╰ a block's border
 *
 * The two characters called schedule share one 32-bit word of the last block that a nonce reaches, as late in it as the suffix
 * allows; the five called midstate end the block before. Every pair of both is one hash.
 */
import { BLOCK_BYTES, PADDING_BYTES } from '../kernels/sha256-rounds.ts';

/** 64 characters that JSON writes as they are: six bits each. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LANE_CHARACTERS = 3;
const MIDSTATE_CHARACTERS = 5;
const SCHEDULE_CHARACTERS = 2;
const ROUNDS = 64;

const power = (characters: number): number => ALPHABET.length ** characters;
/** Lanes there are: disjoint shares of all nonces. */
export const LANE_COUNT = power(LANE_CHARACTERS);
/** Midstates of one lane. */
export const MIDSTATE_COUNT = power(MIDSTATE_CHARACTERS);
/** Schedules of one event. */
export const SCHEDULE_COUNT = power(SCHEDULE_CHARACTERS);

export interface NonceLayout {
  /** Characters before the border: lane, filler, midstate. */
  readonly head: number;
  /** Characters behind it: filler, schedule. */
  readonly tail: number;
  /** The round (0–15) in which the varying word enters. */
  readonly round: number;
  /** Blocks behind the nonce's last one. */
  readonly blocks: number;
}

/** The cheapest place for a nonce between so many bytes. */
export const layoutNonce = (prefixBytes: number, suffixBytes: number): NonceLayout => {
  const least = LANE_CHARACTERS + MIDSTATE_CHARACTERS;
  const head = least + ((BLOCK_BYTES - ((prefixBytes + least) % BLOCK_BYTES)) % BLOCK_BYTES);
  let best: NonceLayout = { head, tail: 0, round: 0, blocks: Infinity };
  for (let tail = SCHEDULE_CHARACTERS; tail <= BLOCK_BYTES; tail++) {
    const round = (tail - 1) >> 2;
    const sharesWord = (tail - SCHEDULE_CHARACTERS) >> 2 === round;
    const blocks = Math.ceil((tail + suffixBytes + PADDING_BYTES) / BLOCK_BYTES) - 1;
    if (sharesWord && costOf(round, blocks) <= costOf(best.round, best.blocks))
      best = { head, tail, round, blocks };
  }
  return best;
};

/** Rounds a hash takes. */
const costOf = (round: number, blocks: number): number => ROUNDS - round + blocks * ROUNDS;

const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));

/** Spells a number so that it ends at `end`. */
const spell = (value: number, characters: number, bytes: Uint8Array, end: number): void => {
  for (let rest = value, at = end - 1; at >= end - characters; at--, rest = Math.floor(rest / CODES.length))
    bytes[at] = CODES[rest % CODES.length] as number;
};

/** Writes the characters before the border at the end of `bytes`. */
export const writeHead = ({ head }: NonceLayout, lane: number, midstate: number, bytes: Uint8Array): void => {
  const begin = bytes.length - head;
  bytes.fill(CODES[0] as number, begin);
  spell(lane, LANE_CHARACTERS, bytes, begin + LANE_CHARACTERS);
  writeMidstate(midstate, bytes);
};

/** Writes only the characters of the midstate there. */
export const writeMidstate = (midstate: number, bytes: Uint8Array): void =>
  spell(midstate, MIDSTATE_CHARACTERS, bytes, bytes.length);

/** Writes the characters behind the border at the beginning of `bytes`. */
export const writeTail = ({ tail }: NonceLayout, schedule: number, bytes: Uint8Array): void => {
  bytes.fill(CODES[0] as number, 0, tail);
  spell(schedule, SCHEDULE_CHARACTERS, bytes, tail);
};

const decoder = new TextDecoder();

/** The whole nonce. */
export const nonceText = (layout: NonceLayout, lane: number, midstate: number, schedule: number): string => {
  const bytes = new Uint8Array(layout.head + layout.tail);
  writeHead(layout, lane, midstate, bytes.subarray(0, layout.head));
  writeTail(layout, schedule, bytes.subarray(layout.head));
  return decoder.decode(bytes);
};

/** The words of a grid in a kernel's memory: message schedules, midstates with their first rounds done, the blocks behind. */
import { FREE_WORD, LANES, QUAD_WORDS, SCHEDULE_WORDS } from '../kernels/kernel.ts';
import type { Kernel } from '../kernels/kernel.ts';
import {
  advance,
  BLOCK_BYTES,
  compress,
  initialState,
  PADDING_BYTES,
  writeSchedule,
} from '../kernels/sha256-rounds.ts';
import { layoutNonce, SCHEDULE_COUNT, writeHead, writeMidstate, writeTail } from './nonce-layout.ts';
import type { NonceLayout } from './nonce-layout.ts';
import type { WorkParts } from './work-parts.ts';

/** Midstates in the grid at a time: with a schedule they fit the processor's nearest memory. */
export const MIDSTATES = 256;
const ROWS = 8;
const SCHEDULES_AT = FREE_WORD;
const QUADS_AT = SCHEDULES_AT + SCHEDULE_COUNT * SCHEDULE_WORDS;
const BLOCKS_AT = QUADS_AT + (MIDSTATES / LANES) * QUAD_WORDS;

export class GridWords {
  readonly layout: NonceLayout;
  readonly #words: Int32Array;
  #prefix: Uint8Array;
  /** Everything behind the border with SHA-256's padding, for the first schedule. */
  readonly #rest: Uint8Array;
  readonly #midstate = initialState();
  readonly #state = initialState();
  #schedules = 0;

  /** Takes the memory and writes the blocks behind the nonce's. */
  constructor(kernel: Kernel, { prefix, suffix }: WorkParts) {
    this.layout = layoutNonce(prefix.length, suffix.length);
    const { head, tail, blocks } = this.layout;
    this.#prefix = prefix;
    this.#rest = padded(tail, suffix, prefix.length + head);
    writeTail(this.layout, 0, this.#rest);
    this.#words = kernel.reserve(BLOCKS_AT + blocks * SCHEDULE_WORDS);
    for (let block = 0; block < blocks; block++)
      writeSchedule(this.#rest, (block + 1) * BLOCK_BYTES, this.#words, BLOCKS_AT + block * SCHEDULE_WORDS);
  }

  /** Other bytes before the nonce, of the same length: the schedules stay, midstates are to be written anew. */
  renew(prefix: Uint8Array): void {
    this.#prefix = prefix;
  }

  get blocks(): { readonly blocks: number; readonly blocksEnd: number } {
    return { blocks: BLOCKS_AT, blocksEnd: BLOCKS_AT + this.layout.blocks * SCHEDULE_WORDS };
  }

  /** Where the quad of this midstate (a multiple of four below `MIDSTATES`) lies. */
  quadAt(midstate: number): number {
    return QUADS_AT + (midstate / LANES) * QUAD_WORDS;
  }

  /** The midstate whose quad lies here: `quadAt` the other way round. */
  midstateAt(quad: number): number {
    return ((quad - QUADS_AT) / QUAD_WORDS) * LANES;
  }

  /** Where this schedule lies; written with all before it when it is first asked for. */
  scheduleAt(schedule: number): number {
    for (; this.#schedules <= schedule; this.#schedules++) {
      writeTail(this.layout, this.#schedules, this.#rest);
      writeSchedule(this.#rest, 0, this.#words, SCHEDULES_AT + this.#schedules * SCHEDULE_WORDS);
    }
    return SCHEDULES_AT + schedule * SCHEDULE_WORDS;
  }

  /** Writes `MIDSTATES` midstates of a lane, from this one on. */
  writeMidstates(lane: number, first: number): void {
    const schedule = this.#words.subarray(this.scheduleAt(0));
    const bytes = new Uint8Array(this.#prefix.length + this.layout.head);
    bytes.set(this.#prefix);
    writeHead(this.layout, lane, first, bytes);
    const base = initialState();
    compress(base, bytes.subarray(0, -BLOCK_BYTES));
    const lastBlock = bytes.subarray(-BLOCK_BYTES);
    for (let i = 0; i < MIDSTATES; i++) {
      writeMidstate(first + i, lastBlock);
      this.#midstate.set(base);
      compress(this.#midstate, lastBlock);
      this.#writeRows(this.quadAt(i - (i % LANES)) + (i % LANES), schedule);
    }
  }

  /** One lane of a quad: the state behind its first rounds, without the varying word, and the midstate. */
  #writeRows(at: number, schedule: Int32Array): void {
    const { round } = this.layout;
    const varying = schedule[round] as number;
    const midstate = this.#midstate;
    const state = this.#state;
    state.set(midstate);
    advance(state, schedule, 0, 0, round + 1);
    state[0] = (state[0] as number) - varying;
    state[4] = (state[4] as number) - varying;
    for (let row = 0; row < ROWS; row++) {
      this.#words[at + row * LANES] = state[row] as number;
      this.#words[at + (ROWS + row) * LANES] = midstate[row] as number;
    }
  }
}

/** The last blocks of a message (FIPS 180-4, 5.1.1): `tail` bytes left empty, the suffix, the padding. */
const padded = (tail: number, suffix: Uint8Array, before: number): Uint8Array => {
  const length = tail + suffix.length;
  const bytes = new Uint8Array(Math.ceil((length + PADDING_BYTES) / BLOCK_BYTES) * BLOCK_BYTES);
  bytes.set(suffix, tail);
  bytes[length] = 0x80;
  new DataView(bytes.buffer).setBigUint64(bytes.length - 8, BigInt(before + length) * 8n);
  return bytes;
};

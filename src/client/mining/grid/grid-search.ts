/**
 * The search through a lane's nonces, as a grid: a few thousand message schedules, written once an event, times a few hundred
 * midstates at a time. Each pair is one hash, and the kernel's loop over the pairs does neither schedules nor first rounds.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { countLeadingZeroBits } from '#protocol/proof-of-work.ts';
import { LANES } from '../kernels/kernel.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { GridWords, MIDSTATES } from './grid-words.ts';
import { MIDSTATE_COUNT, nonceText, SCHEDULE_COUNT } from './nonce-layout.ts';
import type { WorkParts } from './work-parts.ts';

/** A search through one lane's nonces, in batches. */
export interface NonceSearch {
  /** How many of the lane's nonces lie behind. Another search of the same lane can go on from there. */
  readonly position: number;
  /** Tries about so many, at least four; fewer when it finds one. */
  run(most: number): Batch;
  /** Goes on with other bytes around the nonce (a newer `created_at`). */
  renew(parts: WorkParts): void;
}

export interface Batch {
  readonly hashes: number;
  /** A nonce that reaches the target. */
  readonly nonce?: string;
}

export interface LaneStart {
  /** 0 … `LANE_COUNT`: searches of different lanes never try the same nonce. */
  readonly lane: number;
  /** Nonces already tried, a multiple of four below `LANE_SIZE`. */
  readonly position: number;
}

const GRID = SCHEDULE_COUNT * MIDSTATES;
/** Nonces of one lane. */
export const LANE_SIZE = SCHEDULE_COUNT * MIDSTATE_COUNT;

const encoder = new TextEncoder();

export class GridSearch implements NonceSearch {
  position: number;
  readonly #kernel: Kernel;
  readonly #lane: number;
  readonly #bits: number;
  readonly #mask: number;
  #parts: WorkParts;
  #words: GridWords;
  /** Which grid's midstates are written. */
  #grid = -1;

  constructor(kernel: Kernel, parts: WorkParts, bits: number, { lane, position }: LaneStart) {
    this.#kernel = kernel;
    this.#lane = lane;
    this.#bits = bits;
    this.#mask = bits >= 32 ? -1 : ~(-1 >>> bits);
    this.#parts = parts;
    this.#words = new GridWords(kernel, parts);
    this.position = position;
  }

  renew(parts: WorkParts): void {
    const isAlike =
      parts.prefix.length === this.#parts.prefix.length && sameBytes(parts.suffix, this.#parts.suffix);
    this.#parts = parts;
    if (isAlike) this.#words.renew(parts.prefix);
    else this.#words = new GridWords(this.#kernel, parts);
    this.#grid = -1;
  }

  run(most: number): Batch {
    const wanted = Math.max(LANES, most - (most % LANES));
    let hashes = 0;
    while (hashes < wanted) {
      const batch = this.#sweep(wanted - hashes);
      hashes += batch.hashes;
      if (batch.nonce !== undefined) return { hashes, nonce: batch.nonce };
    }
    return { hashes };
  }

  /** The nonce at a position. */
  nonceAt(position: number): string {
    const schedule = Math.floor((position % GRID) / MIDSTATES);
    const midstate = Math.floor(position / GRID) * MIDSTATES + (position % MIDSTATES);
    return nonceText(this.#words.layout, this.#lane, midstate, schedule);
  }

  /** What is left of one schedule, up to the first quad that may hold a find. */
  #sweep(most: number): Batch {
    this.#enterGrid(Math.floor(this.position / GRID));
    const first = this.position % MIDSTATES;
    const end = Math.min(MIDSTATES, first + most);
    const from = this.#words.quadAt(first);
    const quad = this.#kernel.sweep({
      schedule: this.#words.scheduleAt(Math.floor((this.position % GRID) / MIDSTATES)),
      round: this.#words.layout.round,
      from,
      to: this.#words.quadAt(end),
      ...this.#words.blocks,
      mask: this.#mask,
    });
    const passed = quad < 0 ? end - first : this.#words.midstateAt(quad) - first;
    const nonce = quad < 0 ? undefined : this.#find(this.position + passed);
    const hashes = quad < 0 ? passed : passed + LANES;
    this.position = (this.position + hashes) % LANE_SIZE;
    return nonce === undefined ? { hashes } : { hashes, nonce };
  }

  #enterGrid(grid: number): void {
    if (grid === this.#grid) return;
    this.#words.writeMidstates(this.#lane, grid * MIDSTATES);
    this.#grid = grid;
  }

  /** The first of a quad's four nonces that reaches the target: the kernel's mask knows only 32 bits of it. */
  #find(position: number): string | undefined {
    const { prefix, suffix } = this.#parts;
    for (let at = position; at < position + LANES; at++) {
      const nonce = this.nonceAt(at);
      const hash = sha256.create().update(prefix).update(encoder.encode(nonce)).update(suffix).digest();
      if (countLeadingZeroBits(bytesToHex(hash)) >= this.#bits) return nonce;
    }
    return undefined;
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

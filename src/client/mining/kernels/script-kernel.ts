/** The kernel for browsers without WebAssembly: the same sweep, one lane after the other. */
import { LANES, QUAD_WORDS, SCHEDULE_WORDS } from './kernel.ts';
import type { Kernel, Sweep } from './kernel.ts';
import { addState, advance } from './sha256-rounds.ts';

const STATE_ROWS = 8;

export class ScriptKernel implements Kernel {
  readonly name = 'script';
  #words = new Int32Array(0);
  readonly #state = new Int32Array(STATE_ROWS);
  readonly #chain = new Int32Array(STATE_ROWS);

  reserve(words: number): Int32Array {
    if (this.#words.length < words) {
      const larger = new Int32Array(words);
      larger.set(this.#words);
      this.#words = larger;
    }
    return this.#words;
  }

  sweep(sweep: Sweep): number {
    for (let quad = sweep.from; quad < sweep.to; quad += QUAD_WORDS)
      for (let lane = 0; lane < LANES; lane++)
        if ((this.#topWord(sweep, quad + lane) & sweep.mask) === 0) return quad;
    return -1;
  }

  /** The first word of the hash of one lane. */
  #topWord({ schedule, round, blocks, blocksEnd }: Sweep, lane: number): number {
    const words = this.#words;
    const state = this.#state;
    const chain = this.#chain;
    const varying = words[schedule + round] as number;
    for (let row = 0; row < STATE_ROWS; row++) {
      state[row] = words[lane + row * LANES] as number;
      chain[row] = words[lane + (STATE_ROWS + row) * LANES] as number;
    }
    state[0] = (state[0] as number) + varying;
    state[4] = (state[4] as number) + varying;
    advance(state, words, schedule, round + 1, SCHEDULE_WORDS);
    for (let block = blocks; block < blocksEnd; block += SCHEDULE_WORDS) {
      addState(state, chain);
      chain.set(state);
      advance(state, words, block, 0, SCHEDULE_WORDS);
    }
    return (state[0] as number) + (chain[0] as number);
  }
}

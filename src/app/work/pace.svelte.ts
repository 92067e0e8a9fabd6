/** How fast this device works, measured when a screen wants to say what something costs. */
import { expectedHashes } from '#protocol/proof-of-work.ts';
import type { Miner } from '#client/mining/miner.ts';

export class Pace {
  /** Hashes a second; undefined until measured. */
  rate = $state.raw<number | undefined>();
  readonly #miner: Pick<Miner, 'calibrate'>;

  constructor(miner: Pick<Miner, 'calibrate'>) {
    this.#miner = miner;
  }

  /** Measures (some 50 ms in workers), or takes what is known. */
  async measure(): Promise<void> {
    this.rate = await this.#miner.calibrate();
  }

  /** Mean seconds for so many bits; undefined until measured. */
  secondsFor(bits: number): number | undefined {
    if (bits <= 0) return 0;
    return this.rate ? expectedHashes(bits) / this.rate : undefined;
  }
}

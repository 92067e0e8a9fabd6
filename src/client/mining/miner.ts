/** The face of the proof-of-work workers. */
import type { UnsignedEvent } from '#protocol/event.ts';
import type { Failure, Result } from '#shared/result.ts';

/** Numbers while mining: work has no memory, so there is a rate and odds, never a remainder. */
export interface MiningProgress {
  /** Hashes done so far. */
  readonly hashes: number;
  /** Hashes a second, over the last few seconds. */
  readonly rate: number;
  /** Chance (0–1) to have been done by now. */
  readonly odds: number;
  /** Mean seconds for this target at this rate. */
  readonly expectedSeconds: number;
}

export interface MiningOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: MiningProgress) => void;
  /** Hashes done for this event before a pause or a reload; counted into `hashes` and `odds`. */
  readonly already?: number;
}

export interface Miner {
  /**
   * Finds a nonce so that the event's id has `bits` leading zero bits, committed to in a last `nonce` tag (NIP-13).
   * `created_at` may be moved forward while mining. Runs in workers; `cancelled` on abort, `impossible` beyond 40 bits.
   */
  mine(
    event: UnsignedEvent,
    bits: number,
    options?: MiningOptions,
  ): Promise<Result<UnsignedEvent, Failure<'cancelled' | 'impossible' | 'worker'>>>;
  /** Hashes a second on this device with the present workers, measured within 50 ms and remembered. */
  calibrate(): Promise<number>;
}

/** The miner: NIP-13 work for any event, over a crew of workers. */
import { eventId } from '#protocol/event.ts';
import type { UnsignedEvent } from '#protocol/event.ts';
import { PROFILE } from '#protocol/kinds.ts';
import { countLeadingZeroBits, expectedHashes, oddsAfter } from '#protocol/proof-of-work.ts';
import { fail, ok } from '#shared/result.ts';
import { systemClock, YEAR } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { Crew } from './crew.ts';
import type { Shift } from './crew.ts';
import type { Miner, MiningOptions, MiningProgress } from './miner.ts';
import { RateMeter } from './rate-meter.ts';
import type { MiningWorker } from './worker-messages.ts';
import { withNonce, workParts } from './work-parts.ts';

export interface MinerPoolOptions {
  readonly spawn: () => MiningWorker;
  /** How many workers to use, asked at the start of each piece of work; half the cores when absent. */
  readonly workers?: () => number;
  readonly clock?: Clock;
  /** Seconds after which `created_at` is moved to the present while mining. */
  readonly refreshAfter?: number;
  readonly idleMs?: number;
}

type Mined = Awaited<ReturnType<Miner['mine']>>;

const MOST_BITS = 40;
const REFRESH_AFTER = 120;
const REPORT_MS = 200;
const CALIBRATE_MS = 20;
const ASSUMED_RATE = 250_000;

/** Half of the machine's cores, at least one. */
export const defaultWorkers = (): number =>
  Math.max(1, Math.floor((globalThis.navigator?.hardwareConcurrency ?? 2) / 2));

export class MinerPool implements Miner {
  readonly #crew: Crew;
  readonly #clock: Clock;
  readonly #refreshAfter: number;
  #rate: number | undefined;

  constructor({ spawn, workers = defaultWorkers, clock = systemClock, ...options }: MinerPoolOptions) {
    const idle = options.idleMs === undefined ? {} : { idleMs: options.idleMs };
    this.#crew = new Crew({ spawn, size: workers, ...idle });
    this.#clock = clock;
    this.#refreshAfter = options.refreshAfter ?? REFRESH_AFTER;
  }

  async mine(event: UnsignedEvent, bits: number, options: MiningOptions = {}): Promise<Mined> {
    if (options.signal?.aborted) return cancelled();
    if (bits <= 0) return ok(event);
    if (bits > MOST_BITS) return impossible(bits, this.#rate ?? ASSUMED_RATE);
    return new Promise((resolve) => this.#work(event, bits, options, resolve));
  }

  async calibrate(): Promise<number> {
    return (this.#rate ??= await this.#measure());
  }

  /** Ends the workers. Work under way never resolves: for the end of a page. */
  dispose(): void {
    this.#crew.dispose();
  }

  #work(
    event: UnsignedEvent,
    bits: number,
    { signal, onProgress, already = 0 }: MiningOptions,
    resolve: (mined: Mined) => void,
  ): void {
    let current = event;
    let begun = this.#clock.now();
    let reported = 0;
    const meter = new RateMeter(performance.now());
    const end = (mined: Mined): void => {
      signal?.removeEventListener('abort', abort);
      shift.stop();
      resolve(mined);
    };
    const abort = (): void => end(cancelled());
    const refresh = (): void => {
      begun = this.#clock.now();
      if (begun <= current.created_at) return;
      current = { ...current, created_at: begun };
      shift.renew(workParts(current, bits));
    };
    signal?.addEventListener('abort', abort, { once: true });
    const shift: Shift = this.#crew.begin(workParts(current, bits), bits, {
      tried: (hashes) => {
        const now = performance.now();
        meter.add(hashes, now);
        if (now - reported >= REPORT_MS) {
          reported = now;
          this.#rate = meter.rate(now);
          onProgress?.(progressOf(already + meter.total, this.#rate, bits));
        }
        if (this.#clock.now() - begun >= this.#refreshAfter) refresh();
      },
      found: (nonce) => end(checked(withNonce(current, nonce, bits), bits)),
      lost: (reason) => end(fail('worker', 'The work stopped: this browser ended its workers.', reason)),
    });
  }

  /** A target nobody reaches, measured until every worker has computed for 20 ms. */
  #measure(): Promise<number> {
    const shares = new Map<number, { hashes: number; ms: number }>();
    const event: UnsignedEvent = {
      kind: PROFILE,
      tags: [],
      content: '',
      created_at: 0,
      pubkey: '0'.repeat(64),
    };
    return new Promise((resolve) => {
      const end = (): void => {
        shift.stop();
        const rate = [...shares.values()].reduce(
          (sum, { hashes, ms }) => sum + (hashes / Math.max(ms, 0.01)) * 1000,
          0,
        );
        resolve(rate || ASSUMED_RATE);
      };
      const shift: Shift = this.#crew.begin(workParts(event, 256), 256, {
        tried: (hashes, ms, share) => {
          const before = shares.get(share) ?? { hashes: 0, ms: 0 };
          shares.set(share, { hashes: before.hashes + hashes, ms: before.ms + ms });
          const measured = [...shares.values()].filter((done) => done.ms >= CALIBRATE_MS);
          if (measured.length >= shift.shares) end();
        },
        found: end,
        lost: end,
      });
    });
  }
}

const cancelled = (): Mined => fail('cancelled', 'You stopped this.');

const impossible = (bits: number, rate: number): Mined => {
  const years = expectedHashes(bits) / rate / YEAR;
  const words = years < 1000 ? `${Math.max(1, Math.round(years))} years` : 'thousands of years';
  return fail('impossible', `This asks for ${bits} bits of work: about ${words} on this device.`);
};

const progressOf = (hashes: number, rate: number, bits: number): MiningProgress => ({
  hashes,
  rate,
  odds: oddsAfter(hashes, bits),
  expectedSeconds: rate > 0 ? expectedHashes(bits) / rate : Infinity,
});

/** Trust, but hash: a kernel's word is checked once before work is called done. */
const checked = (event: UnsignedEvent, bits: number): Mined =>
  countLeadingZeroBits(eventId(event)) >= bits
    ? ok(event)
    : fail('worker', 'The work went wrong: its result does not hold. Try again.');

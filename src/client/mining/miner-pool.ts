/** The miner: NIP-13 work for any event, over a crew of workers. */
import { eventId } from '#protocol/event.ts';
import type { UnsignedEvent } from '#protocol/event.ts';
import { countLeadingZeroBits, expectedHashes, oddsAfter } from '#protocol/proof-of-work.ts';
import { fail, ok } from '#shared/result.ts';
import { systemClock, YEAR } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { measureRate } from './calibration.ts';
import { Crew } from './crew.ts';
import type { Shift } from './crew.ts';
import { Editions } from './editions.ts';
import { withNonce } from './grid/work-parts.ts';
import type { KernelSource } from './kernels/kernel-source.ts';
import type { Miner, MiningOptions, MiningProgress } from './miner.ts';
import { FleetingRates } from './rate-memory.ts';
import type { RateMemory } from './rate-memory.ts';
import { RateMeter } from './rate-meter.ts';
import type { MiningWorker } from './worker-messages.ts';

export interface MinerPoolOptions {
  readonly spawn: () => MiningWorker;
  /** Loads the kernel, once, when the first work comes; the one in JavaScript when absent. */
  readonly kernel?: () => Promise<KernelSource>;
  /** How many workers to use, asked at the start of each piece of work; half the cores when absent. */
  readonly workers?: () => number;
  readonly rates?: RateMemory;
  readonly clock?: Clock;
  /** Milliseconds that only go forward. */
  readonly monotonic?: () => number;
  /** Seconds after which `created_at` is moved to the present while mining. */
  readonly refreshAfter?: number;
  readonly idleMs?: number;
}

type Mined = Awaited<ReturnType<Miner['mine']>>;

const MOST_BITS = 40;
const REFRESH_AFTER = 120;
const REPORT_MS = 200;
/** A rate is worth keeping after this many milliseconds of work. */
const TELLING_MS = 1000;
const ASSUMED_RATE = 1_000_000;
const SCRIPT: KernelSource = { name: 'script' };

/** Half of the machine's cores, at least one. */
export const defaultWorkers = (): number =>
  Math.max(1, Math.floor((globalThis.navigator?.hardwareConcurrency ?? 2) / 2));

export class MinerPool implements Miner {
  readonly #crew: Crew;
  readonly #rates: RateMemory;
  readonly #workers: () => number;
  readonly #timing: ConstructorParameters<typeof Editions>[2];
  readonly #load: () => Promise<KernelSource>;
  #loading: Promise<void> | undefined;
  #kernel = SCRIPT;
  #measuring: Promise<number> | undefined;

  constructor({ spawn, kernel, workers = defaultWorkers, ...options }: MinerPoolOptions) {
    const idle = options.idleMs === undefined ? {} : { idleMs: options.idleMs };
    this.#crew = new Crew({ spawn, size: workers, kernel: () => this.#kernel, ...idle });
    this.#workers = workers;
    this.#load = kernel ?? (() => Promise.resolve(SCRIPT));
    this.#rates = options.rates ?? new FleetingRates();
    this.#timing = {
      clock: options.clock ?? systemClock,
      monotonic: options.monotonic ?? (() => performance.now()),
      refreshAfter: options.refreshAfter ?? REFRESH_AFTER,
    };
  }

  async mine(event: UnsignedEvent, bits: number, options: MiningOptions = {}): Promise<Mined> {
    if (options.signal?.aborted) return cancelled();
    if (bits <= 0) return ok(event);
    if (bits > MOST_BITS) return impossible(bits, await this.calibrate());
    await this.#equip();
    if (options.signal?.aborted) return cancelled();
    return new Promise((resolve) => this.#work(event, bits, options, resolve));
  }

  async calibrate(): Promise<number> {
    const known = this.#rates.read(this.#workers());
    if (known !== undefined) return known;
    return (this.#measuring ??= this.#measure().finally(() => (this.#measuring = undefined)));
  }

  /** Ends the workers. Work under way never resolves: for the end of a page. */
  dispose(): void {
    this.#crew.dispose();
  }

  #equip(): Promise<void> {
    return (this.#loading ??= this.#load().then((kernel) => void (this.#kernel = kernel)));
  }

  async #measure(): Promise<number> {
    await this.#equip();
    const workers = this.#workers();
    const isAlone = this.#crew.load === 0;
    const rate = await measureRate(this.#crew);
    if (rate !== undefined && isAlone) this.#rates.write(workers, rate);
    return rate ?? ASSUMED_RATE;
  }

  #work(
    event: UnsignedEvent,
    bits: number,
    { signal, onProgress, already = 0 }: MiningOptions,
    resolve: (mined: Mined) => void,
  ): void {
    const began = performance.now();
    const editions = new Editions(event, bits, this.#timing);
    const meter = new RateMeter(began);
    let reported = 0;
    let isAlone = true;
    const end = (mined: Mined): void => {
      signal?.removeEventListener('abort', abort);
      const now = performance.now();
      if (isAlone && now - began > TELLING_MS) this.#rates.write(shift.shares, meter.rate(now));
      shift.stop();
      resolve(mined);
    };
    const abort = (): void => end(cancelled());
    signal?.addEventListener('abort', abort, { once: true });
    const shift: Shift = this.#crew.begin(editions.latest, bits, {
      tried: (hashes) => {
        const now = performance.now();
        meter.add(hashes, now);
        isAlone &&= this.#crew.load === 1;
        if (now - reported >= REPORT_MS) {
          reported = now;
          onProgress?.(progressOf(already + meter.total, meter.rate(now), bits));
        }
        const newer = editions.refresh();
        if (newer) shift.renew(newer);
      },
      found: (nonce, edition) => end(checked(editions.eventOf(edition), nonce, bits)),
      lost: (reason) => end(fail('worker', 'The work stopped: this browser ended its workers.', reason)),
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
const checked = (event: UnsignedEvent | undefined, nonce: string, bits: number): Mined => {
  const mined = event && withNonce(event, nonce, bits);
  return mined && countLeadingZeroBits(eventId(mined)) >= bits
    ? ok(mined)
    : fail('worker', 'The work went wrong: its result does not hold. Try again.');
};

/** How fast this device mines, kept from visit to visit: a cost can then be told before anything was measured. */

/** Hashes a second by number of workers. */
export interface RateMemory {
  read(workers: number): number | undefined;
  write(workers: number, rate: number): void;
}

/** Forgets with the page. */
export class FleetingRates implements RateMemory {
  readonly #rates = new Map<number, number>();

  read(workers: number): number | undefined {
    return this.#rates.get(workers);
  }
  write(workers: number, rate: number): void {
    this.#rates.set(workers, rate);
  }
}

const KEY = 'city.mining-rates';

/** Keeps them in the browser's storage; what it holds is believed only where it makes sense. */
export class KeptRates implements RateMemory {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
  }

  read(workers: number): number | undefined {
    const rate = this.#all()[String(workers)];
    return typeof rate === 'number' && Number.isFinite(rate) && rate > 0 ? rate : undefined;
  }

  write(workers: number, rate: number): void {
    try {
      this.#storage.setItem(KEY, JSON.stringify({ ...this.#all(), [workers]: Math.round(rate) }));
    } catch {
      // A full or forbidden storage: the rate is measured again next time.
    }
  }

  #all(): Record<string, unknown> {
    try {
      const kept: unknown = JSON.parse(this.#storage.getItem(KEY) ?? '{}');
      return typeof kept === 'object' && kept !== null ? { ...kept } : {};
    } catch {
      return {};
    }
  }
}

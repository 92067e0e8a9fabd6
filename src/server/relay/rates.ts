/** Token buckets: so many a second on average, so many at once. */

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What strangers may do; generous for people, tight for floods. */
export interface Rates {
  /** Messages of any sort from one address. */
  readonly messages: Rate;
  /** New connections from one address. */
  readonly connections: Rate;
  /** Events by one key. */
  readonly events: Rate;
  /** Questions (REQ, COUNT) from one address. */
  readonly questions: Rate;
}

export const DEFAULT_RATES: Rates = {
  messages: { perSecond: 200, burst: 2000 },
  connections: { perSecond: 20, burst: 200 },
  events: { perSecond: 10, burst: 120 },
  questions: { perSecond: 50, burst: 600 },
};

interface Bucket {
  tokens: number;
  at: number;
}

const MANY = 50_000;

/** Buckets by name; forgets those that are full again. Times in milliseconds. */
export class RateLimiter {
  #rate: Rate;
  #now: () => number;
  #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, now: () => number = () => Date.now()) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Takes one token; false when there is none. */
  take(name: string): boolean {
    const now = this.#now();
    const { perSecond, burst } = this.#rate;
    const before = this.#buckets.get(name) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, before.tokens + (Math.max(0, now - before.at) / 1000) * perSecond);
    const allowed = tokens >= 1;
    this.#buckets.set(name, { tokens: allowed ? tokens - 1 : tokens, at: now });
    if (this.#buckets.size > MANY) this.#forgetFull(now);
    return allowed;
  }

  #forgetFull(now: number): void {
    const { perSecond, burst } = this.#rate;
    for (const [name, { tokens, at }] of this.#buckets)
      if (tokens + ((now - at) / 1000) * perSecond >= burst) this.#buckets.delete(name);
  }
}

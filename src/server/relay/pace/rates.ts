/** Token buckets: so many a second on average, so many at once. */
import type { NostrEvent } from '#protocol/event.ts';
import { isEphemeral } from '#protocol/kinds.ts';
import { groupOf } from '#protocol/tags.ts';

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
  /** What somebody wrote while away: events of places by one key, beyond `events`. */
  readonly backlog: Rate;
  /** The same from one address, whatever the keys. */
  readonly backlogByAddress: Rate;
  /** Questions (each filter of a REQ or COUNT) from one address. */
  readonly questions: Rate;
}

export const DEFAULT_RATES: Rates = {
  messages: { perSecond: 200, burst: 2000 },
  connections: { perSecond: 20, burst: 200 },
  events: { perSecond: 10, burst: 120 },
  backlog: { perSecond: 0.5, burst: 1500 },
  backlogByAddress: { perSecond: 2, burst: 5000 },
  questions: { perSecond: 50, burst: 600 },
};

interface Bucket {
  tokens: number;
  at: number;
  isResting: boolean;
}

const MANY = 50_000;

/** Buckets by name; forgets those that are full again. Times in milliseconds. */
export class RateLimiter {
  #rate: Rate;
  #now: () => number;
  #resumeAt: number;
  #buckets = new Map<string, Bucket>();
  #sweepAt = MANY;

  /** An empty bucket gives nothing until it holds `resumeAt` tokens again (or is full). */
  constructor(rate: Rate, now: () => number = () => Date.now(), resumeAt = 1) {
    this.#rate = rate;
    this.#now = now;
    this.#resumeAt = Math.min(rate.burst, resumeAt);
  }

  /** Takes a token, or so many; false (and none taken) when there are not enough. */
  take(name: string, amount = 1): boolean {
    const now = this.#now();
    const { perSecond, burst } = this.#rate;
    const before = this.#buckets.get(name) ?? { tokens: burst, at: now, isResting: false };
    const tokens = Math.min(burst, before.tokens + (Math.max(0, now - before.at) / 1000) * perSecond);
    const allowed = tokens >= Math.max(amount, before.isResting ? this.#resumeAt : 0);
    this.#buckets.set(name, { tokens: allowed ? tokens - amount : tokens, at: now, isResting: !allowed });
    if (this.#buckets.size > this.#sweepAt) this.#forgetFull(now);
    return allowed;
  }

  #forgetFull(now: number): void {
    const { perSecond, burst } = this.#rate;
    for (const [name, { tokens, at }] of this.#buckets)
      if (tokens + ((now - at) / 1000) * perSecond >= burst) this.#buckets.delete(name);
    // Those that are not full stay: a crowd of them must not be looked through again at every step.
    this.#sweepAt = Math.max(MANY, this.#buckets.size * 2);
  }
}

/**
 * Somebody sends line after line without waiting for each answer: where one is refused, the next ones behind it must be too, or
 * they would overtake it.
 */
const RESUME = 5;

/** What may be a backlog: words for a place. Whether the key may speak there is the ledger's question. */
const mayWait = (event: NostrEvent): boolean => groupOf(event) !== undefined && !isEphemeral(event.kind);

/**
 * The pace of events. Who comes back from the underground sends at once what was written there: a second, larger bucket
 * takes it, used only when the first is empty and only for places. It refills slowly, so a key gains one burst, not a
 * faster pace; and many keys behind one address share that address's own.
 */
export class EventPace {
  #events: RateLimiter;
  #backlog: RateLimiter;
  #byAddress: RateLimiter;

  constructor(rates: Pick<Rates, 'events' | 'backlog' | 'backlogByAddress'>, now?: () => number) {
    this.#events = new RateLimiter(rates.events, now, RESUME);
    this.#backlog = new RateLimiter(rates.backlog, now, RESUME);
    this.#byAddress = new RateLimiter(rates.backlogByAddress, now, RESUME);
  }

  /** Before the signature is checked: counts for this key at this address alone, so forgeries take nothing from its owner. */
  takeUnproven(event: NostrEvent, address: string): boolean {
    const name = `${address} ${event.pubkey}`;
    return this.#events.take(name) || (mayWait(event) && this.#backlog.take(name));
  }

  /** Once the signature holds: counts for the key, and what is backlog for the address too. */
  takeProven(event: NostrEvent, address: string): boolean {
    if (this.#events.take(event.pubkey)) return true;
    return mayWait(event) && this.#backlog.take(event.pubkey) && this.#byAddress.take(address);
  }
}

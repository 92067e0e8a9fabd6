/** Keeps what stands in a composer, a moment after the last key. */
import type { City } from '#client/city/city.ts';
import type { After } from './deeds.svelte.ts';

const PAUSE_MS = 500;

/** One conversation's draft on its way into the log. */
export class DraftKeeper {
  readonly #city: Pick<City, 'record'>;
  readonly #conversation: string;
  readonly #after: After;
  readonly #now: () => number;
  #kept: string;
  #waiting: string | undefined;
  #stop: () => void = () => undefined;

  constructor(city: Pick<City, 'record'>, conversation: string, after: After, now: () => number, kept = '') {
    this.#city = city;
    this.#conversation = conversation;
    this.#after = after;
    this.#now = now;
    this.#kept = kept;
  }

  /** The text as it is now (wire form); empty ends the draft. */
  keep(text: string): void {
    this.#stop();
    this.#waiting = text;
    this.#stop = this.#after(PAUSE_MS, () => void this.flush());
  }

  /** Writes what waits, if it differs from what is kept. Resolves once it is kept. */
  async flush(): Promise<void> {
    this.#stop();
    const text = this.#waiting;
    this.#waiting = undefined;
    if (text === undefined || text === this.#kept) return;
    this.#kept = text;
    await this.#city.record({
      type: 'DraftKept',
      v: 1,
      conversation: this.#conversation,
      text,
      at: this.#now(),
    });
  }
}

/** Who is writing just now (kind 20015): heard while it is so, said now and then while one writes oneself. */
import type { City } from '#client/city/city.ts';
import { isTypingNow, makeTyping, TYPING_HOLDS } from '#protocol/direct/typing.ts';
import { TYPING } from '#protocol/kinds.ts';
import { systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { timeout } from './deeds.svelte.ts';
import type { After } from './deeds.svelte.ts';

/** Seconds between two words that one is writing. */
const SAID_EVERY = 3;
/** A crowd of more is not counted. */
const MOST_WRITERS = 20;

interface WritersOptions {
  readonly group: string;
  readonly clock?: Clock | undefined;
  readonly after?: After | undefined;
}

export class Writers {
  /** Keys of those who write, who began first first. */
  now = $state.raw<readonly string[]>([]);
  readonly #city: Pick<City, 'listen' | 'say' | 'account'>;
  readonly #group: string;
  readonly #clock: Clock;
  readonly #after: After;
  readonly #ends: Record<string, () => void> = {};
  readonly #stop: () => void;
  #saidAt = 0;
  #later: (() => void) | undefined;

  constructor(city: Pick<City, 'listen' | 'say' | 'account'>, { group, clock, after }: WritersOptions) {
    this.#city = city;
    this.#group = group;
    this.#clock = clock ?? systemClock;
    this.#after = after ?? timeout;
    const filters = [{ kinds: [TYPING], '#h': [group] }];
    this.#stop = city.listen({ filters }, (event) => {
      if (event.pubkey !== city.account?.pubkey && isTypingNow(event, this.#clock.now()))
        this.#begun(event.pubkey);
    });
  }

  /** The person writes: said at once, and again when it is still so after a while. */
  async typed(): Promise<void> {
    if (!this.#city.account || this.#later) return;
    const now = this.#clock.now();
    const rest = this.#saidAt + SAID_EVERY - now;
    if (rest > 0) {
      this.#later = this.#after(rest * 1000, () => {
        this.#later = undefined;
        void this.typed();
      });
      return;
    }
    this.#saidAt = now;
    await this.#city.say(makeTyping(this.#group));
  }

  /** Nothing is being written any more: sent, or taken out of the field. */
  rested(): void {
    this.#later?.();
    this.#later = undefined;
    this.#saidAt = 0;
  }

  /** Somebody has said what they were writing. */
  ended(person: string): void {
    this.#ends[person]?.();
    delete this.#ends[person];
    if (this.now.includes(person)) this.now = this.now.filter((one) => one !== person);
  }

  stop(): void {
    this.#stop();
    this.rested();
    for (const end of Object.values(this.#ends)) end();
  }

  #begun(person: string): void {
    this.#ends[person]?.();
    if (!this.now.includes(person)) {
      if (this.now.length >= MOST_WRITERS) return;
      this.now = [...this.now, person];
    }
    this.#ends[person] = this.#after(TYPING_HOLDS * 1000, () => this.ended(person));
  }
}

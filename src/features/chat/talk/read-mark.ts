/** How far a conversation was read: to its end, or line by line on from where reading stopped. */
import type { City } from '#client/city/city.ts';
import type { Clock } from '#shared/time.ts';

/** Clocks of others may run ahead this much (seconds) before their lines stay unread. */
const AHEAD = 60;

export class ReadMark {
  readonly #city: Pick<City, 'record'>;
  readonly #group: string;
  readonly #clock: Clock;
  /** Unix seconds. */
  #upTo = 0;
  /** The last line seen while reading on without a leap. */
  #seen = 0;
  #isReadingOn = false;

  constructor(city: Pick<City, 'record'>, group: string, clock: Clock) {
    this.#city = city;
    this.#group = group;
    this.#clock = clock;
  }

  /** Where reading stopped; `isReadingOn`: the reader begins there. */
  start(upTo: number, isReadingOn: boolean): void {
    this.#upTo = this.#seen = upTo;
    this.#isReadingOn = isReadingOn;
  }

  /** The reader went elsewhere: what lies between was not read. */
  leap(): void {
    this.#isReadingOn = false;
  }

  /** A line came before the reader's eyes; written down when they leave. */
  saw(at: number): void {
    if (this.#isReadingOn) this.#seen = Math.max(this.#seen, at);
  }

  /** The newest line was seen: everything counts as read. */
  finish(at: number): void {
    this.#mark(at);
  }

  /** Writes down how far reading on has come. */
  flush(): void {
    this.#mark(this.#seen);
  }

  #mark(at: number): void {
    const upTo = Math.min(at, this.#clock.now() + AHEAD);
    if (upTo <= this.#upTo) return;
    this.#upTo = upTo;
    void this.#city.record({ type: 'ConversationRead', v: 1, conversation: this.#group, upTo });
  }
}

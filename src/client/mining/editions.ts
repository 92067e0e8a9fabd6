/** One event in the time that its work takes: `created_at` follows the clock, so that a relay does not find it too old. */
import type { UnsignedEvent } from '#protocol/event.ts';
import type { Clock } from '#shared/time.ts';
import { workParts } from './grid/work-parts.ts';
import type { Edition } from './worker-messages.ts';

export interface EditionOptions {
  readonly clock: Clock;
  /** Milliseconds that only ever go forward: shows when the clock was set, or the machine slept. */
  readonly monotonic: () => number;
  /** Seconds between editions. */
  readonly refreshAfter: number;
}

/** Seconds by which clock and elapsed time may differ before the clock counts as having jumped. */
const JUMP = 30;

export class Editions {
  readonly #options: EditionOptions;
  readonly #bits: number;
  readonly #events: UnsignedEvent[];
  #begun: number;
  #begunMonotonic: number;

  constructor(event: UnsignedEvent, bits: number, options: EditionOptions) {
    this.#options = options;
    this.#bits = bits;
    this.#events = [event];
    this.#begun = options.clock.now();
    this.#begunMonotonic = options.monotonic();
  }

  /** The newest edition's bytes. */
  get latest(): Edition {
    return this.#editionOf(this.#events.length - 1);
  }

  /** The event of an edition: a nonce fits no other. */
  eventOf(edition: number): UnsignedEvent | undefined {
    return this.#events[edition];
  }

  /**
   * A newer edition, when it is time for one. `created_at` moves forward only, so that an event dated after another one stays
   * so; but when the clock was set back, the time before was wrong and the event follows it.
   */
  refresh(): Edition | undefined {
    const { clock, monotonic, refreshAfter } = this.#options;
    const now = clock.now();
    const elapsed = (monotonic() - this.#begunMonotonic) / 1000;
    const jump = now - this.#begun - elapsed;
    if (Math.abs(jump) <= JUMP && elapsed < refreshAfter) return undefined;
    this.#begun = now;
    this.#begunMonotonic = monotonic();
    const event = this.#events.at(-1) as UnsignedEvent;
    const isLater = now > event.created_at;
    if (!isLater && jump >= -JUMP) return undefined;
    this.#events.push({
      ...event,
      created_at: isLater ? now : Math.max(now, Math.round(event.created_at + jump)),
    });
    return this.latest;
  }

  #editionOf(edition: number): Edition {
    return { edition, ...workParts(this.#events[edition] as UnsignedEvent, this.#bits) };
  }
}

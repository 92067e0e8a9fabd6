/** Notices that nobody has had a hand on the machine for too long, in any tab. */
import type { Hands } from './ports.ts';

export interface IdleEars {
  /** It has been too long. */
  due(): void;
  /** A hand is on the machine; told at most every five seconds. */
  touched(): void;
}

const TELL_EVERY = 5000;
const LOOK_EVERY = 1000;
/** A clock that was set back by more than this is no measure; somebody may have done it to keep us waiting. */
const BACK_MS = 60_000;

/** True when by this clock (milliseconds) more than `seconds` went by since `last`, or the clock was set back. */
export const isTooLong = (last: number, now: number, seconds: number): boolean =>
  now - last >= seconds * 1000 || now < last - BACK_MS;

export class IdleWatch {
  readonly #hands: Hands;
  readonly #ears: IdleEars;
  readonly #seconds: number;
  readonly #stops: (() => void)[];
  #last: { now: number; steady: number };
  #told = -Infinity;

  /** `seconds` are never 0. */
  constructor(hands: Hands, seconds: number, ears: IdleEars) {
    this.#hands = hands;
    this.#ears = ears;
    this.#seconds = seconds;
    this.#last = this.#clocks();
    const look = (): void => void this.#isDue();
    this.#stops = [hands.ontouch(() => this.#touch()), hands.onreturn(look), hands.every(LOOK_EVERY, look)];
  }

  /** A hand was seen in another tab. */
  touchedElsewhere(): void {
    if (!this.#isDue()) this.#last = this.#clocks();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  #touch(): void {
    // The first touch after a long sleep comes too late.
    if (this.#isDue()) return;
    this.#last = this.#clocks();
    if (this.#last.steady - this.#told < TELL_EVERY) return;
    this.#told = this.#last.steady;
    this.#ears.touched();
  }

  #isDue(): boolean {
    if (this.#stops.length === 0) return true;
    const { now, steady } = this.#clocks();
    const isDue =
      isTooLong(this.#last.now, now, this.#seconds) || steady - this.#last.steady >= this.#seconds * 1000;
    if (isDue) {
      this.stop();
      this.#ears.due();
    }
    return isDue;
  }

  #clocks(): { now: number; steady: number } {
    return { now: this.#hands.now(), steady: this.#hands.steady() };
  }
}

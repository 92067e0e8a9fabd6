/** Waiting longer after each failure, a little at random so that a thousand clients do not return at once. */
export class Backoff {
  readonly #least: number;
  readonly #most: number;
  readonly #random: () => number;
  #failures = 0;

  /** Bounds in milliseconds. */
  constructor(least: number, most: number, random: () => number) {
    this.#least = least;
    this.#most = most;
    this.#random = random;
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds to wait after one more failure: between half and all of a doubling span, within the bounds. */
  next(): number {
    const span = Math.min(this.#most, this.#least * 2 ** (this.#failures + 1));
    this.#failures += 1;
    return Math.max(this.#least, span * (0.5 + this.#random() / 2));
  }

  /** Success: the next wait is the shortest again. */
  reset(): void {
    this.#failures = 0;
  }
}

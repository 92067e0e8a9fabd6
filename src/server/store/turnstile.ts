/** Lets so many through at once and so many wait; who comes after those is turned away. */
export class Turnstile {
  readonly #inside: number;
  readonly #waiting: number;
  #busy = 0;
  readonly #queue: (() => void)[] = [];

  constructor(inside: number, waiting: number) {
    this.#inside = inside;
    this.#waiting = waiting;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Does the work in its turn; undefined for one who was turned away. Throws what the work throws. */
  async pass<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#busy < this.#inside) this.#busy += 1;
    else if (this.#queue.length >= this.#waiting) return undefined;
    else await new Promise<void>((turn) => this.#queue.push(turn));
    try {
      return await work();
    } finally {
      // Whoever waits longest takes the place over.
      const next = this.#queue.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }
}

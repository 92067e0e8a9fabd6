/** Hashes a second over the last few seconds. */
export class RateMeter {
  readonly #windowMs: number;
  readonly #began: number;
  #samples: { readonly at: number; readonly hashes: number }[] = [];
  /** Hashes since the beginning. */
  total = 0;

  constructor(began: number, windowMs = 4000) {
    this.#began = began;
    this.#windowMs = windowMs;
  }

  /** Notes hashes done by now (milliseconds). */
  add(hashes: number, now: number): void {
    this.total += hashes;
    this.#samples.push({ at: now, hashes });
    this.#samples = this.#samples.filter(({ at }) => at > now - this.#windowMs);
  }

  /** Hashes a second at this time (milliseconds); 0 before the first. */
  rate(now: number): number {
    const since = Math.max(this.#began, now - this.#windowMs);
    const hashes = this.#samples.reduce((sum, sample) => sum + sample.hashes, 0);
    return now > since ? (hashes / (now - since)) * 1000 : 0;
  }
}

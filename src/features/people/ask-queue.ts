/** Gathers keys to ask for: each at most once in a while, many in one go. Plain on purpose: filled while components draw. */
import type { Clock } from '#shared/time.ts';

export interface AskQueueOptions {
  /** Milliseconds to gather before `flush` is called. */
  readonly gather: number;
  /** Seconds before a key may be asked for again. */
  readonly again: number;
  readonly clock: Clock;
  readonly flush: (keys: readonly string[]) => void;
}

export class AskQueue {
  readonly #options: AskQueueOptions;
  readonly #askedAt = new Map<string, number>();
  #waiting = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: AskQueueOptions) {
    this.#options = options;
  }

  /** Every key asked for so far. */
  get asked(): string[] {
    return [...this.#askedAt.keys()];
  }

  /** Asks soon, unless that was done a short while ago. */
  want(key: string): void {
    if (this.#stopped || this.#waiting.has(key) || !this.#isDue(key)) return;
    this.#waiting.add(key);
    this.#timer ??= setTimeout(() => this.#flush(), this.#options.gather);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #isDue(key: string): boolean {
    const asked = this.#askedAt.get(key);
    return asked === undefined || this.#options.clock.now() - asked >= this.#options.again;
  }

  #flush(): void {
    this.#timer = undefined;
    const keys = [...this.#waiting];
    this.#waiting = new Set();
    for (const key of keys) this.#askedAt.set(key, this.#options.clock.now());
    this.#options.flush(keys);
  }
}

/** Hands and clocks that a test moves. */
import type { Hands } from '../../src/client/profiles/ports.ts';

export class FakeHands implements Hands {
  wall = 1_700_000_000_000;
  ran = 0;
  readonly #touches = new Set<() => void>();
  readonly #returns = new Set<() => void>();
  readonly #ticks = new Set<() => void>();

  ontouch = (listener: () => void) => listen(this.#touches, listener);
  onreturn = (listener: () => void) => listen(this.#returns, listener);
  every = (_ms: number, listener: () => void) => listen(this.#ticks, listener);
  now = () => this.wall;
  steady = () => this.ran;

  touch = () => this.#touches.forEach((listener) => listener());
  comeBack = () => this.#returns.forEach((listener) => listener());
  /** Both clocks go on, second by second. */
  pass(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.wall += 1000;
      this.ran += 1000;
      this.#ticks.forEach((listener) => listener());
    }
  }
  /** Nothing runs; only the wall clock knows afterwards. */
  sleep(seconds: number): void {
    this.wall += seconds * 1000;
  }
  get listeners(): number {
    return this.#touches.size + this.#returns.size + this.#ticks.size;
  }
}

const listen = (ears: Set<() => void>, listener: () => void): (() => void) => {
  ears.add(listener);
  return () => void ears.delete(listener);
};

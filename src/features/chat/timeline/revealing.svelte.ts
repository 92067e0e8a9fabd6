/** Lines of people and with words that the reader has put away, and those of them that they wanted to see after all. */
import { SvelteSet } from 'svelte/reactivity';
import type { LineRow } from '../rows/tables.ts';

/** Lives as long as the conversation is open. */
export class Revealing {
  readonly #hides: (line: LineRow) => boolean;
  readonly #revealed = new SvelteSet<string>();

  constructor(hides: (line: LineRow) => boolean) {
    this.#hides = hides;
  }

  /** Reactive. True for a line that stands behind a quiet sign. */
  isShunned = (line: LineRow): boolean => !this.#revealed.has(line.id) && this.#hides(line);

  /** The reader wants to see these lines now. */
  reveal = (ids: readonly string[]): void => ids.forEach((id) => this.#revealed.add(id));
}

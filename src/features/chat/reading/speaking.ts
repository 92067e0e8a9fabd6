/** What a screen reader is told of lines as they come: the first at once, a flood gathered into a number. */
import { timeout } from '../talk/deeds.svelte.ts';
import type { After } from '../talk/deeds.svelte.ts';

/** After something was said, what comes within this time is gathered; ms. */
const BREATH_MS = 1_500;
/** So many are still told one by one. */
const MOST_TOLD = 2;

interface Said {
  /** One line in words. */
  readonly words: () => string;
}

/** Lives as long as its timeline. */
export class Speaking {
  readonly #say: (words: string) => void;
  readonly #count: (lines: number) => string;
  readonly #after: After;
  readonly #heard = new Set<string>();
  #waiting: Said[] = [];
  #isBreathing = false;
  #end = (): void => undefined;

  /** `say` puts words into the live region; `count` words a flood. */
  constructor(say: (words: string) => void, count: (lines: number) => string, after: After = timeout) {
    this.#say = say;
    this.#count = count;
    this.#after = after;
  }

  /** Lines that are new to the reader, oldest first; each is told of once. */
  hear(lines: readonly (Said & { readonly id: string })[]): void {
    const fresh = lines.filter(({ id }) => !this.#heard.has(id));
    for (const { id } of fresh) this.#heard.add(id);
    this.#waiting.push(...fresh);
    if (!this.#isBreathing) this.#tell();
  }

  stop(): void {
    this.#end();
    this.#waiting = [];
  }

  #tell(): void {
    const told = this.#waiting;
    this.#waiting = [];
    this.#isBreathing = told.length > 0;
    if (!this.#isBreathing) return;
    this.#say(
      told.length > MOST_TOLD ? this.#count(told.length) : told.map(({ words }) => words()).join('\n'),
    );
    this.#end = this.#after(BREATH_MS, () => this.#tell());
  }
}

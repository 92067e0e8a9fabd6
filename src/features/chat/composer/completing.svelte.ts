/** Names that may follow an `@`, while one is being written. */
import { mentionQuery } from '../text/mentions.ts';
import type { MentionQuery } from '../text/mentions.ts';

/** Somebody to choose. */
export interface Found {
  readonly pubkey: string;
  readonly name: string;
}

const MOST = 6;

export class Completing {
  query = $state.raw<MentionQuery>();
  /** Which of the found is at hand. */
  at = $state(0);
  readonly #search: (words: string) => readonly Found[];
  readonly found = $derived.by(() => (this.query ? this.#search(this.query.query).slice(0, MOST) : []));

  constructor(search: (words: string) => readonly Found[]) {
    this.#search = search;
  }

  /** Looks at what stands before the caret. */
  look(area: HTMLTextAreaElement | undefined): void {
    this.query =
      area && area.selectionStart === area.selectionEnd
        ? mentionQuery(area.value, area.selectionStart)
        : undefined;
    this.at = 0;
  }

  end(): void {
    this.query = undefined;
  }

  /** True when the key was for the list of names. */
  takes(key: string, choose: (found: Found | undefined) => void): boolean {
    const count = this.found.length;
    if (count === 0) return false;
    if (key === 'ArrowDown') this.at = (this.at + 1) % count;
    else if (key === 'ArrowUp') this.at = (this.at - 1 + count) % count;
    else if (key === 'Enter' || key === 'Tab') choose(this.found[this.at]);
    else if (key === 'Escape') this.end();
    else return false;
    return true;
  }
}

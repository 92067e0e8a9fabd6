/** What may follow a sign such as `@`, while it is being written: found by whoever knows, chosen with arrows. */

/** Something to choose. */
export interface Choice {
  readonly key: string;
  readonly label: string;
  /** What it is or does, in small. */
  readonly detail?: string | undefined;
  /** Somebody, whose face stands beside it. */
  readonly pubkey?: string | undefined;
  /** Stands beside it instead of a face. */
  readonly sign?: string | undefined;
  /** Address of a picture that stands beside it instead of a face. */
  readonly picture?: string | undefined;
}

/** What is being written: from where, and what so far. */
export interface Query {
  readonly from: number;
  readonly query: string;
}

/** Whoever knows what may follow one sign. */
export interface Source {
  /** The list's name. */
  readonly label: string;
  look(text: string, caret: number): Query | undefined;
  /** The best first. Reactive. */
  find(query: string): readonly Choice[];
  /** Puts the choice in place of the query. */
  take(choice: Choice, query: Query): void;
}

const MOST = 8;

/** Asks its sources in turn; the first that knows what is being written finds. */
export class Completing {
  /** Which of the found is at hand. */
  at = $state(0);
  #asked = $state.raw<{ readonly source: Source; readonly query: Query }>();
  readonly #sources: readonly Source[];
  readonly found = $derived.by(() => this.#asked?.source.find(this.#asked.query.query).slice(0, MOST) ?? []);

  constructor(sources: readonly Source[]) {
    this.#sources = sources;
  }

  get label(): string {
    return this.#asked?.source.label ?? '';
  }

  /** Looks at what stands before the caret. */
  look(area: Pick<HTMLTextAreaElement, 'value' | 'selectionStart' | 'selectionEnd'> | undefined): void {
    this.end();
    this.at = 0;
    if (!area || area.selectionStart !== area.selectionEnd) return;
    for (const source of this.#sources) {
      const query = source.look(area.value, area.selectionStart);
      if (query) {
        this.#asked = { source, query };
        return;
      }
    }
  }

  end(): void {
    this.#asked = undefined;
  }

  choose(choice: Choice | undefined): void {
    const asked = this.#asked;
    if (!choice || !asked) return;
    this.end();
    asked.source.take(choice, asked.query);
  }

  /** True when the key was for the list. */
  takes(key: string): boolean {
    const count = this.found.length;
    if (count === 0) return false;
    if (key === 'ArrowDown') this.at = (this.at + 1) % count;
    else if (key === 'ArrowUp') this.at = (this.at - 1 + count) % count;
    else if (key === 'Enter' || key === 'Tab') this.choose(this.found[this.at]);
    else if (key === 'Escape') this.end();
    else return false;
    return true;
  }
}

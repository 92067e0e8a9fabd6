/** The quick switcher's state: what was typed, what it offers, which offer is marked. */
import { NameFinder } from '../match/name-finder.ts';
import { switchEntries, targetKey } from './entries.ts';
import type { Command, SwitchTarget, Visit } from './entries.ts';
import { offersAtRest } from './offers.ts';
import type { Offer } from './offers.ts';

export interface SwitcherSources {
  /** Reactive: places and people; own places in them as conversations. */
  readonly targets: () => readonly SwitchTarget[];
  readonly commands: () => readonly Command[];
  /** Newest first. */
  readonly recent: () => readonly Visit[];
  /** The one that is open now: nobody goes where they are. */
  readonly current: () => Visit | undefined;
}

const MOST_FOUND = 50;

/** One opening of the switcher. */
export class SwitcherController {
  text = $state('');
  readonly #sources: SwitcherSources;
  #marked = $state(0);

  readonly #recent = $derived.by(() => this.#sources.recent().map(targetKey));
  readonly #entries = $derived.by(() =>
    switchEntries(this.#sources.targets(), this.#sources.commands(), this.#recent),
  );
  readonly #finder = $derived(new NameFinder(this.#entries));
  /** In the order shown. */
  readonly offers = $derived.by((): readonly Offer[] => {
    const text = this.text.trim();
    const current = this.#sources.current();
    if (text === '') return offersAtRest(this.#entries, this.#recent, current && targetKey(current));
    const found = this.#finder
      .find(text, MOST_FOUND)
      .map(({ entry, ranges }): Offer => ({ group: 'found', key: entry.key, entry, ranges }));
    return [...found, { group: 'words', key: 'words', text }];
  });

  constructor(sources: SwitcherSources) {
    this.#sources = sources;
  }

  /** The place of the marked offer; -1 where there is none. */
  get marked(): number {
    return Math.min(this.#marked, this.offers.length - 1);
  }

  type(text: string): void {
    this.text = text;
    this.#marked = 0;
  }

  /** Moves the mark, round the ends. */
  move(step: number): void {
    const count = this.offers.length;
    if (count > 0) this.#marked = (this.marked + step + count) % count;
  }

  markFirst(): void {
    this.#marked = 0;
  }

  markLast(): void {
    this.#marked = Math.max(0, this.offers.length - 1);
  }
}

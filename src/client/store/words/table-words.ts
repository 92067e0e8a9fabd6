/** One table's words: an index that follows its rows. */
import { SearchIndex } from '../search/search-index.ts';
import type { SearchOptions, SearchResult } from '../search/search-index.ts';
import type { SegmentChanges, StoredSegment } from '../search/layers.ts';
import type { Searchable, SearchWords } from '../searching.ts';

/**
 * `kept`: on the disk, not read yet, changes wait. `gathering`: rows are gone through, the index has a part of them.
 * `whole`: it has all.
 */
export type WordState = 'kept' | 'gathering' | 'whole';

/** An event id that nobody will ever have: asking for it makes an index ready for the first real one. */
const NOBODY = '0'.repeat(64);

export class TableWords {
  readonly searchable: Searchable;
  #index = new SearchIndex();
  #state: WordState;
  #waiting: { readonly id: string; readonly words: SearchWords | undefined }[] = [];
  #owesShred = false;

  /** `whole` for a table without rows. */
  constructor(searchable: Searchable, state: WordState) {
    this.searchable = searchable;
    this.#state = state;
  }

  get state(): WordState {
    return this.#state;
  }

  /** True while changes wait for the kept index. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** True while bytes hold words that are to be found no more. */
  get owesShred(): boolean {
    return this.#owesShred;
  }

  /** What a row says; undefined for none. A feature that throws here costs this row's words only. */
  wordsOf(row: unknown): SearchWords | undefined {
    try {
      return row === undefined ? undefined : this.searchable.words(row);
    } catch (cause) {
      console.error(`The words of a row of "${this.searchable.table}" could not be told`, cause);
      return undefined;
    }
  }

  /** A row came, changed or went. */
  change(id: string, before: unknown, after: unknown): void {
    const words = this.wordsOf(after);
    // A row that has not been gone through yet is in no index, whatever it said before.
    if (this.#state !== 'gathering' && isSame(this.wordsOf(before), words)) return;
    if (this.#state === 'kept') this.#waiting.push({ id, words });
    else this.#apply(id, words);
  }

  /** Rows gone through. */
  gather(rows: readonly { readonly i: string; readonly v: unknown }[]): void {
    for (const { i, v } of rows) this.#apply(i, this.wordsOf(v));
  }

  /** Every row was gone through. */
  gathered(): void {
    this.#state = 'whole';
  }

  /** Takes the kept segments up, then what waited. False where one is damaged: the rows must be gone through. */
  restore(stored: readonly StoredSegment[], owesShred: boolean): boolean {
    const { index, damaged } = SearchIndex.open(stored);
    const isSound = damaged.length === 0;
    this.#state = isSound ? 'whole' : 'gathering';
    if (isSound) {
      this.#index = index;
      this.#owesShred = owesShred;
      for (const { id, words } of this.#waiting) this.#apply(id, words);
    }
    this.#waiting = [];
    return isSound;
  }

  /** What is kept cannot be used: the rows must be gone through. */
  giveUp(): void {
    this.restore([{ number: 1, bytes: new Uint8Array(0) }], false);
  }

  search(text: string, options: SearchOptions): SearchResult {
    return this.#index.search(text, options);
  }

  /** Sorts and compiles what the first search and the first change would have to wait for. */
  warmUp(): void {
    this.#index.search('a b');
    this.#index.remove(NOBODY);
  }

  /** One merge where one is due; false when there is none. */
  tidy(): boolean {
    return this.#state !== 'kept' && this.#index.tidy();
  }

  /** Words that are to be found no more leave the bytes. */
  shred(): void {
    if (!this.#owesShred) return;
    this.#index.flush();
    this.#index.shred();
    this.#owesShred = false;
  }

  /** Everything as segments: those to write and to drop since the last call. */
  takeChanges(): SegmentChanges {
    this.#index.flush();
    return this.#index.takeChanges();
  }

  #apply(id: string, words: SearchWords | undefined): void {
    if (!words) this.#owesShred = this.#index.remove(id) || this.#owesShred;
    else {
      const { text, group = '', author = '', at } = words;
      this.#index.add({ id, place: group, author, at, text });
    }
  }
}

const isSame = (one: SearchWords | undefined, other: SearchWords | undefined): boolean =>
  one === other ||
  (one?.text === other?.text &&
    one?.at === other?.at &&
    one?.group === other?.group &&
    one?.author === other?.author);

/** A search under way: what is asked, what was found, which hit is marked. Outlives its panel. */
import type { SearchAnswer, SearchQuestion } from '#client/store/searching.ts';
import type { RowReader } from '#client/store/table.ts';
import { systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import type { FoundTable, Hit } from './found.ts';
import { NO_WISH, questionOf } from './question.ts';
import type { Wish } from './question.ts';
import { NOTHING, readResults } from './reading.ts';
import type { Results } from './reading.ts';

/** What the search needs of the city. */
export interface SearchPort extends Pick<RowReader, 'getMany'> {
  search(question: SearchQuestion): Promise<SearchAnswer>;
}

/** `idle`: nothing is asked; `asking`: nothing to show yet. */
export type SearchPhase = 'idle' | 'asking' | 'shown' | 'failed';

const PAUSE_MS = 60;
const PAGE = 50;
/** The store gives no more. */
const MOST = 500;
const MOST_RECENT = 8;

export class SearchController {
  wish = $state.raw<Wish>(NO_WISH);
  phase = $state<SearchPhase>('idle');
  /** More of the same is on its way. */
  isLoadingMore = $state(false);
  /** The place of the marked hit; -1: none. */
  marked = $state(-1);
  /** What was searched for and led somewhere, newest first; in memory only. */
  recent = $state.raw<readonly string[]>([]);
  /** How far the hits are scrolled, px; kept for coming back. */
  scroll = 0;
  #results = $state.raw<Results>(NOTHING);
  readonly #port: SearchPort;
  readonly #tables: readonly FoundTable[];
  readonly #clock: Clock;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #limit = PAGE;
  /** Questions are numbered; answers to older ones than this are dropped. */
  #asked = 0;
  #floor = 0;

  constructor(port: SearchPort, tables: readonly FoundTable[], clock: Clock = systemClock) {
    this.#port = port;
    this.#tables = tables;
    this.#clock = clock;
  }

  /** Best first. */
  get hits(): readonly Hit[] {
    return this.#results.hits;
  }
  /** How many there are in all. */
  get total(): number {
    return this.#results.total;
  }
  /** False: nothing has all the words, these have some. */
  get hasAll(): boolean {
    return this.#results.all;
  }
  /** There are more, and they can be had. */
  get hasMore(): boolean {
    return this.#limit < MOST && this.hits.length < this.total;
  }
  /** There are more than can be shown. */
  get isCut(): boolean {
    return this.#limit >= MOST && this.hits.length < this.total;
  }

  /** The words have changed: asks after a short pause. */
  type(text: string): void {
    this.wish = { ...this.wish, text };
    this.#schedule(PAUSE_MS);
  }

  /** Another filter: what was asked without it no longer counts. */
  narrow(filters: Partial<Omit<Wish, 'text'>>): void {
    this.wish = { ...this.wish, ...filters };
    this.#floor = this.#asked;
    this.#schedule(0);
  }

  /** Takes up a wish from an address; the one at hand is left as it is, with its hits. */
  take(wish: Wish): void {
    if (isSame(wish, this.wish)) return;
    this.wish = wish;
    this.scroll = 0;
    this.#floor = this.#asked;
    this.#schedule(0);
  }

  /** Asks anew, at once. */
  again(): void {
    this.#schedule(0);
  }

  /** Moves the mark, from the first to the last and no further. */
  move(step: number): void {
    const last = this.hits.length - 1;
    this.marked = Math.max(Math.min(this.marked + step, last), last < 0 ? -1 : 0);
  }

  /** These words led somewhere. */
  remember(): void {
    const text = this.wish.text.trim();
    if (text === '') return;
    this.recent = [text, ...this.recent.filter((other) => other !== text)].slice(0, MOST_RECENT);
  }

  forgetRecent(): void {
    this.recent = [];
  }

  /** Nothing asked, nothing found, nothing remembered. */
  forget(): void {
    this.forgetRecent();
    this.take(NO_WISH);
  }

  /** Gets more of the same. */
  async more(): Promise<void> {
    if (!this.hasMore || this.isLoadingMore || this.#timer !== undefined) return;
    this.isLoadingMore = true;
    this.#limit = Math.min(MOST, this.#limit * 2);
    try {
      await this.#ask(this.hits);
    } finally {
      this.isLoadingMore = false;
    }
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.wish.text.trim() === '') return this.#rest();
    if (this.phase === 'idle' || this.phase === 'failed') this.phase = 'asking';
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#limit = PAGE;
      void this.#ask([]);
    }, wait);
  }

  #rest(): void {
    this.#floor = this.#asked;
    this.#results = NOTHING;
    this.marked = -1;
    this.phase = 'idle';
  }

  /** What is shown stays until the new hits and their rows are here. */
  async #ask(known: readonly Hit[]): Promise<void> {
    const turn = ++this.#asked;
    try {
      const names = this.#tables.map(({ name }) => name);
      const question = questionOf(this.wish, names, this.#limit, this.#clock.now());
      const answer = await this.#port.search(question);
      if (turn <= this.#floor) return;
      const results = await readResults(this.#port, this.#tables, answer, known);
      if (turn > this.#floor) this.#show(turn, results, known.length > 0);
    } catch {
      // The store went away in the middle: the person may ask again.
      if (turn > this.#floor && turn === this.#asked) this.phase = 'failed';
    }
  }

  #show(turn: number, results: Results, isMore: boolean): void {
    this.#floor = turn;
    this.#results = results;
    if (!isMore) {
      this.marked = results.hits.length > 0 ? 0 : -1;
      this.scroll = 0;
    }
    this.phase = 'shown';
  }
}

const isSame = (a: Wish, b: Wish): boolean =>
  a.text === b.text &&
  a.place === b.place &&
  a.person === b.person &&
  JSON.stringify(a.when) === JSON.stringify(b.when);

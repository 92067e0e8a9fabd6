/** Older lines from the relay, page by page, without gaps and with an honest end. */
import type { City } from '#client/city/city.ts';
import { groupTalkFilter } from '#protocol/groups.ts';

const LIMIT = 100;
/** A relay that sends fewer than this has no more; full pages may be cut by limits of its own. */
const SURELY_ALL = 20;
const MOST_PAGES = 8;

/** `reached`: everything the relay has from that time on is here; `beginning`: there is nothing older. */
export type Reach =
  | { readonly state: 'reached' | 'beginning' | 'unreachable' }
  | { readonly state: 'refused'; readonly words: string };

/** How far back a group's talk was asked for in this sitting. */
export class History {
  readonly #city: Pick<City, 'fetch'>;
  readonly #group: string;
  /** Everything later than this is here; Unix seconds. */
  #covered: number | undefined;
  #until: number | undefined;
  #begun = false;

  constructor(city: Pick<City, 'fetch'>, group: string) {
    this.#city = city;
    this.#group = group;
  }

  /** True once the relay had nothing older. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Asks for pages until everything after `at` is here; without `at`, for one page more. */
  async reach(at?: number): Promise<Reach> {
    for (let page = 0; page < MOST_PAGES; page++) {
      if (this.#begun) return { state: 'beginning' };
      if (at !== undefined && this.#covered !== undefined && this.#covered < at) return { state: 'reached' };
      const failed = await this.#page();
      if (failed) return failed;
      if (at === undefined) break;
    }
    return { state: this.#begun ? 'beginning' : 'reached' };
  }

  async #page(): Promise<Reach | undefined> {
    const until = this.#until === undefined ? {} : { until: this.#until };
    const filter = groupTalkFilter(this.#group, { limit: LIMIT, ...until });
    const report = await this.#city.fetch({ filters: [filter] });
    if (!report.ok)
      return report.error.code === 'refused'
        ? { state: 'refused', words: report.error.message }
        : { state: 'unreachable' };
    const { received, oldest } = report.value;
    if (received < SURELY_ALL || oldest === undefined) this.#begun = true;
    if (oldest === undefined) return undefined;
    // The bound is inclusive, so that a second cut in two by a page is whole again; a page of that second alone moves on.
    this.#until = oldest === this.#until ? Math.max(0, oldest - 1) : oldest;
    this.#covered = oldest;
    return undefined;
  }
}

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

/** A stretch of time of which everything is here. Unix seconds. */
interface Span {
  readonly to: number;
  from: number;
  /** The bound of its next page; undefined: none, from the newest on. */
  until: number | undefined;
  /** The relay has nothing older. */
  isBegun: boolean;
}

/** How far back a group's talk was asked for in this sitting, from its end and from wherever else the reader went. */
export class History {
  readonly #city: Pick<City, 'fetch'>;
  readonly #group: string;
  readonly #spans: Span[] = [];

  constructor(city: Pick<City, 'fetch'>, group: string) {
    this.#city = city;
    this.#group = group;
  }

  /** True once the relay had nothing older. */
  get begun(): boolean {
    return this.#spans.some(({ isBegun }) => isBegun);
  }

  /**
   * Asks for pages until everything between `at` and `top` is here; without `at`, for one page more; without `top`, from
   * the newest on.
   */
  async reach(at?: number, top = Infinity): Promise<Reach> {
    const span = this.#spanOf(top);
    for (let page = 0; page < MOST_PAGES; page++) {
      if (span.isBegun) return { state: 'beginning' };
      if (at !== undefined && span.from < at) return { state: 'reached' };
      const failed = await this.#page(span);
      if (failed) return failed;
      if (at === undefined) break;
    }
    return { state: span.isBegun ? 'beginning' : 'reached' };
  }

  #spanOf(top: number): Span {
    const known = this.#spans.find(({ from, to }) => from <= top && top <= to);
    if (known) return known;
    const span: Span = { to: top, from: top, until: top === Infinity ? undefined : top, isBegun: false };
    this.#spans.push(span);
    return span;
  }

  async #page(span: Span): Promise<Reach | undefined> {
    const until = span.until === undefined ? {} : { until: span.until };
    const filter = groupTalkFilter(this.#group, { limit: LIMIT, ...until });
    const report = await this.#city.fetch({ filters: [filter] });
    if (!report.ok)
      return report.error.code === 'refused'
        ? { state: 'refused', words: report.error.message }
        : { state: 'unreachable' };
    const { received, oldest } = report.value;
    if (received < SURELY_ALL || oldest === undefined) span.isBegun = true;
    if (oldest === undefined) return undefined;
    // The bound is inclusive, so that a second cut in two by a page is whole again; a page of that second alone moves on.
    span.until = oldest === span.until ? Math.max(0, oldest - 1) : oldest;
    span.from = oldest;
    this.#join(span);
    return undefined;
  }

  /** Takes over a span that this one has reached. */
  #join(span: Span): void {
    const met = this.#spans.findIndex((one) => one !== span && one.to >= span.from && one.from < span.from);
    const [other] = met === -1 ? [] : this.#spans.splice(met, 1);
    if (!other) return;
    span.from = other.from;
    span.until = other.until;
    span.isBegun ||= other.isBegun;
  }
}

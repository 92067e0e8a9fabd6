/** Learns of the city's places: all of them once, page by page; then what changed; and the lists of those one is in. */
import type { City } from '#client/city/city.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Filter } from '#protocol/filters.ts';
import { isRecord } from '#shared/json.ts';
import { MINUTE, systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';

/** Where the session keeps how far it has read (not history: losing it costs a second reading). */
export interface SyncMemory {
  read(): Promise<unknown>;
  write(value: unknown): Promise<void>;
}

export interface PlacesSyncOptions {
  readonly memory?: SyncMemory;
  readonly clock?: Clock;
  /** Milliseconds before another try where the city did not answer; doubled up to a minute. */
  readonly retry?: number;
}

const PAGE = 500;
/** Clocks differ and answers overlap: this much is read twice, in seconds. */
const OVERLAP = 5 * MINUTE;
const RETRY_MS = 4000;
const LONGEST_RETRY_MS = 60_000;
const IDS_A_FILTER = 200;

const forgetful = (): SyncMemory => ({
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
});

/** Keeps the rows of all places fresh while started. */
export class PlacesSync {
  /** True until every place of the city was asked for once. */
  isReading = true;
  readonly #city: City;
  readonly #memory: SyncMemory;
  readonly #clock: Clock;
  readonly #retry: number;
  #releases: (() => void)[] = [];
  #releaseMine: () => void = () => undefined;
  #followed = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(
    city: City,
    { memory = forgetful(), clock = systemClock, retry = RETRY_MS }: PlacesSyncOptions = {},
  ) {
    this.#city = city;
    this.#memory = memory;
    this.#clock = clock;
    this.#retry = retry;
  }

  /** Subscribes to what changes and reads what is missing; `finished` is called once all is read. */
  async start(finished: () => void = () => undefined): Promise<void> {
    const known = readCursor(await this.#memory.read(), this.#city.relayKey);
    if (this.#stopped) return;
    const now = this.#clock.now();
    const since = (known ?? now) - OVERLAP;
    this.#releases.push(
      this.#city.subscribe({
        filters: [
          { ...this.#places, since },
          { kinds: [kinds.DELETE_GROUP], since },
        ],
      }),
    );
    await this.#catchUp(known === undefined ? undefined : since, now, this.#retry);
    if (this.#stopped) return;
    this.isReading = false;
    finished();
  }

  /** Whose places to hear about in full: their lists come and go with the account. */
  follow(me: string | undefined, mine: readonly string[]): void {
    const ids = [...mine].sort();
    const followed = JSON.stringify([me, ids]);
    if (this.#stopped || followed === this.#followed) return;
    this.#followed = followed;
    const filters = me === undefined ? [] : filtersOfMine(this.#city.relayKey, me, ids);
    const release = filters.length > 0 ? this.#city.subscribe({ filters }) : () => undefined;
    this.#releaseMine();
    this.#releaseMine = release;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const release of this.#releases) release();
    this.#releases = [];
    this.#releaseMine();
  }

  get #places(): Filter {
    return { kinds: [kinds.GROUP_METADATA], authors: [this.#city.relayKey] };
  }

  async #catchUp(since: number | undefined, until: number, wait: number): Promise<void> {
    while (!this.#stopped) {
      const isDone = await this.#readPages(since);
      if (isDone) {
        await this.#memory.write({ relayKey: this.#city.relayKey, upTo: until });
        return;
      }
      await this.#pause(wait);
      wait = Math.min(wait * 2, LONGEST_RETRY_MS);
    }
  }

  /** Newest first, back to `since`. False where the city did not answer. */
  async #readPages(since: number | undefined): Promise<boolean> {
    let until: number | undefined;
    for (;;) {
      const filter = {
        ...this.#places,
        limit: PAGE,
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
      };
      const page = await this.#city.fetch({ filters: [filter] });
      if (!page.ok || this.#stopped) return false;
      const { received, oldest } = page.value;
      if (oldest === undefined || received === 0) return true;
      // A page's `until` includes its second: what repeats is the same second, and a page of nothing else is the end of it.
      if (oldest !== until) until = oldest;
      else if (received < PAGE) return true;
      else until = oldest - 1;
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = setTimeout(resolve, milliseconds);
    });
  }
}

const readCursor = (value: unknown, relayKey: string): number | undefined =>
  isRecord(value) && value['relayKey'] === relayKey && Number.isSafeInteger(value['upTo'])
    ? (value['upTo'] as number)
    : undefined;

/** By my name: places I was let into. By id: those I know of, so that being taken off a list is heard too. */
const filtersOfMine = (relayKey: string, me: string, ids: readonly string[]): Filter[] => {
  const authors = [relayKey];
  const lists = [kinds.GROUP_ADMINS, kinds.GROUP_MEMBERS];
  const filters: Filter[] = [{ kinds: lists, authors, '#p': [me] }];
  for (let start = 0; start < ids.length; start += IDS_A_FILTER)
    filters.push({
      kinds: [kinds.GROUP_METADATA, ...lists],
      authors,
      '#d': ids.slice(start, start + IDS_A_FILTER),
    });
  return filters;
};

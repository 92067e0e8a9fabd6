/** Live delivery: from an event's values straight to the subscriptions that may want it, never a scan over all. */
import type { NostrEvent } from '#protocol/event.ts';
import { isEmptyFilter, matchesFilter, tagConditions } from '#protocol/filters.ts';
import type { Filter } from '#protocol/filters.ts';
import { isIndexable } from '../store/rows.ts';
import { Telling } from './telling.ts';

export interface Subscriber {
  readonly filters: readonly Filter[];
  /** Called once for each matching event, with its frames made once for everybody. */
  take(telling: Telling): void;
}

const TAGS_BY_SELECTIVITY = ['e', 'h', 'd', 'p', 'a', 'g'];

/** Where a filter is looked up: the rarest thing it names. */
const keysOf = (filter: Filter): string[] => {
  if (filter.ids) return filter.ids.map((id) => `id ${id}`);
  const tags = new Map(tagConditions(filter));
  const best = TAGS_BY_SELECTIVITY.find((name) => tags.has(name)) ?? [...tags.keys()][0];
  if (best !== undefined) return (tags.get(best) ?? []).map((value) => `${best} ${value}`);
  if (filter.authors) return filter.authors.map((author) => `author ${author}`);
  return filter.kinds ? filter.kinds.map((kind) => `kind ${kind}`) : ['all'];
};

const keysOfEvent = (event: NostrEvent): string[] => [
  `id ${event.id}`,
  `author ${event.pubkey}`,
  `kind ${event.kind}`,
  'all',
  ...event.tags.filter(isIndexable).map(([name, value]) => `${name} ${value}`),
];

/** A search (NIP-50) looks once into what is stored: how well something new would fit beside the rest, nobody could say. */
const watchedBy = ({ filters }: Subscriber): readonly Filter[] =>
  filters.filter(({ search }) => search === undefined);

/** The index of open subscriptions. */
export class LiveIndex {
  #buckets = new Map<string, Set<Subscriber>>();
  #watched = new Map<Subscriber, readonly Filter[]>();

  get size(): number {
    return this.#watched.size;
  }

  add(subscriber: Subscriber): void {
    this.#watched.set(subscriber, watchedBy(subscriber));
    for (const key of this.#keys(subscriber)) {
      const bucket = this.#buckets.get(key);
      if (bucket) bucket.add(subscriber);
      else this.#buckets.set(key, new Set([subscriber]));
    }
  }

  remove(subscriber: Subscriber): void {
    this.#watched.delete(subscriber);
    for (const key of this.#keys(subscriber)) {
      const bucket = this.#buckets.get(key);
      bucket?.delete(subscriber);
      if (bucket?.size === 0) this.#buckets.delete(key);
    }
  }

  /** Hands an event to everyone whose filters match; who may see it is the subscriber's question. */
  deliver(event: NostrEvent): void {
    const candidates = new Set<Subscriber>();
    for (const key of keysOfEvent(event))
      for (const subscriber of this.#buckets.get(key) ?? []) candidates.add(subscriber);
    if (candidates.size === 0) return;
    const telling = new Telling(event);
    for (const subscriber of candidates)
      if (this.#watched.get(subscriber)?.some((filter) => matchesFilter(filter, event)))
        subscriber.take(telling);
  }

  #keys(subscriber: Subscriber): Set<string> {
    const asking = watchedBy(subscriber).filter((filter) => filter.limit === 0 || !isEmptyFilter(filter));
    return new Set(asking.flatMap(keysOf));
  }
}

/**
 * Questions to one relay: at most fifteen open at once, the rest wait their turn. Live ones are asked again after a
 * reconnection, from a while before it.
 */
import type { NostrEvent } from '#protocol/event.ts';
import { isEmptyFilter, matchesAny } from '#protocol/filters.ts';
import type { Filter } from '#protocol/filters.ts';
import { parseReason } from '#protocol/reasons.ts';
import { DAY } from '#shared/time.ts';

/** A relay takes a group's lines up to seven days late, so that what was written offline arrives: look back as far. */
const LOOK_BACK = 7 * DAY;
const MOST_OPEN = 15;
/** Of these, kept free for questions that end. */
const KEPT_FREE = 3;
/** Milliseconds before a busy relay is asked again. */
const BUSY_WAIT = 2_000;
/** Milliseconds before a live request that was refused is tried again: we may have become a member meanwhile. */
const REFUSED_WAIT = 60_000;

export interface Request {
  readonly filters: readonly Filter[];
  /** Live ones stay open after the stored events. */
  readonly live: boolean;
  /** An event that matches the filters; neither id nor signature are checked yet. */
  event(event: NostrEvent): void;
  /** The stored events have all come. */
  complete(): void;
  /** The relay's own words. A live request is asked again after a reconnection or when somebody signs in. */
  refused(reason: string): void;
}

interface Asked {
  readonly request: Request;
  readonly id: string;
  state: 'queued' | 'open' | 'resting';
  /** The newest event's time, once the stored ones have come. */
  newest: number | undefined;
  isComplete: boolean;
}

/** What the requests need of their relay. */
export interface RequestHost {
  send(frame: string): boolean;
  isOpen(): boolean;
  /** Proves a key (NIP-42); true when the relay took it and asking again makes sense. */
  authenticate(): Promise<boolean>;
  /** Unix milliseconds. */
  now(): number;
}

export class Requests {
  readonly #host: RequestHost;
  readonly #asked = new Map<string, Asked>();
  #next = 1;

  constructor(host: RequestHost) {
    this.#host = host;
  }

  /** How many are not released. */
  get size(): number {
    return this.#asked.size;
  }

  /** Asks as soon as there is room. Returns the release. A request that nothing can match is complete at once. */
  add(request: Request): () => void {
    if (request.filters.every(isEmptyFilter)) {
      queueMicrotask(() => request.complete());
      return () => undefined;
    }
    const asked: Asked = {
      request,
      id: `q${this.#next++}`,
      state: 'queued',
      newest: undefined,
      isComplete: false,
    };
    this.#asked.set(asked.id, asked);
    this.#askQueued();
    return () => this.#release(asked);
  }

  /** The relay is there (again): everything is asked. */
  opened(): void {
    for (const asked of this.#asked.values()) asked.state = 'queued';
    this.#askQueued();
  }

  /** Another identity may see more: live requests are asked anew, in full. */
  identityChanged(): void {
    for (const asked of this.#asked.values()) {
      if (!asked.request.live && asked.state !== 'resting') continue;
      if (asked.state === 'open') this.#host.send(JSON.stringify(['CLOSE', asked.id]));
      asked.newest = undefined;
      asked.state = 'queued';
    }
    this.#askQueued();
  }

  /** An event came; false when nobody asked for it. */
  received(id: string, event: NostrEvent): boolean {
    const asked = this.#asked.get(id);
    if (asked?.state !== 'open' || !matchesAny(asked.request.filters, event)) return false;
    asked.newest = Math.max(asked.newest ?? 0, event.created_at);
    asked.request.event(event);
    return true;
  }

  complete(id: string): void {
    const asked = this.#asked.get(id);
    if (asked?.state !== 'open') return;
    asked.isComplete = true;
    asked.request.complete();
  }

  /** The relay ended it: signs in and asks again, waits and asks again, or passes the words on. */
  async closed(id: string, words: string): Promise<void> {
    const asked = this.#asked.get(id);
    if (asked?.state !== 'open') return;
    asked.state = 'resting';
    this.#askQueued();
    const { code } = parseReason(words);
    if (code === 'auth-required' && (await this.#host.authenticate())) this.#askAgain(asked);
    else if (code === 'rate-limited' || (code === 'error' && asked.request.live))
      setTimeout(() => this.#askAgain(asked), BUSY_WAIT);
    else {
      asked.request.refused(words);
      if (asked.request.live) setTimeout(() => this.#askAgain(asked), REFUSED_WAIT);
    }
  }

  /** Something changed what we may see: live requests that were refused are asked again. */
  reconsider(): void {
    for (const asked of this.#asked.values()) if (asked.request.live) this.#askAgain(asked);
  }

  #askAgain(asked: Asked): void {
    if (asked.state !== 'resting' || this.#asked.get(asked.id) !== asked) return;
    asked.state = 'queued';
    this.#askQueued();
  }

  #release(asked: Asked): void {
    if (!this.#asked.delete(asked.id)) return;
    if (asked.state === 'open') this.#host.send(JSON.stringify(['CLOSE', asked.id]));
    this.#askQueued();
  }

  #askQueued(): void {
    if (!this.#host.isOpen()) return;
    let open = 0;
    for (const { state } of this.#asked.values()) if (state === 'open') open += 1;
    for (const asked of this.#asked.values()) {
      if (asked.state !== 'queued' || open >= (asked.request.live ? MOST_OPEN - KEPT_FREE : MOST_OPEN))
        continue;
      asked.state = 'open';
      open += 1;
      this.#host.send(JSON.stringify(['REQ', asked.id, ...this.#filtersOf(asked)]));
    }
  }

  /** The filters as asked first; after a reconnection without their limit, from a week before the newest seen. */
  #filtersOf({ request, newest, isComplete }: Asked): Filter[] {
    if (newest === undefined || !isComplete) return [...request.filters];
    const since = Math.min(newest, Math.floor(this.#host.now() / 1000)) - LOOK_BACK;
    return request.filters.map(({ limit: _limit, ...filter }) => ({
      ...filter,
      since: Math.max(since, filter.since ?? 0),
    }));
  }
}

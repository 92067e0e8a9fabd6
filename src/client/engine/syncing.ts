/** Questions of pages, put to relays: equal live ones shared, single ones bounded in time. */
import { normalizeRelayUrl } from '#protocol/lists.ts';
import type { Filter } from '#protocol/filters.ts';
import { fail, ok } from '#shared/result.ts';
import type { RelayPool } from '../relays/pool.ts';
import type { SyncRequest } from './engine.ts';
import { Tally } from './intake.ts';
import type { Intake } from './intake.ts';
import type { FetchAnswer } from './remote.ts';

/** Milliseconds that a question may take. */
const FETCH_TIMEOUT = 10_000;

interface Shared {
  users: number;
  release(): void;
}

export class Syncing {
  readonly #home: string;
  readonly #pool: RelayPool;
  readonly #intake: Intake;
  readonly #shared = new Map<string, Shared>();

  constructor(home: string, pool: RelayPool, intake: Intake) {
    this.#home = home;
    this.#pool = pool;
    this.#intake = intake;
  }

  /** Stored events and new ones into the store, until released. Equal requests share one subscription. */
  subscribe({ relay, filters }: SyncRequest): () => void {
    const url = this.#urlOf(relay);
    if (url === undefined) return () => undefined;
    const key = JSON.stringify([url, filters]);
    const shared = this.#shared.get(key) ?? { users: 0, release: this.#listen(url, filters) };
    this.#shared.set(key, shared);
    shared.users += 1;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      this.#shared.delete(key);
      shared.release();
    };
  }

  /** One question until its end; its events are in the store when it resolves. */
  async fetch({ relay: address, filters }: SyncRequest): Promise<FetchAnswer> {
    const url = this.#urlOf(address);
    if (url === undefined) return fail('unreachable', 'not the address of a relay');
    const relay = this.#pool.relay(url);
    if (relay.isFailing) return fail('unreachable', 'not connected');
    const tally = new Tally();
    let release: () => void = () => undefined;
    const ended = new Promise<FetchAnswer>((resolve) => {
      const timer = setTimeout(() => resolve(fail('unreachable', 'no answer in time')), FETCH_TIMEOUT);
      const end = (answer: FetchAnswer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      release = relay.request({
        filters,
        live: false,
        event: (event) => this.#intake.add(event, url, tally) || relay.pause(),
        complete: () => end(ok({ received: 0 })),
        refused: (reason) => end(fail('refused', reason)),
      });
    });
    const answer = await ended;
    release();
    await this.#intake.settled();
    if (!answer.ok) return answer;
    const { received, oldest } = tally;
    return ok(oldest === undefined ? { received } : { received, oldest });
  }

  #listen(url: string, filters: readonly Filter[]): () => void {
    const relay = this.#pool.relay(url);
    return relay.request({
      filters,
      live: true,
      event: (event) => this.#intake.add(event, url) || relay.pause(),
      complete: () => undefined,
      // It stays, and is asked again after a reconnection or a change of identity.
      refused: () => undefined,
    });
  }

  #urlOf(relay: string | undefined): string | undefined {
    return relay === undefined ? this.#home : normalizeRelayUrl(relay);
  }
}

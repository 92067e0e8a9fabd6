/**
 * A city in memory for tests of features: real projections over `MemoryRows`, events with real ids and made-up
 * signatures, and a relay whose word the test gives.
 *
 *     const city = new FakeCity({ projections: [groupsProjection], account: alice });
 *     city.answers = () => refusal('restricted: not a member');   // or accepted (the default), or 'wait'
 *     await city.publish(makeLine(…));       // → city.drafts, city.published, an EventSigned in the log
 *     await city.accept(id) / city.refuse(id, 'pow: …')            // for answers held back with 'wait'
 *     await city.deliver(fakeEvent({ kind: 39000, tags: … }));     // as if the city's relay had sent it
 *     city.onFetch = (request) => [event, …];                      // what a question brings
 */
import type { Account, City, PublishFailure, PublishOptions, Published } from '../../src/client/city/city.ts';
import type { Answer, FetchReport, SyncRequest } from '../../src/client/engine/engine.ts';
import type { LocalEvent } from '../../src/client/store/local-events.ts';
import type { Projection } from '../../src/client/store/projection.ts';
import type { RefusedEvent } from '../../src/client/store/queue.ts';
import type { SearchAnswer, SearchQuestion } from '../../src/client/store/searching.ts';
import type { PartQuery, Table, Watched } from '../../src/client/store/table.ts';
import { eventId } from '../../src/protocol/event.ts';
import type { Draft, NostrEvent } from '../../src/protocol/event.ts';
import { requiredWork } from '../../src/protocol/proof-of-work.ts';
import { fail, ok } from '../../src/shared/result.ts';
import type { Failure, Result } from '../../src/shared/result.ts';
import { MemoryRows } from './memory-rows.ts';
import { searchRows } from './memory-words.ts';

/** A readable 64-digit key: `fakeKey('a1')` → `a1a1…`. Hex digits only. */
export const fakeKey = (digits: string): string => digits.repeat(64).slice(0, 64);

/** A right-shaped event with a true id and a made-up signature. */
export const fakeEvent = (parts: Partial<NostrEvent> & Pick<NostrEvent, 'kind'>): NostrEvent => {
  const unsigned = {
    kind: parts.kind,
    tags: parts.tags ?? [],
    content: parts.content ?? '',
    created_at: parts.created_at ?? 1_800_000_000,
    pubkey: parts.pubkey ?? fakeKey('ab'),
  };
  return { ...unsigned, id: parts.id ?? eventId(unsigned), sig: '0'.repeat(128) };
};

/** An account with a key on this device. */
export const fakeAccount = (pubkey = fakeKey('a1')): Account => ({ pubkey, signer: 'device', locked: false });

const accepted: Answer = ok({ note: '' });
/** A relay's no, in its own words. */
export const refusal = (reason: string): Answer => fail('refused', reason);

export interface FakeCityOptions {
  readonly projections?: readonly Projection[];
  readonly account?: Account | undefined;
  /** Unix seconds of the next event signed here; goes up by one each time. */
  readonly now?: number;
}

export class FakeCity implements City {
  readonly name = 'Testopolis';
  readonly relay = 'wss://city.test';
  readonly relayKey = fakeKey('ce');
  account: Account | undefined;
  readonly rows: MemoryRows;
  readonly #projections: readonly Projection[];

  /** Every draft handed to `publish`, and with which options. */
  readonly drafts: Draft[] = [];
  readonly options: PublishOptions[] = [];
  /** What was signed and queued. */
  readonly published: NostrEvent[] = [];
  /** Subscriptions that are open now. */
  readonly subscriptions = new Set<SyncRequest>();
  readonly fetches: SyncRequest[] = [];
  readonly asked: string[] = [];
  readonly retried: string[] = [];
  readonly discarded: string[] = [];

  /** The relay's word on an event; `wait` holds it back until `accept` or `refuse`. */
  answers: (event: NostrEvent) => Answer | 'wait' = () => accepted;
  /** Set: `publish` fails with it before anything is signed. */
  publishFailure: PublishFailure | undefined;
  /** What a question brings (delivered before `fetch` resolves), or why it fails. */
  onFetch: (request: SyncRequest) => readonly NostrEvent[] | Failure<'unreachable' | 'refused'> = () => [];
  /** What the way in gives: an account, or undefined for a person who turned back. */
  newcomer: Account | undefined;
  now: number;
  readonly #waiting = new Map<string, (answer: Answer) => void>();

  constructor({ projections = [], account, now = 1_800_000_000 }: FakeCityOptions = {}) {
    this.rows = new MemoryRows(projections);
    this.#projections = projections;
    this.account = account;
    this.now = now;
  }

  get log(): readonly LocalEvent[] {
    return this.rows.log;
  }

  workFor(draft: Pick<Draft, 'kind' | 'tags'>): number {
    return requiredWork(draft, 'test');
  }
  get<Row>(table: Table<Row>, id: string): Promise<Row | undefined> {
    return this.rows.get(table, id);
  }
  getMany<Row>(table: Table<Row>, ids: readonly string[]): Promise<(Row | undefined)[]> {
    return this.rows.getMany(table, ids);
  }
  all<Row>(table: Table<Row>): Promise<Row[]> {
    return this.rows.all(table);
  }
  part<Row>(table: Table<Row>, query: PartQuery): Promise<Row[]> {
    return this.rows.part(table, query);
  }
  count<Row>(table: Table<Row>, part: string): Promise<number> {
    return this.rows.count(table, part);
  }
  search(question: SearchQuestion): Promise<SearchAnswer> {
    return searchRows(this.rows, this.#projections, question);
  }
  watch(watched: readonly Watched[], changed: () => void): () => void {
    return this.rows.watch(watched, changed);
  }
  record(...events: LocalEvent[]): Promise<void> {
    return this.rows.apply(...events);
  }

  readonly listeners = new Set<(event: NostrEvent) => void>();
  /** Every draft that was said to whom is here now. */
  readonly said: Draft[] = [];
  listen(_request: SyncRequest, heard: (event: NostrEvent) => void): () => void {
    this.listeners.add(heard);
    return () => void this.listeners.delete(heard);
  }
  say(draft: Draft): Promise<void> {
    this.said.push(draft);
    return Promise.resolve();
  }
  subscribe(request: SyncRequest): () => void {
    this.subscriptions.add(request);
    return () => void this.subscriptions.delete(request);
  }

  async fetch(request: SyncRequest): Promise<Result<FetchReport, Failure<'unreachable' | 'refused'>>> {
    this.fetches.push(request);
    const brought = this.onFetch(request);
    if ('code' in brought) return fail(brought.code, brought.message);
    for (const event of brought) await this.#see(event, request.relay ?? this.relay);
    const times = brought.map((event) => event.created_at);
    return ok({ received: brought.length, ...(times.length > 0 ? { oldest: Math.min(...times) } : {}) });
  }

  async publish(draft: Draft, options: PublishOptions = {}): Promise<Result<Published, PublishFailure>> {
    this.drafts.push(draft);
    this.options.push(options);
    if (this.publishFailure) return { ok: false, error: this.publishFailure };
    if (!this.account) return fail('no-account', 'nobody is signed in');
    if (options.signal?.aborted) return fail('cancelled', 'cancelled');
    const event = fakeEvent({
      ...draft,
      created_at: draft.created_at ?? this.now++,
      pubkey: this.account.pubkey,
    });
    this.published.push(event);
    const relays = options.relays ?? [this.relay];
    await this.record({ type: 'EventSigned', v: 1, event, relays });
    if (options.instead !== undefined) await this.discard(options.instead);
    const held = new Promise<Answer>((resolve) => this.#waiting.set(event.id, resolve));
    const word = this.answers(event);
    if (word !== 'wait') await this.#conclude(event.id, word);
    return ok({ event, answer: held });
  }

  /** The relay takes an event that was held back. */
  accept(id: string, note = ''): Promise<void> {
    return this.#conclude(id, ok({ note }));
  }
  /** The relay refuses an event that was held back, or took before. */
  refuse(id: string, reason: string): Promise<void> {
    return this.#conclude(id, refusal(reason));
  }
  /** Events as the city's relay sends them. */
  async deliver(...events: readonly NostrEvent[]): Promise<void> {
    for (const event of events) await this.#see(event, this.relay);
  }

  refused(): Promise<readonly RefusedEvent[]> {
    const words = new Map<string, string>();
    for (const one of this.log) {
      if (one.type === 'EventRejected') words.set(one.id, one.reason);
      if (one.type === 'EventAccepted' || one.type === 'EventDiscarded') words.delete(one.id);
    }
    const found = this.log.flatMap((one) => {
      const reason = one.type === 'EventSigned' ? words.get(one.event.id) : undefined;
      return one.type === 'EventSigned' && reason !== undefined
        ? { event: one.event, relays: one.relays, reason }
        : [];
    });
    return Promise.resolve(found);
  }
  retry(id: string): Promise<void> {
    this.retried.push(id);
    return Promise.resolve();
  }
  async discard(id: string): Promise<void> {
    this.discarded.push(id);
    await this.record({ type: 'EventDiscarded', v: 1, id });
    this.#waiting.get(id)?.(fail('discarded', 'given up'));
  }
  requestAccount(reason: 'join' | 'write' | 'create' | 'react'): Promise<boolean> {
    this.asked.push(reason);
    this.account ??= this.newcomer;
    return Promise.resolve(this.account !== undefined);
  }

  #see(event: NostrEvent, relay: string): Promise<void> {
    return this.record({ type: 'RelayEventSeen', v: 1, event, relay });
  }

  async #conclude(id: string, answer: Answer): Promise<void> {
    const { relay } = this;
    if (answer.ok) await this.record({ type: 'EventAccepted', v: 1, id, relay, note: answer.value.note });
    else if (answer.error.code === 'refused')
      await this.record({ type: 'EventRejected', v: 1, id, relay, reason: answer.error.message });
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}

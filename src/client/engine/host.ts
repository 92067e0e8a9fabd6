/** The engine within its worker: store, relays, intake and outbox put together for one profile and one city. */
import type { NostrEvent } from '#protocol/event.ts';
import { normalizeRelayUrl } from '#protocol/lists.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { systemClock } from '#shared/time.ts';
import { Answers } from '../outbox/answers.ts';
import { Outbox } from '../outbox/outbox.ts';
import { outboxLock } from '../outbox/ports.ts';
import type { AwaitedUploads } from '../outbox/ports.ts';
import { RelayPool } from '../relays/pool.ts';
import type { CatchUp } from '../relays/sync/catch-up.ts';
import type { Authenticator, LinkState } from '../relays/ports.ts';
import { restoreProfile } from '../profiles/restoring.ts';
import { destroyProfileStore } from '../store/opening/destroy-profile.ts';
import { movePlainDatabase } from '../store/moving/plain-database.ts';
import { openProfileBlobs, openProfileStore } from '../store/opening/open-profile.ts';
import type { LocalEvent } from '../store/local-events.ts';
import type { RefusedEvent } from '../store/queue.ts';
import type { Projection } from '../store/projection.ts';
import type { Compressor } from '../store/seal/packing.ts';
import type { SealedStore } from '../store/sealed/sealed-store.ts';
import type { SearchAnswer, SearchQuestion } from '../store/searching.ts';
import { StoreError } from '../store/store-error.ts';
import type { PartQuery, Watched } from '../store/table.ts';
import { startCatchingUp } from './catching-up.ts';
import type { Answer, EnqueueOptions, SyncRequest } from './engine.ts';
import type { HostPorts } from './host-ports.ts';
import { Intake } from './intake.ts';
import { leftoversOf, refusedIn } from './leftovers.ts';
import type { EngineOptions, EngineRemote, FetchAnswer, OpenFailure, Signal } from './remote.ts';
import { Syncing } from './syncing.ts';
import { Appending } from './upkeep/appending.ts';
import { watchKept } from './upkeep/eviction.ts';
import type { UpkeepTask } from './upkeep/upkeep.ts';
import { UpkeepDesk } from './upkeep/upkeep-desk.ts';

interface Assembling {
  readonly compressor: Compressor;
  readonly appended: () => Promise<void>;
  readonly uploads: AwaitedUploads | undefined;
}

/** Everything that lives as long as the profile is open. */
interface Parts {
  readonly home: string;
  readonly store: SealedStore;
  readonly pool: RelayPool;
  readonly intake: Intake;
  readonly syncing: Syncing;
  readonly catchUp: CatchUp;
  readonly outbox: Outbox;
  readonly uploads: AwaitedUploads | undefined;
  readonly answers: Answers;
  readonly appending: Appending;
  readonly desk: UpkeepDesk;
}

export class EngineHost implements EngineRemote {
  readonly #projections: readonly Projection[];
  readonly #ports: HostPorts;
  readonly #stops = new Map<string, () => void>();
  #parts: Parts | undefined;
  #signal: (signal: Signal) => void = () => undefined;

  constructor(projections: readonly Projection[], ports: HostPorts) {
    this.#projections = projections;
    this.#ports = ports;
  }

  async open(
    options: EngineOptions,
    signal: (signal: Signal) => void,
  ): Promise<Result<undefined, OpenFailure>> {
    await this.close();
    this.#signal = signal;
    const progress = (done: number, total: number): void => signal({ type: 'rebuilding', done, total });
    const { earlier, register } = this.#ports;
    const { keys } = options;
    try {
      const compressor = await this.#ports.compressor();
      const store = await openProfileStore({ keys, projections: this.#projections, compressor, progress });
      if (earlier) await movePlainDatabase(store, { ...earlier, progress });
      const appended = await watchKept(store, { register, keys, now: systemClock.now() });
      const uploads = await this.#ports.uploads?.(keys);
      this.#parts = this.#assemble(store, options, { compressor, appended, uploads });
      return ok(undefined);
    } catch (cause) {
      const code = cause instanceof StoreError && cause.code === 'superseded' ? 'superseded' : 'storage';
      return fail(code, cause instanceof Error ? cause.message : String(cause));
    }
  }

  async getMany(table: string, ids: readonly string[]): Promise<unknown[]> {
    return this.#open.store.getMany(named(table), ids);
  }
  async all(table: string): Promise<unknown[]> {
    return this.#open.store.all(named(table));
  }
  async part(table: string, query: PartQuery): Promise<unknown[]> {
    return this.#open.store.part(named(table), query);
  }
  async count(table: string, part: string): Promise<number> {
    return this.#open.store.count(named(table), part);
  }
  async search(question: SearchQuestion): Promise<SearchAnswer> {
    return this.#open.store.search(question);
  }

  watch(id: number, watched: readonly Watched[]): void {
    const stop = this.#open.store.watch(watched, () => this.#signal({ type: 'changed', watch: id }));
    this.#keep(`watch ${id}`, stop);
  }
  unwatch(id: number): void {
    this.#release(`watch ${id}`);
  }

  async record(events: readonly LocalEvent[]): Promise<void> {
    await this.#open.appending.append(events);
  }

  subscribe(id: number, request: SyncRequest): void {
    this.#keep(`subscription ${id}`, this.#open.syncing.subscribe(request));
  }
  unsubscribe(id: number): void {
    this.#release(`subscription ${id}`);
  }
  async fetch(request: SyncRequest): Promise<FetchAnswer> {
    return this.#open.syncing.fetch(request);
  }

  async enqueue(event: NostrEvent, { relays, instead, after }: EnqueueOptions = {}): Promise<void> {
    const { appending, home } = this.#open;
    const urls = (relays ?? [home]).flatMap((relay) => normalizeRelayUrl(relay) ?? []);
    const gone: LocalEvent[] = instead === undefined ? [] : [{ type: 'EventDiscarded', v: 1, id: instead }];
    const awaited = after === undefined ? {} : { after: [...after] };
    const signed = { type: 'EventSigned', v: 1, event, relays: [...new Set(urls)], ...awaited } as const;
    await appending.append([signed, ...gone]);
  }
  async say(event: NostrEvent, relays = [this.#open.home]): Promise<void> {
    for (const url of relays) void this.#open.pool.relay(url).publish(event);
  }
  async answerOf(id: string): Promise<Answer> {
    return this.#open.answers.of(id);
  }
  async refused(): Promise<readonly RefusedEvent[]> {
    return refusedIn(this.#open.store);
  }
  async retry(id: string): Promise<void> {
    const { store, outbox, uploads } = this.#open;
    const awaited = (await store.queue.entriesOf(id)).flatMap(({ after = [] }) => after);
    if (awaited.length > 0) await uploads?.again(awaited);
    await store.queue.renew(id);
    outbox.wake();
  }
  async discard(id: string): Promise<void> {
    await this.#open.appending.append([{ type: 'EventDiscarded', v: 1, id }]);
  }

  setAuthenticator(sign: Authenticator | undefined): void {
    const { pool, outbox, catchUp } = this.#open;
    pool.setAuthenticator(sign);
    if (!sign) return;
    outbox.wake();
    catchUp.soon();
  }

  async readMeta(name: string): Promise<unknown> {
    return this.#open.store.readMeta(name);
  }
  async writeMeta(name: string, value: unknown): Promise<void> {
    return this.#open.store.writeMeta(name, value);
  }
  async upkeep(job: string, task: UpkeepTask): Promise<unknown> {
    return this.#open.desk.answer(job, task);
  }
  async wipe(): Promise<void> {
    await this.#open.store.wipe();
  }

  /** Takes what is in memory to the disk and lets go of everything. */
  async close(): Promise<void> {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
    const parts = this.#parts;
    this.#parts = undefined;
    if (!parts) return;
    parts.desk.stop();
    parts.catchUp.stop();
    parts.intake.stop();
    parts.outbox.stop();
    parts.answers.stop();
    parts.pool.close();
    try {
      await parts.store.checkpoint();
    } finally {
      parts.store.close();
    }
  }

  get #open(): Parts {
    if (!this.#parts) throw new Error('the engine is not open');
    return this.#parts;
  }

  #assemble(
    store: SealedStore,
    { relay, relayKey, keys }: EngineOptions,
    { compressor, appended, uploads }: Assembling,
  ): Parts {
    const { relays, locks, outboxNews, verify, followed } = this.#ports;
    const blobs = openProfileBlobs(keys);
    const appending = new Appending({
      append: (events) => store.append(events),
      appended,
      fullChanged: () => void this.#tellStatus(),
    });
    const home = normalizeRelayUrl(relay) ?? relay;
    const pool = new RelayPool(home, relays, (url, state) => this.#linkChanged(url, state));
    const intake = new Intake({
      verify,
      keys: (url) => (url === home ? relayKey : undefined),
      append: appending.append,
      known: (keys) => store.known(keys),
      heard: (event) => this.#signal({ type: 'heard', event }),
    });
    const outbox = new Outbox({
      queue: store.queue,
      uploads,
      locks,
      lock: outboxLock(keys.profile),
      append: appending.append,
      catchUp: async () => {
        const answers = await store.queue.answers();
        if (answers.length > 0) await appending.append(answers);
      },
      publish: (url, event) => pool.relay(url).publish(event),
      random: relays.random,
    });
    store.queue.watch(() => void this.#tellStatus());
    this.#keep(
      'outbox news',
      outboxNews.hear(keys.profile, () => outbox.kick()),
    );
    const syncing = new Syncing(home, pool, intake);
    const parts = {
      home,
      store,
      pool,
      intake,
      outbox,
      uploads,
      syncing,
      catchUp: startCatchingUp({ home, store, pool, syncing }, followed),
      answers: new Answers({
        queue: store.queue,
        acceptanceOf: (id) => store.acceptanceOf(id),
        known: (keys) => store.known(keys),
      }),
      appending,
      desk: new UpkeepDesk({
        keys,
        store,
        compressor,
        verify,
        makeProfile: (passphrase, fill) => this.#makeProfile(passphrase, compressor, fill),
        blobBytes: async () => (await (await blobs)?.usage())?.bytes ?? 0,
        tell: this.#signal,
        now: Date.now,
      }),
    };
    queueMicrotask(() => void this.#tellStatus());
    return parts;
  }

  #makeProfile<T, E>(
    passphrase: string,
    compressor: Compressor,
    fill: (store: SealedStore, profile: string) => Promise<Result<T, E>>,
  ): Promise<Result<T, E>> {
    const { register, locks } = this.#ports;
    const ports = { register, locks, destroy: destroyProfileStore };
    return restoreProfile(ports, passphrase, async (keys) => {
      const store = await openProfileStore({ keys, projections: this.#projections, compressor });
      try {
        return await fill(store, keys.profile);
      } finally {
        store.close();
      }
    });
  }

  #linkChanged(url: string, state: LinkState): void {
    if (state === 'open') this.#parts?.outbox.wake(url);
    if (state === 'open') this.#parts?.catchUp.reopened(url);
    if (url === this.#parts?.home) void this.#tellStatus();
  }

  async #tellStatus(): Promise<void> {
    const parts = this.#parts;
    if (!parts) return;
    const leftovers = await leftoversOf(parts.store.queue);
    const full = parts.appending.isFull ? { isFull: true } : {};
    const city = parts.pool.relay(parts.home).state;
    this.#signal({ type: 'status', status: { city, ...leftovers, ...full } });
  }

  #keep(name: string, stop: () => void): void {
    this.#stops.get(name)?.();
    this.#stops.set(name, stop);
  }

  #release(name: string): void {
    this.#stops.get(name)?.();
    this.#stops.delete(name);
  }
}

/** Rows are found by their table's name; how ids and parts are made is the projections' business. */
const named = (name: string) => ({ name, id: () => '' });

/** The engine as a page has it: a stub over the worker. */
import * as Comlink from 'comlink';
import type { NostrEvent } from '#protocol/event.ts';
import { matchesAny } from '#protocol/filters.ts';
import type { Filter } from '#protocol/filters.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { LocalEvent } from '../store/local-events.ts';
import type { SearchAnswer, SearchQuestion } from '../store/searching.ts';
import type { PartQuery, Table, Watched } from '../store/table.ts';
import type { Engine, EngineStatus, SyncRequest } from './engine.ts';
import type { EngineOptions, EngineRemote, OpenFailure, Signal } from './remote.ts';
import { UpkeepClient } from './upkeep/upkeep-client.ts';

type Progress = (done: number, total: number) => void;

/**
 * Opens a profile's engine in a worker (or over any message port that serves an `EngineRemote`). `progress` is told
 * when rows have to be rebuilt first, after an update.
 */
export const connectEngine = async (
  worker: Comlink.Endpoint,
  options: EngineOptions,
  progress?: Progress,
): Promise<Result<Engine, OpenFailure>> => {
  const engine = new RemoteEngine(Comlink.wrap<EngineRemote>(worker), progress);
  const opened = await Promise.race([engine.open(options), brokenWorker(worker)]);
  return opened.ok ? ok(engine) : opened;
};

/** A worker whose script cannot be loaded never answers; it says so by an `error` event. */
const brokenWorker = (worker: Comlink.Endpoint): Promise<Result<never, OpenFailure>> =>
  new Promise((resolve) => {
    worker.addEventListener('error', () => resolve(fail('storage', 'the worker could not be started')));
  });

interface Listener {
  readonly filters: readonly Filter[];
  readonly heard: (event: NostrEvent) => void;
}

class RemoteEngine implements Engine {
  readonly #remote: Comlink.Remote<EngineRemote>;
  readonly #watchers = new Map<number, () => void>();
  readonly #listeners = new Set<Listener>();
  readonly #statusWatchers = new Set<(status: EngineStatus) => void>();
  #progress: Progress | undefined;
  #status: EngineStatus = { city: 'connecting', waiting: 0 };
  #superseded: () => void = () => undefined;
  #next = 1;

  constructor(remote: Comlink.Remote<EngineRemote>, progress: Progress | undefined) {
    this.#remote = remote;
    this.#progress = progress;
  }

  async open(options: EngineOptions): Promise<Result<undefined, OpenFailure>> {
    const opened = await this.#remote.open(
      options,
      Comlink.proxy((signal: Signal) => this.#hear(signal)),
    );
    this.#progress = undefined;
    return opened;
  }

  async get<Row>(table: Table<Row>, id: string): Promise<Row | undefined> {
    return (await this.getMany(table, [id]))[0];
  }
  async getMany<Row>(table: Table<Row>, ids: readonly string[]): Promise<(Row | undefined)[]> {
    return (await this.#remote.getMany(table.name, [...ids])) as (Row | undefined)[];
  }
  async all<Row>(table: Table<Row>): Promise<Row[]> {
    return (await this.#remote.all(table.name)) as Row[];
  }
  async part<Row>(table: Table<Row>, query: PartQuery): Promise<Row[]> {
    return (await this.#remote.part(table.name, query)) as Row[];
  }
  count<Row>(table: Table<Row>, part: string): Promise<number> {
    return this.#remote.count(table.name, part);
  }
  search = (question: SearchQuestion): Promise<SearchAnswer> => this.#remote.search(question);

  watch(watched: readonly Watched[], changed: () => void): () => void {
    const id = this.#next++;
    this.#watchers.set(id, changed);
    this.#send(this.#remote.watch(id, watched));
    return () => {
      if (this.#watchers.delete(id)) this.#send(this.#remote.unwatch(id));
    };
  }

  record(events: readonly LocalEvent[]): Promise<void> {
    return this.#remote.record(events);
  }

  subscribe(request: SyncRequest): () => void {
    const id = this.#next++;
    this.#send(this.#remote.subscribe(id, request));
    return () => this.#send(this.#remote.unsubscribe(id));
  }

  listen(request: SyncRequest, heard: (event: NostrEvent) => void): () => void {
    const listener = { filters: request.filters, heard };
    this.#listeners.add(listener);
    const release = this.subscribe(request);
    return () => {
      this.#listeners.delete(listener);
      release();
    };
  }
  say = (event: NostrEvent, relays?: readonly string[]) => this.#remote.say(event, relays);

  fetch = (request: SyncRequest) => this.#remote.fetch(request);
  enqueue: Engine['enqueue'] = (event, options) => this.#remote.enqueue(event, options);
  answerOf = (id: string) => this.#remote.answerOf(id);
  refused = () => this.#remote.refused();
  retry = (id: string) => this.#remote.retry(id);
  discard = (id: string) => this.#remote.discard(id);

  setAuthenticator: Engine['setAuthenticator'] = (sign) => {
    this.#send(this.#remote.setAuthenticator(sign && Comlink.proxy(sign)));
  };

  watchStatus(changed: (status: EngineStatus) => void): () => void {
    this.#statusWatchers.add(changed);
    changed(this.#status);
    return () => void this.#statusWatchers.delete(changed);
  }

  readMeta = (name: string) => this.#remote.readMeta(name);
  writeMeta = (name: string, value: unknown) => this.#remote.writeMeta(name, value);

  readonly upkeep = new UpkeepClient((job, task) => this.#remote.upkeep(job, task));

  wipe = () => this.#remote.wipe();

  watchSuperseded(called: () => void): void {
    this.#superseded = called;
  }

  close = () => this.#remote.close();

  #hear(signal: Signal): void {
    if (signal.type === 'heard') {
      for (const { filters, heard } of this.#listeners)
        if (matchesAny(filters, signal.event)) heard(signal.event);
    } else if (signal.type === 'changed') this.#watchers.get(signal.watch)?.();
    else if (signal.type === 'rebuilding') this.#progress?.(signal.done, signal.total);
    else if (signal.type === 'progress') this.upkeep.hear(signal);
    else if (signal.type === 'superseded') this.#superseded();
    else {
      this.#status = signal.status;
      for (const changed of this.#statusWatchers) changed(signal.status);
    }
  }

  /** Messages that nobody waits for; a failure is a bug worth seeing. */
  #send(sent: Promise<unknown>): void {
    sent.catch((cause: unknown) => console.error('The engine refused', cause));
  }
}

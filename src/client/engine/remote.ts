/** What crosses between page and worker: the engine's face with tables by name and callbacks as numbers. */
import type { NostrEvent } from '#protocol/event.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Authenticator } from '../relays/ports.ts';
import type { LocalEvent } from '../store/local-events.ts';
import type { RefusedEvent } from '../store/queue.ts';
import type { ProfileKeys } from '../store/profiles/profile-keys.ts';
import type { SearchAnswer, SearchQuestion } from '../store/searching.ts';
import type { PartQuery, Watched } from '../store/table.ts';
import type { JobProgress, UpkeepTask } from './upkeep/upkeep.ts';
import type { Answer, EngineStatus, EnqueueOptions, FetchReport, SyncRequest } from './engine.ts';

export interface EngineOptions {
  /** The city's relay, `ws(s)://…`. */
  readonly relay: string;
  /** The relay's own key: who signs 39000–39009. */
  readonly relayKey: string;
  /** Whose store it is, and what opens it. */
  readonly keys: ProfileKeys;
}

/** `superseded`: a newer version of the app is open in another tab; `storage`: the device's storage cannot be used. */
export type OpenFailure = Failure<'superseded' | 'storage'>;

/** What the worker calls back for. */
export type Signal =
  | { readonly type: 'changed'; readonly watch: number }
  | { readonly type: 'status'; readonly status: EngineStatus }
  /** An ephemeral event came; nothing of it is stored. */
  | { readonly type: 'heard'; readonly event: NostrEvent }
  | { readonly type: 'rebuilding'; readonly done: number; readonly total: number }
  | JobProgress
  /** A newer version of the app keeps the data from here on: this page can only be loaded again. */
  | { readonly type: 'superseded' };

export type FetchAnswer = Result<FetchReport, Failure<'unreachable' | 'refused'>>;

/** The worker's side; every call is a message. */
export interface EngineRemote {
  open(options: EngineOptions, signal: (signal: Signal) => void): Promise<Result<undefined, OpenFailure>>;
  getMany(table: string, ids: readonly string[]): Promise<unknown[]>;
  all(table: string): Promise<unknown[]>;
  part(table: string, query: PartQuery): Promise<unknown[]>;
  count(table: string, part: string): Promise<number>;
  search(question: SearchQuestion): Promise<SearchAnswer>;
  watch(id: number, watched: readonly Watched[]): void;
  unwatch(id: number): void;
  record(events: readonly LocalEvent[]): Promise<void>;
  subscribe(id: number, request: SyncRequest): void;
  unsubscribe(id: number): void;
  fetch(request: SyncRequest): Promise<FetchAnswer>;
  enqueue(event: NostrEvent, options?: EnqueueOptions): Promise<void>;
  say(event: NostrEvent, relays?: readonly string[]): Promise<void>;
  answerOf(id: string): Promise<Answer>;
  refused(): Promise<readonly RefusedEvent[]>;
  retry(id: string): Promise<void>;
  discard(id: string): Promise<void>;
  setAuthenticator(sign: Authenticator | undefined): void;
  readMeta(name: string): Promise<unknown>;
  writeMeta(name: string, value: unknown): Promise<void>;
  /** A task under a name by which its progress is signalled; what it answers is `Upkeep`'s. */
  upkeep(job: string, task: UpkeepTask): Promise<unknown>;
  wipe(): Promise<void>;
  /** Takes everything to the disk and lets go; nothing may be asked afterwards. */
  close(): Promise<void>;
}

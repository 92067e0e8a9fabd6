/**
 * The engine: store, relays and outbox in one worker, so that nothing slow touches the page.
 * Incoming: relay → verify → log and projections → watchers. Outgoing: signed event → log and outbox → relay → answer → log.
 */
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { LocalEvent } from '../store/local-events.ts';
import type { RefusedEvent } from '../store/queue.ts';
import type { SearchAnswer, SearchQuestion } from '../store/searching.ts';
import type { RowReader, Watched } from '../store/table.ts';
import type { Upkeep } from './upkeep/upkeep.ts';

/** `offline`: the machine says so; `connecting`: trying; `open`: the city answers. */
type LinkState = 'offline' | 'connecting' | 'open';

export interface EngineStatus {
  readonly city: LinkState;
  /** Signed events not yet answered for. */
  readonly waiting: number;
  /** Events that relays refused and that wait for the person's hand; absent for none. */
  readonly refused?: number;
  /** This device had no space for what was last to be kept. */
  readonly isFull?: boolean;
}

/** What to ask a relay for. `relay` absent: the city's own. */
export interface SyncRequest {
  readonly relay?: string;
  readonly filters: readonly Filter[];
}

export interface FetchReport {
  /** Events that the relay sent (verified ones). */
  readonly received: number;
  /** Oldest `created_at` among them; undefined for none. For paging by `until`. */
  readonly oldest?: number;
}

/** How an outgoing event ended: accepted, or refused with the relay's own words. */
export type Answer = Result<{ readonly note: string }, Failure<'refused' | 'discarded'>>;

export interface EnqueueOptions {
  /** Where to; the city's own relay when absent. */
  readonly relays?: readonly string[] | undefined;
  /** The id of an event that is given up in the same breath. */
  readonly instead?: string | undefined;
  /** Uploads, by their hashes, that have to be stored before it is sent. */
  readonly after?: readonly string[] | undefined;
}

/** The engine as a page sees it. */
export interface Engine extends RowReader {
  /** Rows by the words in them, best first. The first question after opening waits until the words have been read. */
  search(question: SearchQuestion): Promise<SearchAnswer>;
  /** Calls back (coalesced) after writes to any of these. Returns the way to stop. */
  watch(watched: readonly Watched[], changed: () => void): () => void;
  /** Appends local history (drafts, reads, settings). */
  record(events: readonly LocalEvent[]): Promise<void>;
  /** Stored events now and new ones as they come, kept alive over reconnects, until released. */
  subscribe(request: SyncRequest): () => void;
  /** As `subscribe`, for what relays do not store: told as it comes, and forgotten. */
  listen(request: SyncRequest, heard: (event: NostrEvent) => void): () => void;
  /** Sends a signed event that nobody stores to whom is connected; the city's own relay when none is named. Nothing is tried again. */
  say(event: NostrEvent, relays?: readonly string[]): Promise<void>;
  /** One question, until EOSE; `unreachable` after 10 s or offline, `refused` with the relay's reason. */
  fetch(request: SyncRequest): Promise<Result<FetchReport, Failure<'unreachable' | 'refused'>>>;
  /** Logs and queues a signed event; resolves once it is durable, long before a relay answers. */
  enqueue(event: NostrEvent, options?: EnqueueOptions): Promise<void>;
  /** Resolves when a relay has answered for this event (now or later), or the person gave it up. */
  answerOf(id: string): Promise<Answer>;
  /** What relays refused and nobody has taken: to be mended or given up. In the order of signing. */
  refused(): Promise<readonly RefusedEvent[]>;
  /** Sends a refused or waiting event again now. */
  retry(id: string): Promise<void>;
  /** Gives an event up: it leaves the outbox, its line disappears. */
  discard(id: string): Promise<void>;
  /** Who answers NIP-42 challenges; undefined when nobody is signed in. Reconnects subscriptions that were refused. */
  setAuthenticator(
    sign: ((relay: string, challenge: string) => Promise<NostrEvent | undefined>) | undefined,
  ): void;
  watchStatus(changed: (status: EngineStatus) => void): () => void;
  readMeta(name: string): Promise<unknown>;
  writeMeta(name: string, value: unknown): Promise<void>;
  /** Backups, rebuilding, how much it is and whether it is all there. */
  readonly upkeep: Upkeep;
  wipe(): Promise<void>;
  /** Calls back once, when a newer version of the app has taken the data over. */
  watchSuperseded(called: () => void): void;
  /** Takes everything to the disk and lets go of it, keys included; nothing may be asked afterwards. */
  close(): Promise<void>;
}

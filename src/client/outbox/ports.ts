/** What the outbox needs: the store's queue and log, a way to relays, and a lock that all tabs share. */
import type { NostrEvent } from '#protocol/event.ts';
import type { Outcome } from '../relays/publications.ts';
import type { LocalEvent } from '../store/local-events.ts';
import type { Queue } from '../store/queue.ts';

/** A lock among all tabs of the origin: `navigator.locks`. */
export interface Locks {
  /** Runs the work once nobody else holds the lock, and holds it until the work is done. */
  hold(name: string, work: () => Promise<void>): Promise<void>;
}

/** How the files stand that a line waits for. */
export type UploadsState =
  | { readonly state: 'stored' }
  | { readonly state: 'waiting' }
  /** Somebody's hand is needed; why, in a sentence. */
  | { readonly state: 'failed'; readonly reason: string };

/** Files that lines wait for. */
export interface AwaitedUploads {
  /** How these (hashes) stand together; what nobody here knows is stored. */
  stateOf(hashes: readonly string[]): Promise<UploadsState>;
  /** Tries those anew that failed. */
  again(hashes: readonly string[]): Promise<void>;
  /** Calls back when something may be different. Returns the way to stop. */
  watch(changed: () => void): () => void;
}

export interface OutboxPorts {
  readonly queue: Pick<Queue, 'entries' | 'watch'>;
  /** Absent: nothing is waited for. */
  readonly uploads?: AwaitedUploads | undefined;
  readonly locks: Locks;
  /** The lock's name: one a profile. */
  readonly lock: string;
  append(events: readonly LocalEvent[]): Promise<unknown>;
  /** Sends to a relay; `no-answer` when it cannot be reached or says nothing. */
  publish(relay: string, event: NostrEvent): Promise<Outcome>;
  readonly random: () => number;
  /** Called each time that the lock is ours, before anything is sent: takes up what others did meanwhile. */
  readonly catchUp?: () => Promise<void>;
  /** Called when there is nothing to do for now. */
  readonly rested?: () => void;
}

/** The name of the lock under which a profile's queue is sent, by a page or by the service worker. */
export const outboxLock = (profile: string): string => `outbox ${profile}`;

/** News between whoever sends: relays have answered. */
export interface OutboxNews {
  tell(profile: string): void;
  /** Returns the way to stop. */
  hear(profile: string, answered: () => void): () => void;
}

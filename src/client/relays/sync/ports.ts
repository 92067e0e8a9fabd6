/** What catching up needs of the rest. */
import type { Filter } from '#protocol/filters.ts';
import type { Item, ItemSet } from '#protocol/negentropy/item-set.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Clock } from '#shared/time.ts';
import type { ReconcileAnswer } from '../reconciliations.ts';

/** A place that this person belongs to, or their own inbox (`inboxOf`), on a relay. */
export interface Followed {
  /** The relay's normalized address. */
  readonly relay: string;
  readonly place: string;
}

export type Fetched = Result<
  { readonly received: number; readonly oldest?: number },
  Failure<'unreachable' | 'refused'>
>;

export interface SyncPorts {
  /** Compares what is here with what a relay has (NIP-77). */
  reconcile(relay: string, filter: Filter, items: ItemSet): Promise<ReconcileAnswer>;
  /** One question until its end: verified events are in the store when it resolves. */
  fetch(relay: string, filter: Filter): Promise<Fetched>;
  /** What is here of a place's events of these kinds, from a time on (Unix seconds). */
  held(
    place: string,
    about: { readonly kinds: readonly number[]; readonly since: number },
  ): Promise<readonly Item[]>;
  readonly clock: Clock;
}

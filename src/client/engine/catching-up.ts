/** Catching up, put together for one engine: the city's relay, the store's own list of what is here, whose places count. */
import type { SealedStore } from '../store/sealed/sealed-store.ts';
import { heldOf } from '../store/held/held.ts';
import type { RowReader, Watched } from '../store/table.ts';
import type { RelayPool } from '../relays/pool.ts';
import { CatchUp } from '../relays/sync/catch-up.ts';
import { inboxOf } from '#protocol/direct/inboxes.ts';
import { systemClock } from '#shared/time.ts';
import type { Syncing } from './syncing.ts';

/** Which places somebody belongs to, by the rows of the feature that knows. */
export interface FollowedPlaces {
  /** What changes when there is another place. */
  readonly watched: readonly Watched[];
  places(rows: RowReader, me: string): Promise<readonly string[]>;
}

const MEMORY = 'catching-up';

interface EngineParts {
  readonly home: string;
  readonly store: SealedStore;
  readonly pool: RelayPool;
  readonly syncing: Syncing;
}

/** Runs by itself once told that a relay is there (`reopened`) or that somebody has signed in (`soon`), until stopped. */
export const startCatchingUp = (
  { home, store, pool, syncing }: EngineParts,
  followed: FollowedPlaces | undefined,
): CatchUp => {
  const catchUp = new CatchUp({
    reconcile: (relay, filter, items) => pool.relay(relay).reconcile(filter, items),
    fetch: (relay, filter) => syncing.fetch({ relay, filters: [filter] }),
    held: (place, about) => heldOf(store, place, about),
    clock: systemClock,
    stateOf: (relay) => pool.relay(relay).state,
    whoAmI: () => (followed ? pool.relay(home).whoAmI() : Promise.resolve(undefined)),
    followed: async (me) =>
      [inboxOf(me), ...((await followed?.places(store, me)) ?? [])].map((place) => ({ relay: home, place })),
    memory: {
      read: () => store.readMeta(MEMORY),
      write: (value) => store.writeMeta(MEMORY, value),
    },
  });
  if (followed) store.watch(followed.watched, () => catchUp.soon());
  return catchUp;
};

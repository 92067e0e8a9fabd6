/** What long work has to follow for as long as the page lives: the settings, the account, the end of the page. */
import type { WorkQueue } from '#client/mining/queue/work-queue.ts';
import type { Account, Published } from '#client/city/city.ts';
import type { GroupMaker } from '#features/groups/index.ts';
import type { Settings } from '#features/settings/index.ts';
import { CREATE_GROUP } from '#protocol/kinds.ts';
import { untrack } from 'svelte';
import type { Pace } from './pace.svelte.ts';
import type { Works } from './works.svelte.ts';

interface Reined {
  readonly queue: WorkQueue<Published>;
  readonly works: Works;
  readonly pace: Pace;
  readonly settings: Pick<Settings, 'workers' | 'isOnlyCharging'>;
  readonly session: { readonly account: Account | undefined };
  readonly maker: Pick<GroupMaker, 'takeUp'>;
}

/** Takes the reins; returns the way to let go. */
export const holdReins = ({ queue, works, pace, settings, session, maker }: Reined): (() => void) => {
  const flush = (): void => void queue.flush();
  addEventListener('pagehide', flush);
  const letGo = $effect.root(() => {
    let workers = settings.workers;
    $effect(() => {
      if (settings.workers === workers) return;
      workers = settings.workers;
      untrack(() => queue.restart());
      if (pace.rate !== undefined) void pace.measure();
    });
    $effect(() => {
      // Work that stands still has no rate of its own to tell its mean time by; what it has just shown is remembered.
      if (works.all.some(({ progress }) => !progress)) untrack(() => void pace.measure());
    });
    $effect(() => {
      void settings.isOnlyCharging;
      untrack(() => queue.look());
    });
    $effect(() => {
      const own = session.account?.pubkey;
      const places = works.all.filter(
        ({ event, trouble }) => event.kind === CREATE_GROUP && event.pubkey === own && !trouble,
      );
      untrack(() => {
        for (const { id, event } of places) maker.takeUp(event, () => works.settled(id));
      });
    });
  });
  return () => {
    removeEventListener('pagehide', flush);
    letGo();
  };
};

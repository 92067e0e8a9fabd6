/** What is left in the queue: what still goes out, and what waits for the person's hand. */
import { isToSend, refusedEvents } from '../store/queue.ts';
import type { Queue, RefusedEvent } from '../store/queue.ts';
import type { EngineStatus } from './engine.ts';

interface Leftovers {
  readonly queue: Pick<Queue, 'entries'>;
  /** A relay's word of acceptance; undefined where there is none. */
  acceptanceOf(id: string): Promise<string | undefined>;
}

/** Refused and taken by nobody. */
export const refusedIn = async (store: Leftovers): Promise<readonly RefusedEvent[]> => {
  const found = refusedEvents(await store.queue.entries());
  const taken = await Promise.all(found.map(({ event }) => store.acceptanceOf(event.id)));
  return found.filter((_, index) => taken[index] === undefined);
};

/** The queue's part of the status; nothing waits where it cannot be read. */
export const leftoversOf = async (
  queue: Pick<Queue, 'entries'>,
): Promise<Pick<EngineStatus, 'waiting' | 'refused'>> => {
  const all = await queue.entries().catch(() => []);
  const waiting = new Set(all.filter(isToSend).map(({ id }) => id)).size;
  const refused = refusedEvents(all).length;
  return refused > 0 ? { waiting, refused } : { waiting };
};

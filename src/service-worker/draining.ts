/** Sends what people wrote on this device, while no page does: locked profiles' words too, for the queue holds signed events only. */
import { browserOutboxNews, browserRelayPorts } from '#client/engine/browser-ports.ts';
import { drainQueue } from '#client/outbox/drain-queue.ts';
import type { Drained } from '#client/outbox/drain-queue.ts';
import { outboxLock } from '#client/outbox/ports.ts';
import type { Locks } from '#client/outbox/ports.ts';
import { openDeviceQueue } from '#client/store/opening/device-queue.ts';
import { DexieRegister } from '#client/store/profiles/profile-register.ts';
import type { ProfileRecord } from '#client/store/profiles/profile-record.ts';

/** Milliseconds. A browser lets a worker work for some minutes; what is left is for the next time. */
const PATIENCE = 60_000;

/** True when nothing is left that could be sent without a page. */
export const drainAll = async (): Promise<boolean> => {
  const { profiles } = await new DexieRegister().read();
  const drained = await Promise.all(profiles.map((profile) => drainOne(profile).catch(complain)));
  return drained.every((one) => one !== 'waiting');
};

const drainOne = async (profile: ProfileRecord): Promise<Drained> => {
  const { queue, close } = openDeviceQueue(profile);
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE);
  try {
    return await drainQueue({
      queue: {
        refresh: () => queue.refresh(),
        entries: () => queue.entries(),
        append: async (events) => {
          await queue.append(events);
          browserOutboxNews.tell(profile.id);
        },
      },
      locks: patientLocks(giveUp.signal),
      lock: outboxLock(profile.id),
      relays: browserRelayPorts,
      patience: PATIENCE,
    });
  } finally {
    clearTimeout(timer);
    giveUp.abort();
    close();
  }
};

/** A lock that is waited for until the signal: while a page holds it, the page sends. */
const patientLocks = (signal: AbortSignal): Locks => ({
  hold: async (name, work) => {
    if (!('locks' in navigator)) return;
    await navigator.locks.request(name, { signal }, work).catch((cause: unknown) => {
      if (!signal.aborted) throw cause;
    });
  },
});

const complain = (cause: unknown): Drained => {
  console.error('What waits could not be sent', cause);
  return 'waiting';
};

/**
 * Sends what people wrote on this device, and what hangs on it, while no page does: locked profiles' words too, for the queue holds
 * signed events only, and files lie under the device's key.
 */
import { browserLocks, browserOutboxNews, browserRelayPorts } from '#client/engine/browser-ports.ts';
import { browserUploadLocks } from '#client/media/desk/browser-ports.ts';
import { hearOutgoing, openAwaited, openOutgoing } from '#client/media/outgoing/open-outgoing.ts';
import { sendWaiting } from '#client/media/sending/send-waiting.ts';
import type { SentWaiting } from '#client/media/sending/send-waiting.ts';
import { drainQueue } from '#client/outbox/drain-queue.ts';
import type { Drained } from '#client/outbox/drain-queue.ts';
import { outboxLock } from '#client/outbox/ports.ts';
import type { AwaitedUploads, Locks } from '#client/outbox/ports.ts';
import { hasOutgoing } from '#client/store/blobs/opfs-directory.ts';
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

/** Words first, then files; then the words that waited for them. */
const drainOne = async (profile: ProfileRecord): Promise<Drained> => {
  const uploads = await openAwaited({ profile: profile.id, deviceKey: profile.deviceKey }, browserLocks);
  const drained = await drainWords(profile, uploads);
  const sent = await sendFiles(profile);
  if (sent === 'idle') return drained;
  const again = await drainWords(profile, uploads);
  return sent === 'waiting' ? 'waiting' : again;
};

const sendFiles = async ({ id: profile, deviceKey }: ProfileRecord): Promise<SentWaiting> => {
  if (!(await hasOutgoing(profile))) return 'idle';
  const giveUp = new AbortController();
  try {
    return await sendWaiting({
      files: await openOutgoing({ profile, deviceKey }, browserLocks),
      locks: browserUploadLocks(patientLocks(giveUp.signal)),
      profile,
      network: browserRelayPorts.network,
      fetch: (url, init) => fetch(url, init),
      random: Math.random,
      now: Date.now,
      hear: (changed) => hearOutgoing(profile, changed),
      patience: PATIENCE,
    });
  } finally {
    giveUp.abort();
  }
};

const drainWords = async (profile: ProfileRecord, uploads: AwaitedUploads | undefined): Promise<Drained> => {
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
      uploads,
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

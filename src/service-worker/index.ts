/// <reference lib="webworker" />
/** Installed app: the shell, its scripts and the base map open without a network. Talk and places come from the store. */
import { base, build, files, prerendered, version } from '$service-worker';
import { OUTBOX_SYNC } from '#client/device/background-sync.ts';
import { drainAll } from './draining.ts';
import { serveFiles } from './file-addresses.ts';
import { forgetOld, precache } from './precaching.ts';
import { serveShares } from './sharing.ts';
import { tellWake } from './wakes.ts';
import { answerNotificationClick, answerPush, answerSubscriptionChange } from './waking.ts';

declare const self: ServiceWorkerGlobalScope;

const own = { base, build, files, prerendered, version };
precache(own);
serveShares();
serveFiles();

/** Background Sync, which TypeScript's library does not know: one wake when there is a network again, or a look now and then. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

/** A promise that fails tells the browser to try again later. */
const sendWaiting = async (): Promise<void> => {
  const isAllSent = await drainAll();
  await tellWake('sync', isAllSent ? 'sent' : 'waiting');
  if (!isAllSent) throw new Error('Some of what waits could not be sent yet.');
};

for (const name of ['sync', 'periodicsync'])
  self.addEventListener(name, (event) => {
    const sync = event as SyncEvent;
    if (sync.tag === OUTBOX_SYNC) sync.waitUntil(sendWaiting());
  });

// Whatever wakes us is a chance to send.
self.addEventListener('push', (event) => event.waitUntil(Promise.all([answerPush(event), drainAll()])));
self.addEventListener('notificationclick', (event) => event.waitUntil(answerNotificationClick(event)));
self.addEventListener('pushsubscriptionchange', (event) => {
  const change = event as ExtendableEvent;
  change.waitUntil(answerSubscriptionChange(change));
});

self.addEventListener('message', (message) => {
  if ((message.data as { type?: string } | undefined)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

self.addEventListener('activate', (event) => {
  // The first visit's page too: what it fetches later is kept from the first day on.
  event.waitUntil(Promise.all([forgetOld(own), self.clients.claim()]));
});

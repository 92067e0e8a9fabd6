/// <reference lib="webworker" />
/** Installed app: the shell, its scripts and the base map open without a network. Talk and places come from the store. */
import { base, build, files, prerendered, version } from '$service-worker';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import { isLater, serverPaths } from './paths.ts';

declare const self: ServiceWorkerGlobalScope;

const now = [
  // Names in `build` carry a hash of their content: they need no revision.
  ...build.filter((url) => !isLater(url)).map((url) => ({ url, revision: null })),
  ...files.filter((url) => !isLater(url)).map((url) => ({ url, revision: version })),
  ...prerendered.map((url) => ({ url, revision: version })),
];

precacheAndRoute(now);
cleanupOutdatedCaches();

registerRoute(
  new NavigationRoute(createHandlerBoundToURL(`${base}/shell`), {
    denylist: [serverPaths],
  }),
);

// Large things are fetched when first needed and kept: finer coasts, the gazetteer, emoji names.
const later = new Set([...build, ...files].filter(isLater));
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && later.has(url.pathname),
  new CacheFirst({ cacheName: `later-${version}` }),
);

self.addEventListener('message', (message) => {
  if ((message.data as { type?: string } | undefined)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

self.addEventListener('activate', (event) => {
  // The first visit's page too: what it fetches later is kept from the first day on.
  event.waitUntil(Promise.all([forgetOldCaches(), self.clients.claim()]));
});

const forgetOldCaches = async (): Promise<void> => {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('later-') && name !== `later-${version}`);
  await Promise.all(old.map((name) => caches.delete(name)));
};

/** The installed app: its service worker, and the way from an old version to a new one. */
import { Workbox } from 'workbox-window';

/**
 * Registers the service worker once the page has loaded. `onready` hears that a newer version waits, and gets the way to
 * take it; then every page of this device loads anew, for an old page would miss its parts.
 */
export const keepInstalled = (onready: (take: () => void) => void): void => {
  if (!('serviceWorker' in navigator)) return;
  const workbox = new Workbox('/service-worker.js');
  workbox.addEventListener('waiting', () => onready(() => workbox.messageSkipWaiting()));
  workbox.addEventListener('controlling', ({ isUpdate }) => {
    if (isUpdate) location.reload();
  });
  // A browser may refuse (private windows do): the app then works without being installed.
  workbox.register().catch((cause: unknown) => console.warn('not installed', cause));
};

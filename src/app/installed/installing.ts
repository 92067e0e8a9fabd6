/** The installed app's service worker: registered once, looked after while the page lives. */
import { Workbox } from 'workbox-window';

const HOUR_MS = 3_600_000;
/** Somebody who comes back after this long may have missed a version. */
const LONG_MS = 900_000;

export interface Hearing {
  /** A newer version is here and waits. */
  readonly onwaiting: () => void;
  /** Another worker than the one this page began with serves it now. */
  readonly onreplaced: () => void;
}

/** Registers the service worker, and looks for new versions every hour and when somebody comes back. Answers the way to let one in. */
export const keepInstalled = ({ onwaiting, onreplaced }: Hearing): (() => void) => {
  if (!('serviceWorker' in navigator)) return () => undefined;
  const workbox = new Workbox('/service-worker.js');
  workbox.addEventListener('waiting', onwaiting);
  // The very first worker takes its page along without replacing anything.
  let hadWorker = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (hadWorker) onreplaced();
    hadWorker = true;
  });
  let lookedAt = Date.now();
  const look = (): void => {
    lookedAt = Date.now();
    // Offline, or the worker is being replaced: the next look will do.
    workbox.update().catch(() => undefined);
  };
  const registered = workbox.register().then(
    () => true,
    (cause: unknown) => {
      // A browser may refuse (private windows do): the app then works without being installed.
      console.warn('not installed', cause);
      return false;
    },
  );
  void registered.then((isThere) => {
    if (!isThere) return;
    setInterval(look, HOUR_MS);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && Date.now() - lookedAt > LONG_MS) look();
    });
  });
  return () => workbox.messageSkipWaiting();
};

/**
 * Asking the browser to wake the service worker when there is a network again, pages or not (Background Sync; Chromium only). Where
 * a browser has none, what waits goes out with the next opening or push.
 */

/** The tag that the service worker answers. */
export const OUTBOX_SYNC = 'outbox';
/** Milliseconds between looks that an installed app may ask for. */
const NOW_AND_THEN = 12 * 60 * 60 * 1000;

interface SyncRegistry {
  register(tag: string): Promise<void>;
}
interface PeriodicRegistry {
  register(tag: string, options: { readonly minInterval: number }): Promise<void>;
}

/** The part of a service worker's registration that is used; a `ServiceWorkerRegistration` fits. */
export interface SyncRegistration {
  readonly sync?: SyncRegistry;
  readonly periodicSync?: PeriodicRegistry;
}

/** `refused`: the browser has it, and the person or the browser said no. */
export type SyncAnswer = 'asked' | 'missing' | 'refused';

/** Asks for one wake as soon as there is a network. */
export const askForSync = async (registration: SyncRegistration): Promise<SyncAnswer> => {
  if (!registration.sync) return 'missing';
  try {
    await registration.sync.register(OUTBOX_SYNC);
    return 'asked';
  } catch {
    return 'refused';
  }
};

/** Asks for a look now and then, which browsers give to installed apps only; false where there is none. */
export const askForLooks = async (registration: SyncRegistration): Promise<boolean> => {
  try {
    await registration.periodicSync?.register(OUTBOX_SYNC, { minInterval: NOW_AND_THEN });
    return registration.periodicSync !== undefined;
  } catch {
    return false;
  }
};

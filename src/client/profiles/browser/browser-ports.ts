/** The machine as the keeper of profiles finds it in a page. */
import { channelLine } from '../../rpc/channel-line.ts';
import { DexieRegister, REGISTER } from '../../store/profiles/profile-register.ts';
import { browserPasskeys } from './browser-passkeys.ts';
import type { Hands, KeeperPorts } from '../ports.ts';

const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Hands on this page. */
export const browserHands: Hands = {
  ontouch: (listener) => {
    const end = new AbortController();
    const how = { signal: end.signal, passive: true, capture: true };
    for (const name of TOUCHES) window.addEventListener(name, listener, how);
    return () => end.abort();
  },
  onreturn: (listener) => {
    const end = new AbortController();
    document.addEventListener('visibilitychange', listener, { signal: end.signal });
    for (const name of ['focus', 'pageshow']) window.addEventListener(name, listener, { signal: end.signal });
    return () => end.abort();
  },
  every: (ms, listener) => {
    const timer = setInterval(listener, ms);
    return () => clearInterval(timer);
  },
  now: Date.now,
  steady: () => performance.now(),
};

/** Everything that this origin keeps: files, caches, settings, databases, the service worker. What cannot be removed is passed over. */
const sweepOrigin = async (): Promise<void> => {
  localStorage.clear();
  sessionStorage.clear();
  await Promise.allSettled([sweepFiles(), sweepCaches(), sweepDatabases(), sweepWorkers()]);
};

const sweepFiles = async (): Promise<void> => {
  const root = await navigator.storage.getDirectory();
  const names: string[] = [];
  for await (const name of root.keys()) names.push(name);
  await Promise.allSettled(names.map((name) => root.removeEntry(name, { recursive: true })));
};

const sweepCaches = async (): Promise<void> => {
  await Promise.allSettled((await caches.keys()).map((name) => caches.delete(name)));
};

const sweepDatabases = async (): Promise<void> => {
  const names = (await indexedDB.databases()).map(({ name }) => name ?? REGISTER);
  // The register goes last, when all the rest is known to be gone.
  await Promise.allSettled(names.filter((name) => name !== REGISTER).map(deleted));
};

const deleted = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('not deleted'));
  });

const sweepWorkers = async (): Promise<void> => {
  const registrations = await navigator.serviceWorker.getRegistrations();
  await Promise.allSettled(registrations.map((registration) => registration.unregister()));
};

/** Web Locks, IndexedDB, the tabs of this browser, passkeys. `destroy` removes a profile's store. */
export const browserKeeperPorts = (destroy: KeeperPorts['destroy']): KeeperPorts => ({
  register: new DexieRegister(),
  line: channelLine,
  locks: { hold: (name, work) => ('locks' in navigator ? navigator.locks.request(name, work) : work()) },
  passkeys: browserPasskeys(),
  hands: browserHands,
  destroy,
  sweep: sweepOrigin,
  sweepTab: () => sessionStorage.clear(),
});

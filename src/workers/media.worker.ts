/** The files' worker: hashes, seals, keeps and sends, so that nothing slow touches the page. */
import * as Comlink from 'comlink';
import { browserLocks, browserRelayPorts } from '#client/engine/browser-ports.ts';
import { browserUploadLocks } from '#client/media/desk/browser-ports.ts';
import { DeskHost } from '#client/media/desk/desk-host.ts';
import { hashInThreads } from '#client/media/sealing/hash-thread.ts';
import { hashHere } from '#client/media/sealing/hashing.ts';
import { hearOutgoing, openOutgoing } from '#client/media/outgoing/open-outgoing.ts';
import { baseLocale, locales, overwriteGetLocale } from '#messages/paraglide/runtime.js';

// A worker has no local storage, where the page looks for its language.
overwriteGetLocale(() => locales.find((locale) => self.navigator.language.startsWith(locale)) ?? baseLocale);

const makeHashWorker = () =>
  new Worker(new URL('./hashing.worker.ts', import.meta.url), { type: 'module', name: 'hashing' });

const host = new DeskHost({
  openFiles: (keys) => openOutgoing(keys, browserLocks),
  locks: browserUploadLocks(browserLocks),
  network: browserRelayPorts.network,
  fetch: (url, init) => fetch(url, init),
  hear: hearOutgoing,
  // Where a worker cannot start another one, files are hashed here.
  beginHash: typeof Worker === 'undefined' ? hashHere : hashInThreads(makeHashWorker),
  random: Math.random,
  now: Date.now,
});
Comlink.expose(host);

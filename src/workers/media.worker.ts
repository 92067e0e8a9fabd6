/** The files' worker: hashes, seals, keeps and sends, so that nothing slow touches the page. */
import * as Comlink from 'comlink';
import { browserLocks, browserRelayPorts } from '#client/engine/browser-ports.ts';
import { browserUploadLocks } from '#client/media/desk/browser-ports.ts';
import { DeskHost } from '#client/media/desk/desk-host.ts';
import { hearOutgoing, openOutgoing } from '#client/media/outgoing/open-outgoing.ts';

const host = new DeskHost({
  openFiles: (keys) => openOutgoing(keys, browserLocks),
  locks: browserUploadLocks(browserLocks),
  network: browserRelayPorts.network,
  fetch: (url, init) => fetch(url, init),
  hear: hearOutgoing,
  random: Math.random,
  now: Date.now,
});
Comlink.expose(host);

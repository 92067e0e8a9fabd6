/** The machine as the engine's worker finds it. */
import { outboxLock } from '../outbox/ports.ts';
import type { Locks, OutboxNews } from '../outbox/ports.ts';
import type { RelayPorts, Socket } from '../relays/ports.ts';

/** Milliseconds. Chromium keeps `navigator.onLine` true to life in workers, but fires neither event there. */
const LOOK_EVERY = 1000;

/** WebSockets, `navigator.onLine`, chance and time. */
export const browserRelayPorts: RelayPorts = {
  sockets: (url) => new WebSocket(url) as Socket,
  network: {
    isOnline: () => navigator.onLine,
    watch: (changed) => {
      const end = new AbortController();
      let known = navigator.onLine;
      const look = () => {
        if (navigator.onLine === known) return;
        known = navigator.onLine;
        changed();
      };
      for (const name of ['online', 'offline']) self.addEventListener(name, look, { signal: end.signal });
      const timer = setInterval(look, LOOK_EVERY);
      end.signal.addEventListener('abort', () => clearInterval(timer));
      return () => end.abort();
    },
  },
  random: Math.random,
  now: Date.now,
};

/** Web Locks; where there are none (an insecure origin), every tab is alone. */
export const browserLocks: Locks = {
  hold: (name, work) => ('locks' in navigator ? navigator.locks.request(name, work) : work()),
};

/** A BroadcastChannel a profile. */
export const browserOutboxNews: OutboxNews = {
  tell: (profile) => {
    const channel = new BroadcastChannel(outboxLock(profile));
    channel.postMessage('answered');
    channel.close();
  },
  hear: (profile, answered) => {
    const channel = new BroadcastChannel(outboxLock(profile));
    channel.onmessage = () => answered();
    return () => channel.close();
  },
};

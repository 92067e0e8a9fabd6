/** The machine as the engine's worker finds it. */
import type { Locks } from '../outbox/ports.ts';
import type { RelayPorts, Socket } from '../relays/ports.ts';

/** WebSockets, `navigator.onLine`, chance and time. */
export const browserRelayPorts: RelayPorts = {
  sockets: (url) => new WebSocket(url) as Socket,
  network: {
    isOnline: () => navigator.onLine,
    watch: (changed) => {
      const end = new AbortController();
      for (const name of ['online', 'offline']) self.addEventListener(name, changed, { signal: end.signal });
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

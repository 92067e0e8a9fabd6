/** A device with a queue: pages and workers that live a while, send, and are ended in the middle of it. */
import { WebSocket } from 'ws';
import { drainQueue } from '../../src/client/outbox/drain-queue.ts';
import { Outbox } from '../../src/client/outbox/outbox.ts';
import type { Locks } from '../../src/client/outbox/ports.ts';
import { outboxLock } from '../../src/client/outbox/ports.ts';
import type { Outcome } from '../../src/client/relays/publications.ts';
import type { RelayPorts, Socket } from '../../src/client/relays/ports.ts';
import { Relay } from '../../src/client/relays/relay.ts';
import type { LocalEvent } from '../../src/client/store/local-events.ts';
import { openDeviceQueue } from '../../src/client/store/opening/device-queue.ts';
import { openProfileStore } from '../../src/client/store/opening/open-profile.ts';
import type { ProfileKeys } from '../../src/client/store/profiles/profile-keys.ts';
import type { SealedStore } from '../../src/client/store/sealed/sealed-store.ts';
import type { NostrEvent } from '../../src/protocol/event.ts';
import { FakeOrigin } from './fake-tabs.ts';
import type { FakeTab } from './fake-tabs.ts';
import { plainCompressor } from './profile-keys.ts';

/** Whoever sends at the moment: never more than one of a device. */
class Senders {
  readonly #active = new Map<FakeTab, number>();
  /** How often two lives were sending at once. */
  clashes = 0;

  async during<T>(tab: FakeTab, work: () => Promise<T>): Promise<T> {
    this.#active.set(tab, (this.#active.get(tab) ?? 0) + 1);
    if ([...this.#active.keys()].filter(({ isAlive }) => isAlive).length > 1) this.clashes += 1;
    try {
      return await work();
    } finally {
      const left = (this.#active.get(tab) ?? 1) - 1;
      if (left > 0) this.#active.set(tab, left);
      else this.#active.delete(tab);
    }
  }
}

/** What every life of one device shares: its disk (by the profile's name), its locks, and the wire to the city. */
export class Device {
  readonly keys: ProfileKeys;
  readonly relay: string;
  readonly senders = new Senders();
  readonly origin = new FakeOrigin();

  constructor(keys: ProfileKeys, relay: string) {
    this.keys = keys;
    this.relay = relay;
  }

  /** Opens the profile's store and sends what waits, as the leading tab does. */
  async page(): Promise<PageLife> {
    const store = await openProfileStore({ keys: this.keys, projections: [], compressor: plainCompressor });
    return new PageLife(this, store);
  }

  /** Sends what waits without opening anything, as the service worker does. */
  worker(): WorkerLife {
    return new WorkerLife(this);
  }
}

/** The ports of one life; after its end no socket opens any more. */
class Wire {
  readonly tab: FakeTab;
  readonly #sockets = new Set<WebSocket>();
  readonly ports: RelayPorts = {
    sockets: (url) => {
      if (!this.tab.isAlive) return mute();
      const socket = new WebSocket(url);
      socket.on('error', () => undefined);
      this.#sockets.add(socket);
      return socket as unknown as Socket;
    },
    network: { isOnline: () => true, watch: () => () => undefined },
    random: Math.random,
    now: Date.now,
  };

  constructor(tab: FakeTab) {
    this.tab = tab;
  }

  /** As a process that is ended: nobody hears anything any more. */
  cut(): void {
    this.tab.kill();
    for (const socket of this.#sockets) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.terminate();
    }
  }
}

const mute = (): Socket => ({
  onopen: null,
  onmessage: null,
  onclose: null,
  send: () => undefined,
  close: () => undefined,
});

/** A dead life's promises never settle. */
const whileAlive = async <T>(tab: FakeTab, work: () => Promise<T>): Promise<T> => {
  if (!tab.isAlive) return new Promise<never>(() => undefined);
  try {
    const done = await work();
    if (tab.isAlive) return done;
  } catch (cause) {
    if (tab.isAlive) throw cause;
  }
  return new Promise<never>(() => undefined);
};

export class PageLife {
  readonly store: SealedStore;
  readonly #wire: Wire;
  readonly #relay: Relay;
  readonly #outbox: Outbox;
  readonly #device: Device;

  constructor(device: Device, store: SealedStore) {
    this.#device = device;
    this.store = store;
    const tab = device.origin.tab();
    this.#wire = new Wire(tab);
    const append = (events: readonly LocalEvent[]) => whileAlive(tab, () => store.append(events));
    this.#relay = new Relay({
      url: device.relay,
      ports: this.#wire.ports,
      stateChanged: (state) => (state === 'open' ? this.#outbox.wake(device.relay) : undefined),
    });
    this.#outbox = new Outbox({
      queue: store.queue,
      locks: tab.locks as Locks,
      lock: outboxLock(device.keys.profile),
      append,
      publish: (_url, event): Promise<Outcome> =>
        device.senders.during(tab, () => whileAlive(tab, () => this.#relay.publish(event))),
      random: Math.random,
      catchUp: async () => {
        const answers = await store.queue.answers();
        if (answers.length > 0) await append(answers);
      },
    });
  }

  /** Writes a line; durable when it resolves. */
  async write(event: NostrEvent): Promise<void> {
    await this.store.append([{ type: 'EventSigned', v: 1, event, relays: [this.#device.relay] }]);
  }

  /** Closed in the middle of whatever it does; what it had not stored is gone. */
  kill(): void {
    this.#wire.cut();
    this.#outbox.stop();
    this.#relay.close();
    this.store.close();
  }
}

export class WorkerLife {
  /** Resolves with how it ended, if it was let. */
  readonly ended: Promise<string>;
  readonly #wire: Wire;
  readonly #close: () => void;

  constructor(device: Device) {
    const tab = device.origin.tab();
    this.#wire = new Wire(tab);
    const { profile, deviceKey } = device.keys;
    const { queue, close } = openDeviceQueue({ id: profile, deviceKey });
    this.#close = close;
    this.ended = drainQueue({
      queue: {
        refresh: () => whileAlive(tab, () => queue.refresh()),
        entries: () => queue.entries(),
        append: (events) => device.senders.during(tab, () => whileAlive(tab, () => queue.append(events))),
      },
      locks: tab.locks as Locks,
      lock: outboxLock(profile),
      relays: this.#wire.ports,
      patience: 20_000,
    }).catch((cause: unknown) => String(cause));
  }

  /** Stopped by the browser in the middle of whatever it does. */
  kill(): void {
    this.#wire.cut();
    this.#close();
  }
}

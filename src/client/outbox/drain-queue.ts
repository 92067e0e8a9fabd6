/** Sending a queue once, within a time: what a service worker does when the network is back and no page is open. */
import { Relay } from '../relays/relay.ts';
import type { LinkState, RelayPorts } from '../relays/ports.ts';
import { isToSend } from '../store/queue.ts';
import type { QueueEntry } from '../store/queue.ts';
import { laneKey, Outbox } from './outbox.ts';
import { sortHeld } from './held-back.ts';
import type { Locks, OutboxPorts } from './ports.ts';

/** Milliseconds that a relay may take to open. */
const OPENING = 10_000;
const LOOK_EVERY = 20;

/** A queue whose profile nobody has to open. */
interface ClosedQueue extends Pick<OutboxPorts, 'append'> {
  /** Reads what waits anew. */
  refresh(): Promise<void>;
  entries(): Promise<QueueEntry[]>;
}

export interface DrainPorts {
  readonly queue: ClosedQueue;
  readonly locks: Locks;
  /** The same lock that pages send under. */
  readonly lock: string;
  readonly relays: RelayPorts;
  /** Files that lines wait for. */
  readonly uploads?: OutboxPorts['uploads'];
  /** Milliseconds; what is not done by then is left to the next time. */
  readonly patience: number;
}

/**
 * `done`: nothing is left; `signed-out`: what is left needs a page that can sign; `waiting`: a relay did not answer in time, or a file
 * is not there yet that a line waits for.
 */
export type Drained = 'done' | 'signed-out' | 'waiting';

/** Sends what waits. Never sends while a page does: both hold the same lock. */
export const drainQueue = async (ports: DrainPorts): Promise<Drained> => {
  await ports.queue.refresh();
  if ((await ports.queue.entries()).some(isToSend)) return new Drain(ports).run();
  return 'done';
};

class Drain {
  readonly #ports: DrainPorts;
  readonly #relays = new Map<string, Relay>();
  #isOver = false;
  #rested: () => void = () => undefined;

  constructor(ports: DrainPorts) {
    this.#ports = ports;
  }

  async run(): Promise<Drained> {
    const outbox = this.#makeOutbox();
    const drained = await this.#untilDone(outbox);
    this.#isOver = true;
    outbox.stop();
    for (const relay of this.#relays.values()) relay.close();
    return drained;
  }

  #untilDone(outbox: Outbox): Promise<Drained> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve('waiting'), this.#ports.patience);
      const end = (drained: Drained): void => {
        clearTimeout(timer);
        resolve(drained);
      };
      const look = async (): Promise<void> => {
        const { queue, uploads } = this.#ports;
        const entries = await queue.entries();
        const { ready: left } = await sortHeld(entries, uploads);
        if (left.length === 0) end(entries.some(isToSend) ? 'waiting' : 'done');
        else if (left.every((entry) => outbox.signedOut.has(laneKey(entry)))) end('signed-out');
      };
      this.#rested = () => void look().catch(() => end('waiting'));
    });
  }

  #makeOutbox(): Outbox {
    const { queue, locks, lock, relays, uploads } = this.#ports;
    const outbox: Outbox = new Outbox({
      queue: { entries: () => queue.entries(), watch: () => () => undefined },
      uploads,
      locks,
      lock,
      append: (events) => queue.append(events),
      catchUp: () => queue.refresh(),
      rested: () => this.#rested(),
      publish: async (url, event) => {
        const relay = this.#relay(url, () => outbox.wake(url));
        await this.#opened(relay);
        return relay.publish(event);
      },
      random: relays.random,
    });
    return outbox;
  }

  #relay(url: string, onopen: () => void): Relay {
    const known = this.#relays.get(url);
    if (known) return known;
    const stateChanged = (state: LinkState): void => (state === 'open' ? onopen() : undefined);
    const relay = new Relay({ url, ports: this.#ports.relays, stateChanged });
    this.#relays.set(url, relay);
    return relay;
  }

  /** Resolves when the relay is there, has had its time, or nobody waits any more. */
  async #opened(relay: Relay): Promise<void> {
    const until = Date.now() + OPENING;
    while (relay.state !== 'open' && Date.now() < until && !this.#isOver)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}

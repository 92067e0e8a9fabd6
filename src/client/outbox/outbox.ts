/**
 * Sends what was signed, until each relay has answered. One tab at a time (a lock held while there is something to do),
 * conversations side by side, within one strictly in order. What lies in the queue is durable; how often was tried isn't.
 */
import { Backoff } from '../relays/backoff.ts';
import type { QueueEntry } from '../store/queue.ts';
import type { OutboxPorts } from './ports.ts';
import { judge } from './verdict.ts';

/** Milliseconds between tries of one conversation. */
const RETRY_LEAST = 1_000;
const RETRY_MOST = 60_000;

/** Where a conversation with one relay stands. */
interface Lane {
  readonly backoff: Backoff;
  isRunning: boolean;
  /** Resting until a timer, a reconnection or somebody's hand. */
  resting: ReturnType<typeof setTimeout> | 'signed-out' | undefined;
}

export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #lanes = new Map<string, Lane>();
  readonly #work = new Set<Promise<void>>();
  readonly #stopWatching: () => void;
  #holds = false;
  #asked = false;
  #stopped = false;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    this.#stopWatching = ports.queue.watch(() => this.kick());
    this.kick();
  }

  /** Something may be there to send: looks, now or once it is this tab's turn. */
  kick(): void {
    if (this.#stopped) return;
    if (this.#holds) return this.#track(this.#startLanes());
    if (this.#asked) return;
    this.#asked = true;
    void this.#ports.locks.hold(this.#ports.lock, () => this.#drain()).catch(complain);
  }

  /** Ends the resting of what waits for this relay (all, when absent): it is back, somebody signed in or asked. */
  wake(relay?: string): void {
    for (const [key, lane] of this.#lanes)
      if (relay === undefined || key.startsWith(`${relay} `)) {
        if (typeof lane.resting !== 'string') clearTimeout(lane.resting);
        lane.resting = undefined;
        lane.backoff.reset();
      }
    this.kick();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopWatching();
    for (const { resting } of this.#lanes.values()) if (typeof resting !== 'string') clearTimeout(resting);
  }

  async #drain(): Promise<void> {
    this.#asked = false;
    this.#holds = true;
    this.#track(this.#startLanes());
    while (this.#work.size > 0) await Promise.race(this.#work);
    this.#holds = false;
  }

  #track(work: Promise<void>): void {
    const tracked = work.catch(complain).finally(() => this.#work.delete(tracked));
    this.#work.add(tracked);
  }

  async #startLanes(): Promise<void> {
    for (const entry of await this.#waiting()) {
      const key = laneKey(entry);
      const lane = this.#laneOf(key);
      if (lane.isRunning || lane.resting !== undefined) continue;
      lane.isRunning = true;
      const run = this.#runLane(key, lane).catch((cause: unknown) => {
        complain(cause);
        this.#rest(lane);
      });
      this.#track(run.finally(() => (lane.isRunning = false)));
    }
  }

  /** Sends a conversation's entries one after the other, until none is left or one has to wait. */
  async #runLane(key: string, lane: Lane): Promise<void> {
    while (!this.#stopped) {
      const entry = (await this.#waiting()).find((one) => laneKey(one) === key);
      if (!entry) {
        this.#lanes.delete(key);
        return;
      }
      if (!(await this.#send(entry, lane))) return;
    }
  }

  /** False when the lane has to rest. */
  async #send({ id, relay, event }: QueueEntry, lane: Lane): Promise<boolean> {
    const outcome = await this.#ports.publish(relay, event);
    const verdict = judge(outcome, lane.backoff.failures);
    switch (verdict.verdict) {
      case 'accepted':
        await this.#ports.append([{ type: 'EventAccepted', v: 1, id, relay, note: verdict.note }]);
        break;
      case 'refused':
        await this.#ports.append([{ type: 'EventRejected', v: 1, id, relay, reason: verdict.reason }]);
        break;
      case 'signed-out':
        lane.resting = 'signed-out';
        return false;
      case 'later':
        this.#rest(lane);
        return false;
    }
    lane.backoff.reset();
    return true;
  }

  #rest(lane: Lane): void {
    lane.resting = setTimeout(() => {
      lane.resting = undefined;
      this.kick();
    }, lane.backoff.next());
  }

  async #waiting(): Promise<QueueEntry[]> {
    return (await this.#ports.queue.entries()).filter((entry) => entry.state === 'waiting');
  }

  #laneOf(key: string): Lane {
    let lane = this.#lanes.get(key);
    if (!lane) {
      const backoff = new Backoff(RETRY_LEAST, RETRY_MOST, this.#ports.random);
      this.#lanes.set(key, (lane = { backoff, isRunning: false, resting: undefined }));
    }
    return lane;
  }
}

const laneKey = ({ relay, conversation }: QueueEntry): string => `${relay} ${conversation}`;
const complain = (cause: unknown): void => console.error('The outbox could not work', cause);

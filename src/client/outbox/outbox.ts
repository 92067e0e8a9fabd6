/**
 * Sends what was signed, until each relay has answered. One page or worker at a time (a lock held while there is something to
 * do), conversations side by side, within one strictly in order. What lies in the queue is durable; how often was tried isn't.
 */
import { Backoff } from '../relays/backoff.ts';
import type { Outcome } from '../relays/publications.ts';
import type { LocalEvent } from '../store/local-events.ts';
import type { QueueEntry } from '../store/queue.ts';
import { sortHeld } from './held-back.ts';
import type { OutboxPorts } from './ports.ts';
import { judge } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** Milliseconds between tries of one conversation. */
const RETRY_LEAST = 1_000;
const RETRY_MOST = 60_000;
/**
 * Events of one conversation under way at once, while all goes well. A connection keeps their order, and what was under way when
 * it broke is sent again, in order; after any trouble it is one by one again.
 */
const MOST_UNDER_WAY = 32;

/** Where a conversation with one relay stands. */
interface Lane {
  readonly backoff: Backoff;
  isRunning: boolean;
  /** How many may be under way together. */
  width: number;
  /** Resting until a timer, a reconnection or somebody's hand. */
  resting: ReturnType<typeof setTimeout> | 'signed-out' | undefined;
}

export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #lanes = new Map<string, Lane>();
  readonly #work = new Set<Promise<void>>();
  readonly #stops: readonly (() => void)[];
  #holds = false;
  #asked = false;
  #isCaughtUp = false;
  #stopped = false;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    const kick = (): void => this.kick();
    this.#stops = [ports.queue.watch(kick), ports.uploads?.watch(kick) ?? (() => undefined)];
    this.kick();
  }

  /** Something may be there to send: looks, now or once it is this tab's turn. */
  kick(): void {
    if (this.#stopped) return;
    if (this.#holds) return this.#isCaughtUp ? this.#track(this.#startLanes()) : undefined;
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

  /** Relay and conversation of what waits for a key. */
  get signedOut(): ReadonlySet<string> {
    return new Set([...this.#lanes].flatMap(([key, { resting }]) => (resting === 'signed-out' ? [key] : [])));
  }

  /** Sends nothing more; what is under way is still taken down when it is answered. */
  stop(): void {
    this.#stopped = true;
    for (const stop of this.#stops) stop();
    for (const { resting } of this.#lanes.values()) if (typeof resting !== 'string') clearTimeout(resting);
  }

  async #drain(): Promise<void> {
    this.#asked = false;
    this.#holds = true;
    this.#track(this.#begin());
    while (this.#work.size > 0) await Promise.race(this.#work);
    this.#holds = false;
    this.#isCaughtUp = false;
    this.#ports.rested?.();
  }

  /** First what somebody else did while the lock was theirs: nothing is sent that was answered already. */
  async #begin(): Promise<void> {
    if (this.#stopped) return;
    await this.#ports.catchUp?.().catch(complain);
    this.#isCaughtUp = true;
    await this.#startLanes();
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

  /** Sends a conversation's entries in order, until none is left or it has to wait. */
  async #runLane(key: string, lane: Lane): Promise<void> {
    while (!this.#stopped) {
      const entries = (await this.#waiting()).filter((one) => laneKey(one) === key).slice(0, lane.width);
      if (entries.length === 0) {
        this.#lanes.delete(key);
        return;
      }
      if (!(await this.#send(entries, lane))) return;
    }
  }

  /** False when the lane has to rest. */
  async #send(entries: readonly QueueEntry[], lane: Lane): Promise<boolean> {
    const outcomes = await Promise.all(entries.map(({ relay, event }) => this.#ports.publish(relay, event)));
    const verdicts = outcomes.map((outcome: Outcome) => judge(outcome, lane.backoff.failures));
    const ends = entries.flatMap((entry, at) => endOf(entry, verdicts[at]));
    if (ends.length > 0) {
      await this.#ports.append(ends);
      lane.backoff.reset();
    }
    if (ends.length === entries.length) {
      lane.width = Math.min(lane.width * 2, MOST_UNDER_WAY);
      return true;
    }
    lane.width = 1;
    if (verdicts.some(({ verdict }) => verdict === 'signed-out')) lane.resting = 'signed-out';
    else this.#rest(lane);
    return false;
  }

  #rest(lane: Lane): void {
    lane.resting = setTimeout(() => {
      lane.resting = undefined;
      this.kick();
    }, lane.backoff.next());
  }

  /** What can be sent now; what waits for files that could not be sent is refused. */
  async #waiting(): Promise<QueueEntry[]> {
    const { ready, failed } = await sortHeld(await this.#ports.queue.entries(), this.#ports.uploads);
    if (failed.length > 0) await this.#ports.append(failed);
    return ready;
  }

  #laneOf(key: string): Lane {
    let lane = this.#lanes.get(key);
    if (!lane) {
      const backoff = new Backoff(RETRY_LEAST, RETRY_MOST, this.#ports.random);
      this.#lanes.set(key, (lane = { backoff, isRunning: false, width: 1, resting: undefined }));
    }
    return lane;
  }
}

/** What is sent in order: one conversation to one relay. */
export const laneKey = ({ relay, conversation }: QueueEntry): string => `${relay} ${conversation}`;

/** The log's word for a relay's last word; nothing while there is none. */
const endOf = ({ id, relay }: QueueEntry, verdict: Verdict | undefined): LocalEvent[] => {
  if (verdict?.verdict === 'accepted')
    return [{ type: 'EventAccepted', v: 1, id, relay, note: verdict.note }];
  if (verdict?.verdict === 'refused')
    return [{ type: 'EventRejected', v: 1, id, relay, reason: verdict.reason }];
  return [];
};

const complain = (cause: unknown): void => console.error('The outbox could not work', cause);

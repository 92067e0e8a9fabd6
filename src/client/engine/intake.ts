/**
 * Incoming events, gathered into batches: one by one while little comes, up to 256 or 50 ms together while much does.
 * Known ones cost a look-up, new ones a signature check; what holds is appended to the log.
 */
import { hasValidId } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { isEphemeral } from '#protocol/kinds.ts';
import { isExpired } from '#protocol/tags.ts';
import { systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { seenKey } from '../store/log-keys.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { isFromRightHand } from './provenance.ts';
import type { RelayKeys } from './provenance.ts';
import type { VerifyBatch } from './verify-batch.ts';

const BATCH = 256;
/** Milliseconds. */
const GATHER = 50;
/** A batch of this many means that much is coming. */
const MUCH = 8;
/** More than this waiting from all relays together is a flood. */
const FLOOD = 20_000;

/** What a question brought: verified events, and the oldest one's time. */
export class Tally {
  received = 0;
  oldest: number | undefined;

  count(event: NostrEvent): void {
    this.received += 1;
    this.oldest = Math.min(this.oldest ?? Infinity, event.created_at);
  }
}

export interface IntakePorts {
  readonly verify: VerifyBatch;
  readonly keys: RelayKeys;
  append(events: readonly LocalEvent[]): Promise<unknown>;
  /** Of these log keys, the known ones. */
  known(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Told of events that nobody stores (NIP-01). */
  readonly heard?: (event: NostrEvent) => void;
  /** What has expired by it is not stored (NIP-40); the machine's own unless told. */
  readonly clock?: Clock;
}

interface Arrival {
  readonly event: NostrEvent;
  readonly relay: string;
  readonly tally: Tally | undefined;
}

export class Intake {
  readonly #ports: IntakePorts;
  #waiting: Arrival[] = [];
  #running: Promise<void> | undefined;
  #lastSize = 0;
  #lastTime = -Infinity;
  #hurry: (() => void) | undefined;
  #urgent = 0;
  #refused = 0;
  #stopped = false;

  constructor(ports: IntakePorts) {
    this.#ports = ports;
  }

  /** Events whose id, signature or hand was wrong. */
  get refused(): number {
    return this.#refused;
  }

  /** Takes an event in. False when so much waits that its relay should be paused. */
  add(event: NostrEvent, relay: string, tally?: Tally): boolean {
    if (this.#waiting.length >= FLOOD) return false;
    this.#waiting.push({ event, relay, tally });
    if (this.#waiting.length >= BATCH) this.#hurry?.();
    this.#running ??= this.#run();
    return true;
  }

  /** The store is being closed: what still waits will come again from its relay. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
    this.#hurry?.();
  }

  /** Resolves once everything taken in so far is in the store. */
  async settled(): Promise<void> {
    this.#urgent += 1;
    this.#hurry?.();
    await this.#running;
    this.#urgent -= 1;
  }

  async #run(): Promise<void> {
    // One batch is checked while the one before it is being stored.
    let storing = Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#gather();
      const batch = this.#waiting.splice(0, BATCH);
      this.#lastSize = batch.length;
      this.#lastTime = performance.now();
      const checked = this.#check(batch).catch(this.#fail);
      await storing;
      const fresh = (await checked) ?? [];
      storing = this.#store(fresh).catch(this.#fail);
      if (this.#waiting.length === 0) await storing;
    }
    await storing;
    this.#running = undefined;
  }

  readonly #fail = (cause: unknown): undefined => {
    if (!this.#stopped) console.error('Incoming events could not be stored', cause);
  };

  /** Waits for company while much is coming; not at all otherwise. */
  async #gather(): Promise<void> {
    const since = performance.now() - this.#lastTime;
    if (this.#urgent > 0 || this.#lastSize < MUCH || this.#waiting.length >= BATCH || since >= GATHER) return;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, GATHER - since);
      this.#hurry = () => {
        clearTimeout(timer);
        done();
      };
    });
    this.#hurry = undefined;
  }

  /** What of a batch is to be stored. */
  async #check(batch: readonly Arrival[]): Promise<LocalEvent[]> {
    const known = await this.#ports.known(batch.map(({ event }) => seenKey(event.id)));
    const isKnown = ({ event }: Arrival): boolean => known.has(seenKey(event.id));
    const unknown = batch.filter((arrival) => !isKnown(arrival) && this.#isFromRightHand(arrival));
    const verdicts = await this.#ports.verify(unknown.map(({ event }) => event));
    const verified = new Set(unknown.filter((_, at) => verdicts[at]));
    const now = (this.#ports.clock ?? systemClock).now();
    const fresh: LocalEvent[] = [];
    for (const arrival of batch) {
      const { event, relay, tally } = arrival;
      const holds = isKnown(arrival)
        ? this.#isFromRightHand(arrival) && hasValidId(event)
        : verified.has(arrival);
      if (!holds) this.#refused += 1;
      else {
        tally?.count(event);
        // Neither ephemeral events (NIP-01) nor those whose time has come are stored.
        if (isEphemeral(event.kind)) this.#ports.heard?.(event);
        else if (!isKnown(arrival) && !isExpired(event, now))
          fresh.push({ type: 'RelayEventSeen', v: 1, event, relay });
      }
    }
    return fresh;
  }

  #isFromRightHand({ event, relay }: Arrival): boolean {
    return isFromRightHand(event, relay, this.#ports.keys);
  }

  async #store(fresh: readonly LocalEvent[]): Promise<void> {
    if (fresh.length > 0) await this.#ports.append(fresh);
  }
}

/**
 * Incoming events, gathered into batches: one by one while little comes, up to 256 or 50 ms together while much does.
 * Known ones cost a look-up, new ones a signature check; what holds is appended to the log.
 */
import { hasValidId } from '#protocol/event.ts';
import type { NostrEvent, Verifier } from '#protocol/event.ts';
import { isEphemeral } from '#protocol/kinds.ts';
import { seenKey } from '../store/log-keys.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { isFromRightHand } from './provenance.ts';
import type { RelayKeys } from './provenance.ts';

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
  readonly verifier: Promise<Verifier>;
  readonly keys: RelayKeys;
  append(events: readonly LocalEvent[]): Promise<unknown>;
  /** Of these log keys, the known ones. */
  known(keys: readonly string[]): Promise<ReadonlySet<string>>;
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
    const verifier = await this.#ports.verifier;
    while (this.#waiting.length > 0) {
      await this.#gather();
      const batch = this.#waiting.splice(0, BATCH);
      this.#lastSize = batch.length;
      this.#lastTime = performance.now();
      try {
        await this.#store(batch, verifier);
      } catch (cause) {
        if (!this.#stopped) console.error('Incoming events could not be stored', cause);
      }
    }
    this.#running = undefined;
  }

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

  async #store(batch: readonly Arrival[], verifier: Verifier): Promise<void> {
    const known = await this.#ports.known(batch.map(({ event }) => seenKey(event.id)));
    const fresh: LocalEvent[] = [];
    for (const { event, relay, tally } of batch) {
      const isKnown = known.has(seenKey(event.id));
      const holds =
        isFromRightHand(event, relay, this.#ports.keys) &&
        (isKnown ? hasValidId(event) : verifier.verify(event));
      if (!holds) this.#refused += 1;
      else {
        tally?.count(event);
        // Ephemeral events are never stored (NIP-01); those who want them live will hear them another way.
        if (!isKnown && !isEphemeral(event.kind)) fresh.push({ type: 'RelayEventSeen', v: 1, event, relay });
      }
    }
    if (fresh.length > 0) await this.#ports.append(fresh);
  }
}

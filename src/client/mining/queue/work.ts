/** One piece of work in the hands of this tab, from its first hash until it is signed and sent. */
import type { UnsignedEvent } from '#protocol/event.ts';
import { oddsAfter } from '#protocol/proof-of-work.ts';
import { fail } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import { DAY, MINUTE } from '#shared/time.ts';
import type { MiningProgress } from '../miner.ts';
import { awaitEnd } from './awaited-end.ts';
import type { DeliveryFailure, QueuePorts, WorkFailure } from './ports.ts';
import type { WorkItem } from './work-item.ts';
import type { WorkList } from './work-list.ts';

/** A piece of work as it is shown. */
export interface WorkView extends WorkItem {
  /** `held`: it waits for the charger; `waiting`: mined, and waits for its person's key. */
  readonly state: 'mining' | 'paused' | 'held' | 'waiting';
  /** Chance (0–1) to have been done by now. */
  readonly odds: number;
  /** Of the last moments; absent while nothing is mined. */
  readonly progress?: MiningProgress;
}

/** What a piece of work tells the queue. */
export interface WorkEars {
  /** Something about it looks different now. */
  changed(): void;
  /** It is over; nothing of it is left on this device. */
  over(): void;
}

type Settled<Delivered> = Promise<Result<Delivered, WorkFailure>>;

/** Seconds between two notes of how far it is. */
const SAVE_EVERY = 5;
/** A clock further behind than this has jumped back. */
const AHEAD = 5 * MINUTE;
/** Mined work older than this is done anew: relays take no late lines. */
const STALE = 5 * DAY;

export class Work<Delivered> {
  item: WorkItem;
  readonly #ports: QueuePorts<Delivered>;
  readonly #list: WorkList;
  readonly #ears: WorkEars;
  #settled = awaitEnd<Result<Delivered, WorkFailure>>();
  #progress: MiningProgress | undefined;
  #run: AbortController | undefined;
  #savedAt: number;
  #isOver = false;
  #isWoken = false;

  constructor(item: WorkItem, ports: QueuePorts<Delivered>, list: WorkList, ears: WorkEars) {
    this.item = item;
    this.#ports = ports;
    this.#list = list;
    this.#ears = ears;
    this.#savedAt = ports.clock.now();
  }

  /** How it ends, or the next thing that stops it until the person has done something. */
  get settled(): Settled<Delivered> {
    return this.#settled.promise;
  }

  get view(): WorkView {
    const { item } = this;
    const progress = this.#progress;
    return {
      ...item,
      state:
        item.stage === 'mined'
          ? 'waiting'
          : item.stage === 'mining' && !this.#mayMine()
            ? 'held'
            : item.stage,
      odds: item.stage === 'mined' ? 1 : oddsAfter(item.hashes, item.bits),
      ...(progress && this.#run && item.stage === 'mining' ? { progress } : {}),
    };
  }

  /** Goes on from where it stands, unless something keeps it. */
  go(): void {
    if (this.#isOver || this.#run) return;
    if (this.item.stage === 'mined' && this.#age() > STALE) this.#set({ stage: 'mining' });
    if (this.item.stage === 'mined' && !this.item.trouble) void this.#deliver();
    if (this.item.stage === 'mining' && this.#mayMine()) void this.#mine();
  }

  /** By the person's hand. Finished work is past pausing. */
  async pause(): Promise<void> {
    if (this.item.stage !== 'mining') return;
    this.#halt();
    this.#set({ stage: 'paused' });
    await this.save();
  }

  /** By the person's hand, after a pause or after trouble. */
  async resume(): Promise<void> {
    const { trouble: _gone, ...rest } = this.item;
    this.item = { ...rest, stage: rest.stage === 'paused' ? 'mining' : rest.stage };
    this.#ears.changed();
    this.go();
    await this.save();
  }

  /** Looks anew whether it may run. */
  look(): void {
    if (this.item.stage !== 'mining') return;
    if (!this.#mayMine()) this.#halt();
    this.#ears.changed();
    this.go();
  }

  /** Stops and goes on at once, with as many workers as there are to be now. */
  restart(): void {
    if (this.item.stage === 'mining') this.#halt();
    this.look();
  }

  /** The account may be there now. */
  wake(): void {
    this.#isWoken = true;
    this.go();
  }

  /** Ends it for good; durable when it resolves. */
  async cancel(): Promise<void> {
    this.#halt();
    await this.#end(fail('cancelled', 'You stopped this.'));
  }

  /** Stops here without a trace on the disk: the list keeps it for the next tab. */
  leave(): void {
    this.#isOver = true;
    this.#halt();
  }

  /** Notes how far it is. A disk that refuses costs only the count. */
  async save(): Promise<void> {
    this.#savedAt = this.#ports.clock.now();
    if (!this.#isOver) await this.#list.update(this.item).catch(() => undefined);
  }

  async #mine(): Promise<void> {
    const run = (this.#run = new AbortController());
    const { bits, hashes } = this.item;
    const mined = await this.#ports.miner.mine(this.#freshEvent(), bits, {
      signal: run.signal,
      already: hashes,
      onProgress: (progress) => this.#note(run, progress),
    });
    if (this.#run !== run) return;
    this.#halt();
    if (mined.ok) return this.#mined(mined.value);
    const { code, message } = mined.error;
    if (code === 'impossible') return this.#end(mined);
    this.#set({ stage: 'paused', ...(code === 'worker' ? { trouble: { code, message } } : {}) });
    await this.save();
  }

  /** Kept before it is signed: after a reload it is the very same event. */
  async #mined(event: UnsignedEvent): Promise<void> {
    this.#set({ stage: 'mined', event });
    await this.save();
    this.go();
  }

  async #deliver(): Promise<void> {
    const run = (this.#run = new AbortController());
    this.#isWoken = false;
    const delivered = await this.#ports.deliver(this.item.event, this.item, run.signal);
    if (this.#run !== run) return;
    this.#run = undefined;
    if (delivered.ok) return this.#end(delivered);
    if (delivered.error.code !== 'locked') return this.#stumble(delivered.error);
    this.#ears.changed();
    if (this.#isWoken) this.go();
  }

  /** The work is kept; whoever waits hears what is wrong, and a second try begins a new wait. */
  async #stumble(error: DeliveryFailure): Promise<void> {
    this.#set({ trouble: { code: error.code, message: error.message } });
    await this.save();
    const settled = this.#settled;
    this.#settled = awaitEnd();
    settled.resolve({ ok: false, error });
  }

  async #end(result: Result<Delivered, WorkFailure>): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#list.remove(this.item.id).catch(() => undefined);
    this.#ears.over();
    this.#settled.resolve(result);
  }

  #note(run: AbortController, progress: MiningProgress): void {
    if (this.#run !== run) return;
    this.#progress = progress;
    this.item = { ...this.item, hashes: Math.round(progress.hashes) };
    if (this.#ports.clock.now() - this.#savedAt >= SAVE_EVERY) void this.save();
    this.#ears.changed();
  }

  #halt(): void {
    const run = this.#run;
    this.#run = undefined;
    this.#progress = undefined;
    run?.abort();
  }

  #set(change: Partial<WorkItem>): void {
    this.item = { ...this.item, ...change };
    this.#ears.changed();
  }

  #mayMine(): boolean {
    return !(this.#ports.onlyWhileCharging() && this.#ports.power.charging === false);
  }

  #age(): number {
    return this.#ports.clock.now() - this.item.event.created_at;
  }

  /** Never older than now, and not from a future that a clock once believed in. */
  #freshEvent(): UnsignedEvent {
    const { event } = this.item;
    const age = this.#age();
    return age > 0 || age < -AHEAD ? { ...event, created_at: this.#ports.clock.now() } : event;
  }
}

/** Notifications of this device as a page sees them: on or off, what is in the way, and the self-test. */
import type { PushDesk, PushFacts, PushFailure } from '#client/wake/push-desk.ts';
import type { Wake } from '#client/wake/wakes.ts';
import type { PushWant } from '#protocol/push.ts';
import type { Result } from '#shared/result.ts';
import type { TestState } from './steps.ts';

export interface BellPorts {
  readonly desk: Pick<PushDesk, 'facts' | 'turnOn' | 'turnOff' | 'keepUp' | 'test'>;
  /** What may wake this device now. */
  readonly wants: () => readonly PushWant[];
  readonly wakes: () => Promise<readonly Wake[]>;
  /** After turning on, and before turning off: what a wake may know is kept, or forgotten. */
  readonly turned: (isOn: boolean) => Promise<void>;
  /** Calls back after so many milliseconds; returns the way to stop. */
  readonly after: (ms: number, then: () => void) => () => void;
}

/** Milliseconds until a test counts as lost. */
const PATIENCE = 30_000;

export class Bell {
  facts = $state.raw<PushFacts | undefined>();
  wakes = $state.raw<readonly Wake[]>([]);
  test = $state.raw<TestState>('none');
  /** Why it could not be turned on, or the city could not be told. */
  trouble = $state.raw<PushFailure | undefined>();
  isBusy = $state(false);
  readonly isOn = $derived(this.facts?.isOn === true);
  readonly #ports: BellPorts;
  #stopWaiting: (() => void) | undefined;
  #readings = 0;

  constructor(ports: BellPorts) {
    this.#ports = ports;
  }

  /** Reads how things stand; of two readings at once the one that began later is believed. */
  async refresh(): Promise<void> {
    const turn = ++this.#readings;
    const [facts, wakes] = await Promise.all([this.#ports.desk.facts(), this.#ports.wakes()]);
    if (turn !== this.#readings) return;
    this.facts = facts;
    this.wakes = wakes;
  }

  /** Only after a press: the browser asks the person. */
  turnOn(): Promise<void> {
    return this.#busily(async () => {
      this.#note(await this.#ports.desk.turnOn(this.#ports.wants()));
      await this.refresh();
      if (this.isOn) await this.#ports.turned(true);
    });
  }

  turnOff(): Promise<void> {
    return this.#busily(async () => {
      this.trouble = undefined;
      this.#settle('none');
      await this.#ports.turned(false);
      await this.#ports.desk.turnOff();
      await this.refresh();
    });
  }

  /** Tells the city what has changed, if it is to know at all. */
  async keepUp(): Promise<void> {
    if (!this.isOn) return;
    this.#note(await this.#ports.desk.keepUp(this.#ports.wants()));
    await this.refresh();
  }

  /** Has the city wake this device, and waits for that. */
  async sendTest(): Promise<void> {
    this.#settle('sending');
    const sent = await this.#ports.desk.test();
    if (this.test === 'sending') {
      this.#settle(sent.ok ? 'awaiting' : sent.error);
      if (sent.ok) this.#stopWaiting = this.#ports.after(PATIENCE, () => this.#settle('missing'));
    }
    await this.refresh();
  }

  /** The worker says that it was woken. */
  async woken(isTest: boolean): Promise<void> {
    await this.refresh();
    if (isTest && (this.test === 'sending' || this.test === 'awaiting' || this.test === 'missing'))
      this.#settle('arrived');
  }

  #settle(test: TestState): void {
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    this.test = test;
  }

  #note(done: Result<true, PushFailure>): void {
    this.trouble = done.ok ? undefined : done.error;
  }

  async #busily(work: () => Promise<void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      await work();
    } finally {
      this.isBusy = false;
    }
  }
}

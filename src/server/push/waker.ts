/**
 * When devices are woken. A device is in one place only: at rest, waiting for its time, queued, or being woken. So whatever
 * comes in bursts becomes one wake, and what comes during a wake becomes one more after it: few, and the last never lost.
 */
import type { Device } from './register.ts';
import type { Outcome, SendWake } from './sender.ts';

/** Times in milliseconds. */
export interface WakePace {
  /** Between two wakes of one device. */
  readonly gap: number;
  /** Devices that one event wakes are spread over so much time each, and over `spreadMost` at most. */
  readonly spread: number;
  readonly spreadMost: number;
  /** Wakes on their way at once. */
  readonly atOnce: number;
  /** First wait after a failure; doubled each time, up to `retryMost`. */
  readonly retry: number;
  readonly retryMost: number;
  /** Attempts, after which a wake is given up. */
  readonly attempts: number;
}

export const DEFAULT_PACE: WakePace = {
  gap: 3000,
  spread: 5,
  spreadMost: 20_000,
  atOnce: 24,
  retry: 5000,
  retryMost: 30 * 60_000,
  attempts: 8,
};

/** How long a stopping city goes on waking. */
const LAST_WAKES_MS = 2000;

export interface WakerPorts {
  readonly send: SendWake;
  /** Hears how each wake ended, after its last attempt. */
  readonly onEnd: (device: Device, end: 'sent' | 'gone' | 'failed') => void;
  readonly pace?: WakePace;
}

interface State {
  place: 'resting' | 'waiting' | 'queued' | 'waking';
  timer?: NodeJS.Timeout;
  /** Something came during the wake. */
  again: boolean;
  /** Not before: the gap after the last wake. Milliseconds of the monotonic clock. */
  from: number;
  attempts: number;
}

const now = (): number => performance.now();

export class Waker {
  #ports: WakerPorts;
  #pace: WakePace;
  #states = new Map<Device, State>();
  #queue = new Set<Device>();
  #waking = 0;
  #stopped = false;
  #onQuiet: (() => void) | undefined;

  constructor(ports: WakerPorts) {
    this.#ports = ports;
    this.#pace = ports.pace ?? DEFAULT_PACE;
  }

  /** Devices whose turn has come and who wait for a free hand. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Wakes devices that one event concerns, each in its own time. */
  wake(devices: readonly Device[]): void {
    if (this.#stopped) return;
    const span = Math.min(this.#pace.spreadMost, (devices.length - 1) * this.#pace.spread);
    for (const device of devices) this.#want(device, Math.random() * span);
  }

  /** Forgets a device. */
  forget(device: Device): void {
    clearTimeout(this.#states.get(device)?.timer);
    this.#states.delete(device);
    this.#queue.delete(device);
  }

  /** Wakes whoever still waits for a gap to pass, for a moment; then stops. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const [device, state] of this.#states) {
      if (state.place !== 'waiting') continue;
      clearTimeout(state.timer);
      if (state.attempts === 0) this.#enqueue(device, state);
    }
    if (this.#queue.size > 0 || this.#waking > 0)
      await Promise.race([
        new Promise<void>((resolve) => (this.#onQuiet = resolve)),
        new Promise<void>((resolve) => setTimeout(resolve, LAST_WAKES_MS).unref()),
      ]);
    this.#queue.clear();
    this.#states.clear();
  }

  #want(device: Device, delay: number): void {
    let state = this.#states.get(device);
    if (!state) this.#states.set(device, (state = { place: 'resting', again: false, from: 0, attempts: 0 }));
    if (state.place === 'resting') this.#wait(device, state, Math.max(now() + delay, state.from));
    else if (state.place === 'waking') state.again = true;
    // Waiting and queued ones will be woken after this anyway.
  }

  #wait(device: Device, state: State, from: number): void {
    state.place = 'waiting';
    if (this.#stopped) return this.#enqueue(device, state);
    // Even at once is not within the commit that asks for it: sealing takes its time.
    state.timer = setTimeout(() => this.#enqueue(device, state), Math.max(0, from - now())).unref();
  }

  #enqueue(device: Device, state: State): void {
    state.place = 'queued';
    this.#queue.add(device);
    this.#pump();
  }

  #pump(): void {
    for (const device of this.#queue) {
      if (this.#waking >= this.#pace.atOnce) return;
      this.#queue.delete(device);
      const state = this.#states.get(device);
      if (state) void this.#run(device, state);
    }
    if (this.#waking === 0 && this.#queue.size === 0) this.#onQuiet?.();
  }

  async #run(device: Device, state: State): Promise<void> {
    state.place = 'waking';
    state.again = false;
    this.#waking += 1;
    const outcome = await this.#ports.send(device, { test: false });
    this.#waking -= 1;
    if (this.#states.get(device) === state) this.#settle(device, state, outcome);
    this.#pump();
  }

  #settle(device: Device, state: State, outcome: Outcome): void {
    state.attempts += 1;
    if (outcome.kind === 'later' && state.attempts < this.#pace.attempts)
      return this.#retry(device, state, outcome.waitMs ?? 0);
    state.attempts = 0;
    state.from = now() + this.#pace.gap;
    const again = state.again;
    state.place = 'resting';
    this.#ports.onEnd(device, endOf[outcome.kind]);
    if (again && this.#states.get(device) === state) this.#wait(device, state, state.from);
    else this.#rest(device, state);
  }

  /** Backs off with some chance in it, so that many that failed together don't come back together. */
  #retry(device: Device, state: State, asked: number): void {
    if (this.#stopped) return;
    const { retry, retryMost } = this.#pace;
    const own = Math.min(retryMost, retry * 2 ** (state.attempts - 1)) * (0.75 + Math.random() / 2);
    this.#wait(device, state, now() + Math.max(own, asked, this.#pace.gap));
  }

  /** At rest and past its gap, a device needs no memory. */
  #rest(device: Device, state: State): void {
    setTimeout(() => {
      if (state.place === 'resting' && this.#states.get(device) === state) this.#states.delete(device);
    }, this.#pace.gap).unref();
  }
}

const endOf = { sent: 'sent', gone: 'gone', later: 'failed', refused: 'failed' } as const;

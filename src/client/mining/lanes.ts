/** The loop inside a mining worker: short batches, turn by turn for every lane, listening in between. */
import type { Kernel } from './kernel.ts';
import { LANE_SIZE } from './work-parts.ts';
import type { FromMiningWorker, LaneOrder, ToMiningWorker } from './worker-messages.ts';

export interface LaneSurroundings {
  readonly makeKernel: () => Kernel;
  readonly post: (message: FromMiningWorker) => void;
  /** Calls back soon, after waiting messages were heard. */
  readonly soon: (go: () => void) => void;
  /** Milliseconds, for measuring. */
  readonly clock: () => number;
}

interface Lane {
  readonly order: LaneOrder;
  readonly kernel: Kernel;
  next: number;
}

const FIRST_BATCH = 512;
const AIM_MS = 40;
const MOST = 1 << 24;

/** Serves mining messages; returns the way to hand one in. */
export class Lanes {
  readonly #around: LaneSurroundings;
  readonly #lanes = new Map<number, Lane>();
  #batch = FIRST_BATCH;
  #running = false;

  constructor(around: LaneSurroundings) {
    this.#around = around;
  }

  /** Starts or stops a lane. */
  hear(message: ToMiningWorker): void {
    if (message.type === 'stop') {
      this.#lanes.delete(message.lane);
      return;
    }
    const { order } = message;
    const kernel = this.#around.makeKernel();
    kernel.load(order, order.bits);
    this.#lanes.set(order.lane, { order, kernel, next: order.start });
    if (this.#running) return;
    this.#running = true;
    this.#around.soon(this.#turn);
  }

  readonly #turn = (): void => {
    const [lane] = this.#lanes.values();
    if (!lane) {
      this.#running = false;
      return;
    }
    this.#lanes.delete(lane.order.lane);
    this.#work(lane);
    this.#around.soon(this.#turn);
  };

  #work(lane: Lane): void {
    const { post, clock } = this.#around;
    const began = clock();
    const wanted = Math.min(this.#batch, LANE_SIZE - (lane.next % LANE_SIZE));
    const nonce = lane.kernel.run(lane.next, wanted);
    if (nonce !== undefined) return post({ type: 'found', lane: lane.order.lane, nonce });
    const ms = clock() - began;
    lane.next = wrapped(lane.next, wanted);
    post({ type: 'tried', lane: lane.order.lane, hashes: wanted, ms, next: lane.next });
    this.#lanes.set(lane.order.lane, lane);
    this.#adapt(wanted, ms);
  }

  /** Batches of about 40 ms: long enough to be worth it, short enough to hear a stop. */
  #adapt(hashes: number, ms: number): void {
    const wanted = ms > 0 ? (hashes / ms) * AIM_MS : hashes * 4;
    const bounded = Math.min(hashes * 4, Math.max(hashes / 4, wanted));
    this.#batch = Math.max(1, Math.min(MOST, Math.round(bounded)));
  }
}

/** The next nonce; a lane's end leads back to its beginning (days of work later, with another `created_at`). */
const wrapped = (nonce: number, step: number): number => {
  const base = nonce - (nonce % LANE_SIZE);
  return base + ((nonce + step) % LANE_SIZE);
};

/** `soon` for a real worker: a message to oneself, which lets waiting messages go first and is never clamped to 4 ms. */
export const soonByMessage = (): ((go: () => void) => void) => {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (go) => {
    waiting.push(go);
    port2.postMessage(null);
  };
};

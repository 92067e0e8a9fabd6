/** The loop inside a mining worker: short batches, turn by turn for every share, listening in between. */
import type { NonceSearch } from './grid/grid-search.ts';
import type { FromMiningWorker, ShareOrder, ToMiningWorker } from './worker-messages.ts';

export interface LoopSurroundings {
  readonly makeSearch: (order: ShareOrder) => NonceSearch;
  readonly post: (message: FromMiningWorker) => void;
  /** Calls back soon, after waiting messages were heard. */
  readonly soon: (go: () => void) => void;
  /** Milliseconds, for measuring. */
  readonly clock: () => number;
}

interface Share {
  readonly search: NonceSearch;
  edition: number;
}

const FIRST_BATCH = 256;
const AIM_MS = 30;
const MOST = 1 << 24;

/** Serves mining messages. */
export class WorkLoop {
  readonly #around: LoopSurroundings;
  readonly #shares = new Map<number, Share>();
  #batch = FIRST_BATCH;
  #running = false;

  constructor(around: LoopSurroundings) {
    this.#around = around;
  }

  /** Starts, renews or stops a share. */
  hear(message: Exclude<ToMiningWorker, { readonly type: 'equip' }>): void {
    switch (message.type) {
      case 'stop':
        this.#shares.delete(message.share);
        return;
      case 'renew':
        return this.#renew(message);
      case 'start':
        return this.#start(message.order);
    }
  }

  #start(order: ShareOrder): void {
    // What was measured with another event says little about this one: its content may be a thousand times as long.
    if (this.#shares.size === 0) this.#batch = FIRST_BATCH;
    this.#shares.set(order.share, { search: this.#around.makeSearch(order), edition: order.edition });
    if (this.#running) return;
    this.#running = true;
    this.#around.soon(this.#turn);
  }

  #renew({ share, edition }: Extract<ToMiningWorker, { readonly type: 'renew' }>): void {
    const renewed = this.#shares.get(share);
    if (!renewed) return;
    renewed.search.renew(edition);
    renewed.edition = edition.edition;
  }

  readonly #turn = (): void => {
    const [next] = this.#shares;
    if (!next) {
      this.#running = false;
      return;
    }
    const [id, share] = next;
    this.#shares.delete(id);
    this.#work(id, share);
    this.#around.soon(this.#turn);
  };

  #work(id: number, share: Share): void {
    const { post, clock } = this.#around;
    const began = clock();
    const { hashes, nonce } = share.search.run(this.#batch);
    const ms = clock() - began;
    post({ type: 'tried', share: id, hashes, ms, position: share.search.position });
    if (nonce !== undefined) return post({ type: 'found', share: id, edition: share.edition, nonce });
    this.#shares.set(id, share);
    this.#adapt(hashes, ms);
  }

  /** Batches of about 30 ms: long enough to be worth it, short enough to hear a stop. */
  #adapt(hashes: number, ms: number): void {
    const wanted = ms > 0 ? (hashes / ms) * AIM_MS : hashes * 4;
    const bounded = Math.min(hashes * 4, Math.max(hashes / 4, wanted));
    this.#batch = Math.max(1, Math.min(MOST, Math.round(bounded)));
  }
}

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

/** Mining workers in the test's own thread: the real loop, over any search. */
import { GridSearch } from '../../src/client/mining/grid/grid-search.ts';
import type { NonceSearch } from '../../src/client/mining/grid/grid-search.ts';
import { openKernel } from '../../src/client/mining/kernels/kernel-source.ts';
import type { KernelSource } from '../../src/client/mining/kernels/kernel-source.ts';
import { WorkLoop } from '../../src/client/mining/work-loop.ts';
import type {
  FromMiningWorker,
  MiningWorker,
  ShareOrder,
  ToMiningWorker,
} from '../../src/client/mining/worker-messages.ts';

export class FakeMiningWorker implements MiningWorker {
  onmessage: (message: FromMiningWorker) => void = () => undefined;
  ondeath: (reason: unknown) => void = () => undefined;
  readonly heard: ToMiningWorker[] = [];
  ended = false;
  readonly #loop: WorkLoop;
  #kernel: KernelSource = { name: 'script' };

  constructor(makeSearch?: (order: ShareOrder) => NonceSearch) {
    this.#loop = new WorkLoop({
      makeSearch:
        makeSearch ?? ((order) => new GridSearch(openKernel(this.#kernel), order, order.bits, order)),
      post: (message) => {
        if (!this.ended) this.onmessage(message);
      },
      soon: (go) => {
        if (!this.ended) setImmediate(go);
      },
      clock: () => performance.now(),
    });
  }

  post(message: ToMiningWorker): void {
    this.heard.push(message);
    if (this.ended) return;
    if (message.type === 'equip') this.#kernel = message.kernel;
    else this.#loop.hear(message);
  }
  end(): void {
    this.ended = true;
  }
  /** Dies as a crashed worker does. */
  die(): void {
    this.ended = true;
    this.ondeath('crashed');
  }
}

/** A search that tries without ever finding. */
export class BarrenSearch implements NonceSearch {
  position: number;
  constructor({ position }: { readonly position: number } = { position: 0 }) {
    this.position = position;
  }
  run(most: number): { readonly hashes: number } {
    this.position += most;
    return { hashes: most };
  }
  renew(): void {}
}

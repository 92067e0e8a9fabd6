/** Mining workers in the test's own thread: the real loop, over any kernel. */
import { ScriptKernel } from '../../src/client/mining/kernel.ts';
import type { Kernel } from '../../src/client/mining/kernel.ts';
import { Lanes } from '../../src/client/mining/lanes.ts';
import type {
  FromMiningWorker,
  MiningWorker,
  ToMiningWorker,
} from '../../src/client/mining/worker-messages.ts';

export class FakeMiningWorker implements MiningWorker {
  onmessage: (message: FromMiningWorker) => void = () => undefined;
  ondeath: (reason: unknown) => void = () => undefined;
  readonly heard: ToMiningWorker[] = [];
  ended = false;
  readonly #lanes: Lanes;

  constructor(makeKernel: () => Kernel = () => new ScriptKernel()) {
    this.#lanes = new Lanes({
      makeKernel,
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
    if (!this.ended) this.#lanes.hear(message);
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

/** A kernel that tries without ever finding. */
export class BarrenKernel implements Kernel {
  load(): void {}
  run(): undefined {}
}

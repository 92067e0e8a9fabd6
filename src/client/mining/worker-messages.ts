/** What the page and a mining worker say to each other. */
import type { WorkParts } from './work-parts.ts';

/** One worker's share of a piece of work: nonces from `start` on, until told to stop. */
export interface LaneOrder extends WorkParts {
  readonly lane: number;
  readonly bits: number;
  readonly start: number;
}

export type ToMiningWorker =
  { readonly type: 'start'; readonly order: LaneOrder } | { readonly type: 'stop'; readonly lane: number };

export type FromMiningWorker =
  /** `hashes` more were tried in `ms` of computing; the next nonce would be `next`. */
  | {
      readonly type: 'tried';
      readonly lane: number;
      readonly hashes: number;
      readonly ms: number;
      readonly next: number;
    }
  | { readonly type: 'found'; readonly lane: number; readonly nonce: number };

/** A mining worker as the pool sees it; a thin face of `Worker`. */
export interface MiningWorker {
  post(message: ToMiningWorker): void;
  /** Called for every message; set once, before the first `post`. */
  onmessage: (message: FromMiningWorker) => void;
  /** Called when the worker has died. */
  ondeath: (reason: unknown) => void;
  end(): void;
}

/** Wraps a real `Worker` whose script serves `serveMining`. */
export const miningWorkerOf = (worker: Worker): MiningWorker => {
  const face: MiningWorker = {
    post: (message) => worker.postMessage(message),
    onmessage: () => undefined,
    ondeath: () => undefined,
    end: () => worker.terminate(),
  };
  worker.addEventListener('message', ({ data }: MessageEvent<FromMiningWorker>) => face.onmessage(data));
  worker.addEventListener('error', (event) => face.ondeath(event.message));
  worker.addEventListener('messageerror', () => face.ondeath('unreadable message'));
  return face;
};

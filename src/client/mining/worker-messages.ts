/** What the page and a mining worker say to each other. */
import type { LaneStart } from './grid/grid-search.ts';
import type { WorkParts } from './grid/work-parts.ts';
import type { KernelSource } from './kernels/kernel-source.ts';

/** Which of a piece of work's bytes are meant: they change with `created_at` while it goes on. */
export interface Edition extends WorkParts {
  readonly edition: number;
}

/** One worker's share of a piece of work: a lane of nonces from a position on, until told to stop. */
export interface ShareOrder extends Edition, LaneStart {
  readonly share: number;
  readonly bits: number;
}

export type ToMiningWorker =
  /** Comes first. */
  | { readonly type: 'equip'; readonly kernel: KernelSource }
  | { readonly type: 'start'; readonly order: ShareOrder }
  | { readonly type: 'renew'; readonly share: number; readonly edition: Edition }
  | { readonly type: 'stop'; readonly share: number };

export type FromMiningWorker =
  /** `hashes` more were tried in `ms` of computing; the share stands at `position`. */
  | {
      readonly type: 'tried';
      readonly share: number;
      readonly hashes: number;
      readonly ms: number;
      readonly position: number;
    }
  /** The nonce belongs to this edition; the share is over. */
  | {
      readonly type: 'found';
      readonly share: number;
      readonly edition: number;
      readonly nonce: string;
    };

/** A mining worker as the pool sees it; a thin face of `Worker`. */
export interface MiningWorker {
  post(message: ToMiningWorker): void;
  /** Called for every message; set once, before the first `post`. */
  onmessage: (message: FromMiningWorker) => void;
  /** Called when the worker has died. */
  ondeath: (reason: unknown) => void;
  end(): void;
}

/** Wraps a real `Worker` whose script runs a `WorkLoop`. */
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

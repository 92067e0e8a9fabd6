/** What page and worker say to each other. */
import type { Result } from '#shared/result.ts';
import type { Audience, Prepared, PrepareFailure } from './prepared.ts';

export type ToPreparing =
  | {
      readonly do: 'prepare';
      readonly id: number;
      readonly file: Blob;
      readonly name: string;
      readonly audience: Audience;
    }
  | { readonly do: 'stop'; readonly id: number };

export type FromPreparing =
  | { readonly id: number; readonly part: number }
  | { readonly id: number; readonly outcome: Result<Prepared, PrepareFailure> };

/** One end of a worker. */
export interface PreparingPort {
  postMessage(message: ToPreparing): void;
  addEventListener(type: 'message', hear: (event: MessageEvent<FromPreparing>) => void): void;
  addEventListener(type: 'error', hear: (event: Event) => void): void;
  terminate(): void;
}

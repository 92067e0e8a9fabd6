/** The page's end: starts the worker when the first file comes, and lets it go when none has come for a while. */
import { fail } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { FromPreparing, PreparingPort } from './messages.ts';
import type { Audience, Prepared, PrepareFailure } from './prepared.ts';

/** Decoders keep much memory; they are let go after so many milliseconds without work. */
const IDLE_MS = 60_000;

type Outcome = Result<Prepared, PrepareFailure>;

interface Waiting {
  readonly onprogress: (part: number) => void;
  readonly settle: (outcome: Outcome) => void;
}

interface PreparingWishes {
  readonly audience: Audience;
  readonly signal: AbortSignal;
  readonly onprogress?: (part: number) => void;
}

export class Preparer {
  readonly #spawn: () => PreparingPort;
  readonly #waiting = new Map<number, Waiting>();
  #port: PreparingPort | undefined;
  #next = 1;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(spawn: () => PreparingPort) {
    this.#spawn = spawn;
  }

  /** Never throws; a worker that dies takes what it had with it, as `broken`. */
  prepare(file: Blob, name: string, { audience, signal, onprogress }: PreparingWishes): Promise<Outcome> {
    if (signal.aborted) return Promise.resolve(fail('stopped', 'stopped'));
    const id = this.#next++;
    const port = (this.#port ??= this.#start());
    clearTimeout(this.#idle);
    return new Promise((resolve) => {
      const stop = (): void => {
        port.postMessage({ do: 'stop', id });
        settle(fail('stopped', 'stopped'));
      };
      const settle = (outcome: Outcome): void => {
        signal.removeEventListener('abort', stop);
        if (!this.#waiting.delete(id)) return;
        if (this.#waiting.size === 0) this.#idle = setTimeout(() => this.#end(), IDLE_MS);
        resolve(outcome);
      };
      this.#waiting.set(id, { onprogress: onprogress ?? (() => undefined), settle });
      signal.addEventListener('abort', stop, { once: true });
      port.postMessage({ do: 'prepare', id, file, name, audience });
    });
  }

  #start(): PreparingPort {
    const port = this.#spawn();
    port.addEventListener('message', ({ data }) => this.#hear(data));
    port.addEventListener('error', () => this.#end());
    return port;
  }

  #hear(message: FromPreparing): void {
    const waiting = this.#waiting.get(message.id);
    if ('part' in message) waiting?.onprogress(message.part);
    else waiting?.settle(message.outcome);
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#port?.terminate();
    this.#port = undefined;
    for (const { settle } of [...this.#waiting.values()]) settle(fail('broken', 'the worker ended'));
    clearTimeout(this.#idle);
  }
}

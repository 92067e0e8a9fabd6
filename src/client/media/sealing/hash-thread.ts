/** Hashing in a thread of its own, so that sealing and sending go on beside it. */
import { hashHere } from './hashing.ts';
import type { BeginHash, Hashing } from './hashing.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** One end of a line to another thread: a worker, or what a worker has. */
export interface HashPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', heard: (event: MessageEvent<unknown>) => void): void;
}

/** The file is at its end: what follows is its hash. */
const END = 'end';
/** Chunks on their way at once. */
const AHEAD = 4;
/** Below this many bytes another thread is not worth its start. */
const LEAST = 16 << 20;

/** The thread's side: one hash, then it is of no use any more. */
export const serveHash = (port: HashPort): void => {
  const begun = hashHere();
  let turn: Promise<void> = Promise.resolve();
  port.addEventListener('message', ({ data }) => {
    turn = turn.then(async () => {
      const hash = await begun;
      if (data === END) return port.postMessage(await hash.end(), []);
      const bytes = data as Bytes;
      await hash.add(bytes);
      // Whoever gave it gives its memory back.
      port.postMessage(bytes, [bytes.buffer]);
    });
  });
};

/** The other side. `close`: ends the thread. */
export const hashThrough = (
  port: HashPort,
  { close, free }: { readonly close: () => void; readonly free: (bytes: Bytes) => void },
): Hashing => {
  let waiting = 0;
  let wake: () => void = () => undefined;
  let hashed: (hash: string) => void = () => undefined;
  port.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') return hashed(data);
    free(data as Bytes);
    waiting--;
    wake();
  });
  return {
    add: async (bytes) => {
      port.postMessage(bytes, [bytes.buffer]);
      waiting++;
      if (waiting >= AHEAD) await new Promise<void>((resolve) => (wake = resolve));
    },
    end: async () => {
      const hash = new Promise<string>((resolve) => (hashed = resolve));
      port.postMessage(END, []);
      return hash.finally(close);
    },
    free,
  };
};

/**
 * Memory given to a worker that has ended is given back at once. Left to the collector, hundreds of megabytes wait for it: it knows of
 * the small object only that stands for them.
 */
const makeSink = (makeWorker: () => Worker): ((bytes: Bytes) => void) => {
  const ended = makeWorker();
  ended.terminate();
  return ({ buffer }) => ended.postMessage(undefined, [buffer]);
};

/** Large files in a thread made for each, small ones here. */
export const hashInThreads = (makeWorker: () => Worker): BeginHash => {
  let free: ((bytes: Bytes) => void) | undefined;
  return async (size) => {
    if (size < LEAST) return hashHere();
    free ??= makeSink(makeWorker);
    const worker = makeWorker();
    return hashThrough(worker, { close: () => worker.terminate(), free });
  };
};

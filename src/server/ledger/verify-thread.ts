/** Signatures of many events at once, off the main thread: for imports, where they are most of the work. */
import { Worker } from 'node:worker_threads';
import type { NostrEvent } from '#protocol/event.ts';

interface Waiting {
  resolve(sound: readonly boolean[]): void;
  reject(cause: Error): void;
}

/** One thread; batches are answered in the order of asking. */
export class VerifyThread {
  #worker = new Worker(new URL('./verify-worker.mjs', import.meta.url));
  #waiting = new Map<number, Waiting>();
  #next = 1;

  constructor() {
    this.#worker.on('message', ({ number, sound }: { number: number; sound: boolean[] }) => {
      this.#waiting.get(number)?.resolve(sound);
      this.#waiting.delete(number);
    });
    this.#worker.on('error', (cause) => {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  /** True for each event whose signature holds for its id and key; ids themselves are the caller's business. */
  verify(events: readonly NostrEvent[]): Promise<readonly boolean[]> {
    const number = this.#next++;
    const parts = events.map(({ id, pubkey, sig }) => ({ id, pubkey, sig }));
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.postMessage({ number, events: parts });
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Tabs of one browser for the queue of work: one disk, one set of locks, a miner whose luck the test decides. */
import type { UnsignedEvent } from '../../src/protocol/event.ts';
import { eventId } from '../../src/protocol/event.ts';
import { countLeadingZeroBits, makeNonceTag } from '../../src/protocol/proof-of-work.ts';
import { fail, ok } from '../../src/shared/result.ts';
import type { Result } from '../../src/shared/result.ts';
import type { MiningOptions, Miner } from '../../src/client/mining/miner.ts';
import { awaitEnd } from '../../src/client/mining/queue/awaited-end.ts';
import type { DeliveryFailure, WorkLocks } from '../../src/client/mining/queue/ports.ts';
import type { WorkItem } from '../../src/client/mining/queue/work-item.ts';
import { WorkQueue } from '../../src/client/mining/queue/work-queue.ts';

type Mined = Awaited<ReturnType<Miner['mine']>>;

/** One call of `mine`, ended by the test or by its signal. */
export interface Shift {
  readonly event: UnsignedEvent;
  readonly bits: number;
  readonly already: number;
  readonly aborted: boolean;
  report(hashes: number): void;
  find(): void;
  end(mined: Mined): void;
}

/** True work of a few bits. */
export const mineNow = (event: UnsignedEvent, bits: number): UnsignedEvent => {
  for (let nonce = 0; ; nonce++) {
    const mined = { ...event, tags: [...event.tags, makeNonceTag(String(nonce), bits)] };
    if (countLeadingZeroBits(eventId(mined)) >= bits) return mined;
  }
};

export class FakeMiner {
  readonly shifts: Shift[] = [];

  get last(): Shift {
    const shift = this.shifts.at(-1);
    if (!shift) throw new Error('nothing was mined');
    return shift;
  }

  mine = (event: UnsignedEvent, bits: number, options: MiningOptions = {}): Promise<Mined> =>
    new Promise((resolve) => {
      const { signal, onProgress, already = 0 } = options;
      signal?.addEventListener('abort', () => resolve(fail('cancelled', 'You stopped this.')));
      this.shifts.push({
        event,
        bits,
        already,
        get aborted() {
          return signal?.aborted === true;
        },
        report: (hashes) =>
          onProgress?.({
            hashes: already + hashes,
            rate: 1000,
            odds: 0.5,
            expectedSeconds: 2 ** bits / 1000,
          }),
        find: () => resolve(ok(mineNow(event, bits))),
        end: resolve,
      });
    });
}

/** Everything that tabs of one browser share. */
export class FakeBrowser {
  disk: unknown;
  /** Set: every write fails with it. */
  fault: Error | undefined;
  now = 1_800_000_000;
  readonly #held = new Map<string, Promise<void>>();
  readonly #tabs = new Set<() => void>();

  /** Locks as one tab has them: `end` lets go of all, as the browser does with a tab that is gone. */
  locks(): { locks: WorkLocks; end: () => void } {
    const mine = new Set<() => void>();
    let isGone = false;
    const claim = async (name: string, wait: boolean): Promise<(() => void) | undefined> => {
      while (this.#held.has(name)) {
        if (!wait) return undefined;
        await this.#held.get(name);
      }
      if (isGone) return new Promise(() => undefined);
      const { promise, resolve } = awaitEnd<void>();
      this.#held.set(name, promise);
      const release = (): void => {
        mine.delete(release);
        if (this.#held.get(name) === promise) this.#held.delete(name);
        resolve();
      };
      mine.add(release);
      return release;
    };
    const exclusive = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const release = await claim(name, true);
      try {
        return await work();
      } finally {
        release?.();
      }
    };
    const end = (): void => {
      isGone = true;
      for (const release of [...mine]) release();
    };
    return { locks: { exclusive, claim }, end };
  }

  news() {
    let ear: (() => void) | undefined;
    return {
      tell: () => [...this.#tabs].filter((other) => other !== ear).forEach((other) => other()),
      hear: (changed: () => void) => {
        ear = changed;
        this.#tabs.add(changed);
        return () => void this.#tabs.delete(changed);
      },
    };
  }

  memory() {
    return {
      read: () => Promise.resolve(structuredClone(this.disk)),
      write: (value: unknown) => {
        if (this.fault) return Promise.reject(this.fault);
        this.disk = structuredClone(value);
        return Promise.resolve();
      },
    };
  }
}

/** A tab with a queue of its own. `kill` ends it without a goodbye. */
export const openTab = (browser: FakeBrowser) => {
  const { locks, end } = browser.locks();
  const miner = new FakeMiner();
  const delivered: UnsignedEvent[] = [];
  const power = { charging: undefined as boolean | undefined, changed: () => undefined as void };
  const tab = {
    miner,
    delivered,
    power,
    onlyWhileCharging: false,
    /** What signing and sending comes to. */
    answer: (event: UnsignedEvent): Promise<Result<string, DeliveryFailure>> =>
      Promise.resolve(ok(eventId(event))),
    queue: undefined as unknown as WorkQueue<string>,
    kill: (): void => {
      end();
      void tab.queue.close();
    },
    kept: (): WorkItem[] => (browser.disk as { items: WorkItem[] } | undefined)?.items ?? [],
  };
  tab.queue = new WorkQueue<string>({
    miner,
    locks,
    memory: browser.memory(),
    news: browser.news(),
    power: {
      get charging() {
        return power.charging;
      },
      watch: (changed) => {
        power.changed = changed;
        return () => undefined;
      },
    },
    clock: { now: () => browser.now },
    onlyWhileCharging: () => tab.onlyWhileCharging,
    deliver: async (event, _item, signal) => {
      const answer = await tab.answer(event);
      if (answer.ok && !signal.aborted) delivered.push(event);
      return answer;
    },
  });
  return tab;
};

/** Lets every promise that can settle do so. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
};

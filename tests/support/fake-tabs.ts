/** Tabs of one origin: a channel that everybody else hears, and locks that end with their tab. */
import type { OutboxNews } from '../../src/client/outbox/ports.ts';
import type { TabLocks } from '../../src/client/engine/tabs/front.ts';
import type { Line } from '../../src/client/rpc/desk.ts';

interface Ear {
  readonly tab: FakeTab;
  readonly name: string;
  hear(message: unknown): void;
}

interface Waiting {
  readonly tab: FakeTab;
  begin(): void;
}

/** What tabs share. */
export class FakeOrigin {
  readonly ears = new Set<Ear>();
  readonly held = new Map<string, FakeTab>();
  readonly queues = new Map<string, Waiting[]>();

  tab(): FakeTab {
    return new FakeTab(this);
  }

  /** Gives a free lock to the next in line. */
  next(name: string): void {
    if (this.held.has(name)) return;
    const waiting = this.queues.get(name)?.shift();
    if (!waiting) return;
    this.held.set(name, waiting.tab);
    waiting.begin();
  }
}

export class FakeTab {
  isAlive = true;
  readonly #origin: FakeOrigin;

  constructor(origin: FakeOrigin) {
    this.#origin = origin;
  }

  readonly line = (name: string): Line => {
    const own = new Set<Ear>();
    return {
      say: (message) => {
        const copy: unknown = structuredClone(message);
        if (!this.isAlive) return;
        for (const ear of this.#origin.ears)
          if (ear.tab !== this && ear.name === name)
            queueMicrotask(() => {
              if (ear.tab.isAlive && this.#origin.ears.has(ear)) ear.hear(structuredClone(copy));
            });
      },
      hear: (hear) => {
        const ear = { tab: this, name, hear };
        own.add(ear);
        this.#origin.ears.add(ear);
        return () => void this.#origin.ears.delete(ear);
      },
      close: () => own.forEach((ear) => this.#origin.ears.delete(ear)),
    };
  };

  readonly locks: TabLocks = {
    hold: (name, work) =>
      new Promise((resolve, reject) => {
        if (!this.isAlive) return;
        const queue = this.#origin.queues.get(name) ?? [];
        this.#origin.queues.set(name, queue);
        queue.push({
          tab: this,
          begin: () => {
            const end = (): void => {
              if (this.#origin.held.get(name) !== this) return;
              this.#origin.held.delete(name);
              this.#origin.next(name);
            };
            work().then(resolve, reject).finally(end);
          },
        });
        this.#origin.next(name);
      }),
  };

  /** As a tab that crashes: it says nothing more, and the browser takes its locks. */
  kill(): void {
    this.isAlive = false;
    for (const queue of this.#origin.queues.values())
      for (const waiting of queue.filter(({ tab }) => tab === this)) queue.splice(queue.indexOf(waiting), 1);
    for (const [name, tab] of [...this.#origin.held])
      if (tab === this) {
        this.#origin.held.delete(name);
        this.#origin.next(name);
      }
  }
}

/** News that nobody hears. */
export const noNews: OutboxNews = { tell: () => undefined, hear: () => () => undefined };

/** The durable list of work, changed by one tab at a time. */
import type { WorkLocks, WorkMemory, WorkNews } from './ports.ts';
import { parseWorkItems, writeWorkItems } from './work-item.ts';
import type { WorkItem } from './work-item.ts';

const LOCK = 'work list';

/** Reads and writes under one lock, so that two tabs never lose each other's items. Throws when the memory does. */
export class WorkList {
  readonly #memory: WorkMemory;
  readonly #locks: WorkLocks;
  readonly #news: WorkNews;
  #isClosed = false;

  constructor(memory: WorkMemory, locks: WorkLocks, news: WorkNews) {
    this.#memory = memory;
    this.#locks = locks;
    this.#news = news;
  }

  all(): Promise<WorkItem[]> {
    return this.#locks.exclusive(LOCK, () => this.#read());
  }

  async add(item: WorkItem): Promise<void> {
    await this.#change((items) => [...items.filter(({ id }) => id !== item.id), item]);
    this.#news.tell();
  }

  /** Writes an item anew; one that was removed meanwhile stays removed. */
  update(item: WorkItem): Promise<void> {
    return this.#change((items) => items.map((other) => (other.id === item.id ? item : other)));
  }

  remove(id: string): Promise<void> {
    return this.#change((items) => items.filter((item) => item.id !== id));
  }

  /** Writes nothing any more; whatever was being written is written when it resolves. */
  close(): Promise<void> {
    return this.#locks.exclusive(LOCK, () => {
      this.#isClosed = true;
      return Promise.resolve();
    });
  }

  #change(change: (items: WorkItem[]) => WorkItem[]): Promise<void> {
    return this.#locks.exclusive(LOCK, async () => {
      if (this.#isClosed) return;
      await this.#memory.write(writeWorkItems(change(await this.#read())));
    });
  }

  async #read(): Promise<WorkItem[]> {
    return parseWorkItems(await this.#memory.read());
  }
}

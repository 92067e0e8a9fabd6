/** The store's queue in memory, with its real rules: for tests of the outbox. */
import { logKey } from '../../src/client/store/log-keys.ts';
import type { LocalEvent } from '../../src/client/store/local-events.ts';
import { queueChanges } from '../../src/client/store/queue.ts';
import type { Queue, QueueChange, QueueEntry } from '../../src/client/store/queue.ts';

export class MemoryQueue implements Queue {
  readonly log: LocalEvent[] = [];
  #entries: QueueEntry[] = [];
  readonly #watchers = new Set<() => void>();

  append = (events: readonly LocalEvent[]): Promise<void> => {
    for (const event of events) {
      this.log.push(event);
      queueChanges(event, this.log.length).forEach((change) => this.#apply(change));
    }
    this.#watchers.forEach((changed) => changed());
    return Promise.resolve();
  };

  entries(): Promise<QueueEntry[]> {
    return Promise.resolve([...this.#entries]);
  }

  entriesOf(id: string): Promise<QueueEntry[]> {
    return Promise.resolve(this.#entries.filter((entry) => entry.id === id));
  }

  renew(id: string): Promise<void> {
    this.#change((entry) => entry.id === id, { state: 'waiting', reason: '' });
    this.#watchers.forEach((changed) => changed());
    return Promise.resolve();
  }

  answers(): Promise<LocalEvent[]> {
    return Promise.resolve([]);
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  /** What the log says of an acceptance. */
  acceptanceOf = (id: string): Promise<string | undefined> => {
    const found = this.log.find((event) => event.type === 'EventAccepted' && event.id === id);
    return Promise.resolve(found?.type === 'EventAccepted' ? found.note : undefined);
  };

  /** Of these keys, the ones in the log. */
  known = (keys: readonly string[]): Promise<ReadonlySet<string>> => {
    const all = new Set(this.log.map(logKey));
    return Promise.resolve(new Set(keys.filter((key) => all.has(key))));
  };

  #apply(change: QueueChange): void {
    if (change.do === 'add') this.#entries.push(change.entry);
    else if (change.do === 'refuse')
      this.#change((one) => one.id === change.id && one.relay === change.relay, {
        state: 'refused',
        reason: change.reason,
      });
    else
      this.#entries = this.#entries.filter(
        (one) => one.id !== change.id || (change.do === 'drop' && one.relay !== change.relay),
      );
  }

  #change(which: (entry: QueueEntry) => boolean, changes: Partial<QueueEntry>): void {
    this.#entries = this.#entries.map((entry) => (which(entry) ? { ...entry, ...changes } : entry));
  }
}

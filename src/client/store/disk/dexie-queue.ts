/** The queue in IndexedDB. */
import type { LocalEvent } from '../local-events.ts';
import { queueChanges } from '../queue.ts';
import type { Queue, QueueChange, QueueEntry } from '../queue.ts';
import type { Watchers } from '../watchers.ts';
import type { Database, Tables } from './database.ts';

/** What watchers of the queue watch; no feature's table has this name. */
export const QUEUE_TABLE = ' outbox';

/** Applies what a logged event means for the queue, within the log's transaction. True when it meant something. */
export const applyToQueue = async (tables: Tables, event: LocalEvent, order: number): Promise<boolean> => {
  const changes = queueChanges(event, order);
  for (const change of changes) await applyChange(tables, change);
  return changes.length > 0;
};

const applyChange = async ({ outbox }: Tables, change: QueueChange): Promise<void> => {
  if (change.do === 'add') await outbox.put(change.entry);
  else if (change.do === 'drop') await outbox.delete([change.id, change.relay]);
  else if (change.do === 'drop-all') await outbox.where('id').equals(change.id).delete();
  else await outbox.update([change.id, change.relay], { state: 'refused', reason: change.reason });
};

export class DexieQueue implements Queue {
  readonly #database: Database;
  readonly #watchers: Watchers;

  constructor(database: Database, watchers: Watchers) {
    this.#database = database;
    this.#watchers = watchers;
  }

  async entries(): Promise<QueueEntry[]> {
    return (await this.#database.outbox.toArray()).sort((a, b) => a.order - b.order);
  }

  entriesOf(id: string): Promise<QueueEntry[]> {
    return this.#database.outbox.where('id').equals(id).toArray();
  }

  async renew(id: string): Promise<void> {
    await this.#database.outbox.where('id').equals(id).modify({ state: 'waiting', reason: '' });
    this.#watchers.tell([{ table: QUEUE_TABLE }]);
  }

  watch(changed: () => void): () => void {
    return this.#watchers.watch([{ table: QUEUE_TABLE }], changed);
  }
}

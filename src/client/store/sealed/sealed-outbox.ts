/**
 * The queue of what waits to be sent. Its records are sealed with a key of the device, not of the profile, so that what was
 * written goes out while the profile is locked; they hold signed events only.
 */
import type { LocalEvent } from '../local-events.ts';
import { queueChanges } from '../queue.ts';
import type { Queue, QueueChange, QueueEntry } from '../queue.ts';
import type { Watchers } from '../watchers.ts';
import type { Disk, DiskWrites } from './disk.ts';
import { readQueue, sealEntry } from './queue-records.ts';
import type { Numbered, ReadQueue } from './queue-records.ts';
import type { Vessel } from './vessel.ts';
import type { Turns } from './writer.ts';

/** What watchers of the queue watch; no feature's table has this name. */
export const QUEUE_TABLE = ' outbox';

export interface OutboxPorts {
  readonly disk: Disk;
  /** Seals with the device's key. */
  readonly vessel: Vessel;
  readonly watchers: Watchers;
  /** Shared with whoever else writes. */
  readonly turns: Turns;
}

export class SealedOutbox implements Queue {
  readonly #ports: OutboxPorts;
  #entries: readonly Numbered[];
  #next: number;

  static async open(ports: OutboxPorts): Promise<SealedOutbox> {
    return new SealedOutbox(ports, await readQueue(ports));
  }

  private constructor(ports: OutboxPorts, { entries, unreadable }: ReadQueue) {
    this.#ports = ports;
    this.#entries = entries;
    this.#next = Math.max(0, ...unreadable, ...entries.map(({ number }) => number)) + 1;
  }

  entries(): Promise<QueueEntry[]> {
    return Promise.resolve([...this.#entries].sort((a, b) => a.order - b.order));
  }

  entriesOf(id: string): Promise<QueueEntry[]> {
    return Promise.resolve(this.#entries.filter((entry) => entry.id === id));
  }

  renew(id: string): Promise<void> {
    return this.#ports.turns.take(async () => {
      const after = this.#entries.map((entry) =>
        entry.id === id ? { ...unanswered(entry), state: 'waiting' as const, reason: '' } : entry,
      );
      await this.#ports.disk.write(await this.#difference(after));
      this.#entries = after;
      this.#ports.watchers.tell([{ table: QUEUE_TABLE }]);
    });
  }

  /**
   * Reads the queue anew. What relays said to whoever sent it meanwhile comes back as events: they belong into the log, and take
   * their entries out of the queue.
   */
  answers(): Promise<LocalEvent[]> {
    return this.#ports.turns.take(async () => {
      const { entries } = await readQueue(this.#ports);
      this.#entries = entries;
      return entries.flatMap(answerEvent);
    });
  }

  watch(changed: () => void): () => void {
    return this.#ports.watchers.watch([{ table: QUEUE_TABLE }], changed);
  }

  /** What logged events (the first one's number is `from`) mean for the queue: writes to make with the log's, then to settle. */
  async foresee(
    events: readonly LocalEvent[],
    from: number,
  ): Promise<{ readonly writes: DiskWrites; readonly settle: () => void; readonly isChanged: boolean }> {
    let after = this.#entries;
    events.forEach((event, at) => {
      for (const change of queueChanges(event, from + at)) after = this.#changed(after, change);
    });
    const isChanged = after !== this.#entries;
    return {
      writes: isChanged ? await this.#difference(after) : {},
      settle: () => {
        this.#entries = after;
      },
      isChanged,
    };
  }

  #changed(entries: readonly Numbered[], change: QueueChange): readonly Numbered[] {
    switch (change.do) {
      case 'add': {
        const others = entries.filter(
          ({ id, relay }) => id !== change.entry.id || relay !== change.entry.relay,
        );
        return [...others, { ...change.entry, number: this.#next++ }];
      }
      case 'drop':
        return entries.filter(({ id, relay }) => id !== change.id || relay !== change.relay);
      case 'drop-all':
        return entries.filter(({ id }) => id !== change.id);
      case 'refuse':
        return entries.map((entry) =>
          entry.id === change.id && entry.relay === change.relay
            ? { ...unanswered(entry), state: 'refused' as const, reason: change.reason }
            : entry,
        );
    }
  }

  async #difference(after: readonly Numbered[]): Promise<DiskWrites> {
    const before = new Set(this.#entries);
    const numbers = new Set(after.map(({ number }) => number));
    const outbox = await Promise.all(
      after.filter((entry) => !before.has(entry)).map((entry) => sealEntry(this.#ports.vessel, entry)),
    );
    const droppedOutbox = this.#entries.flatMap(({ number }) => (numbers.has(number) ? [] : [number]));
    return { outbox, droppedOutbox };
  }
}

const unanswered = ({ answer: _, ...entry }: Numbered): Numbered => entry;

const answerEvent = ({ id, relay, answer }: QueueEntry): LocalEvent[] => {
  if (!answer) return [];
  const { accepted, words } = answer;
  return [
    accepted
      ? { type: 'EventAccepted', v: 1, id, relay, note: words }
      : { type: 'EventRejected', v: 1, id, relay, reason: words },
  ];
};

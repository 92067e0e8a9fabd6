/**
 * The queue of what waits to be sent. Its records are sealed with a key of the device, not of the profile, so that what was
 * written goes out while the profile is locked; they hold signed events only.
 */
import { isRecord } from '#shared/json.ts';
import type { LocalEvent } from '../local-events.ts';
import { queueChanges } from '../queue.ts';
import type { Queue, QueueChange, QueueEntry } from '../queue.ts';
import type { Watchers } from '../watchers.ts';
import type { Disk, DiskWrites, OutboxRecord } from './disk.ts';
import type { Vessel } from './vessel.ts';
import type { Turns } from './writer.ts';

/** What watchers of the queue watch; no feature's table has this name. */
export const QUEUE_TABLE = ' outbox';
const TABLE = 'outbox';

type Numbered = QueueEntry & { readonly number: number };

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
    const entries: Numbered[] = [];
    for (const { number, sealed } of await ports.disk.outbox()) {
      const taken = await ports.vessel.take({ table: TABLE, key: number }, sealed);
      if (taken.ok && isEntry(taken.value)) entries.push({ ...taken.value, number });
    }
    return new SealedOutbox(ports, entries);
  }

  private constructor(ports: OutboxPorts, entries: readonly Numbered[]) {
    this.#ports = ports;
    this.#entries = entries;
    this.#next = Math.max(0, ...entries.map(({ number }) => number)) + 1;
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
        entry.id === id ? { ...entry, state: 'waiting' as const, reason: '' } : entry,
      );
      await this.#ports.disk.write(await this.#difference(after));
      this.#entries = after;
      this.#ports.watchers.tell([{ table: QUEUE_TABLE }]);
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
            ? { ...entry, state: 'refused' as const, reason: change.reason }
            : entry,
        );
    }
  }

  async #difference(after: readonly Numbered[]): Promise<DiskWrites> {
    const before = new Set(this.#entries);
    const numbers = new Set(after.map(({ number }) => number));
    const outbox = await Promise.all(
      after.filter((entry) => !before.has(entry)).map((entry) => this.#record(entry)),
    );
    const droppedOutbox = this.#entries.flatMap(({ number }) => (numbers.has(number) ? [] : [number]));
    return { outbox, droppedOutbox };
  }

  async #record({ number, ...entry }: Numbered): Promise<OutboxRecord> {
    return { number, sealed: await this.#ports.vessel.put({ table: TABLE, key: number }, entry) };
  }
}

const isEntry = (value: unknown): value is QueueEntry =>
  isRecord(value) &&
  ['id', 'relay', 'conversation', 'reason'].every((name) => typeof value[name] === 'string') &&
  typeof value['order'] === 'number' &&
  (value['state'] === 'waiting' || value['state'] === 'refused') &&
  isRecord(value['event']);

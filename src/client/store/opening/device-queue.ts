/**
 * The queue of a profile that nobody has opened: what a service worker may send. It reads what waits and takes down what relays
 * answer; the log follows when the profile is opened next.
 */
import type { LocalEvent } from '../local-events.ts';
import type { QueueEntry } from '../queue.ts';
import { DexieDisk } from '../disk/dexie-disk.ts';
import { Packer } from '../seal/packing.ts';
import { deviceSealer } from '../seal/sealer.ts';
import type { Disk } from '../sealed/disk.ts';
import { readQueue, sealEntry } from '../sealed/queue-records.ts';
import type { Numbered } from '../sealed/queue-records.ts';
import { Vessel } from '../sealed/vessel.ts';
import type { ProfileRecord } from '../profiles/profile-record.ts';
import { databaseOf } from './destroy-profile.ts';

interface DeviceQueuePorts {
  readonly disk: Pick<Disk, 'outbox' | 'write'>;
  readonly vessel: Vessel;
}

export class DeviceQueue {
  readonly #ports: DeviceQueuePorts;
  #entries: readonly Numbered[] = [];

  constructor(ports: DeviceQueuePorts) {
    this.#ports = ports;
  }

  /**
   * Reads the disk. Whatever lies behind a record that cannot be read here (an earlier version's, compressed) is left to a page: it
   * may belong to the same conversation, and would overtake it.
   */
  async refresh(): Promise<void> {
    const { entries, unreadable } = await readQueue(this.#ports);
    const end = Math.min(Infinity, ...unreadable);
    this.#entries = entries.filter(({ number }) => number < end).sort((a, b) => a.order - b.order);
  }

  /** In the order of signing, as last read. */
  entries(): Promise<QueueEntry[]> {
    return Promise.resolve([...this.#entries]);
  }

  /** Takes down answers; an entry that the person has given up meanwhile stays gone. */
  async append(events: readonly LocalEvent[]): Promise<void> {
    const answers = new Map(events.flatMap(answerOf));
    const answered = this.#entries.flatMap((entry) => {
      const answer = answers.get(keyOf(entry));
      return answer ? [{ ...entry, answer }] : [];
    });
    const { disk, vessel } = this.#ports;
    await disk.write({
      answeredOutbox: await Promise.all(answered.map((entry) => sealEntry(vessel, entry))),
    });
    const byNumber = new Map(answered.map((entry) => [entry.number, entry]));
    this.#entries = this.#entries.map((entry) => byNumber.get(entry.number) ?? entry);
  }
}

const keyOf = ({ id, relay }: { readonly id: string; readonly relay: string }): string => `${relay} ${id}`;

const answerOf = (event: LocalEvent): [string, NonNullable<QueueEntry['answer']>][] => {
  if (event.type === 'EventAccepted') return [[keyOf(event), { accepted: true, words: event.note }]];
  if (event.type === 'EventRejected') return [[keyOf(event), { accepted: false, words: event.reason }]];
  return [];
};

/** Opens the queue of a profile by what the register says of it. Close it when done. */
export const openDeviceQueue = ({
  id,
  deviceKey,
}: Pick<ProfileRecord, 'id' | 'deviceKey'>): { readonly queue: DeviceQueue; close(): void } => {
  const disk = new DexieDisk(databaseOf(id));
  const vessel = new Vessel(deviceSealer(deviceKey, { profile: id }), new Packer(undefined));
  return { queue: new DeviceQueue({ disk, vessel }), close: () => disk.close() };
};

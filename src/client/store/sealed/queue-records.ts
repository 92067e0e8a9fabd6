/** The queue's records on the disk: signed events, sealed with a key of the device. */
import { isRecord } from '#shared/json.ts';
import type { QueueEntry } from '../queue.ts';
import type { Disk, OutboxRecord } from './disk.ts';
import type { Vessel } from './vessel.ts';

const TABLE = 'outbox';

/** An entry with the number of its record. */
export type Numbered = QueueEntry & { readonly number: number };

export interface QueueOnDisk {
  readonly disk: Pick<Disk, 'outbox'>;
  /** Seals with the device's key. */
  readonly vessel: Vessel;
}

export interface ReadQueue {
  readonly entries: readonly Numbered[];
  /** Numbers of records that could not be opened. */
  readonly unreadable: readonly number[];
}

/** Everything that lies in the queue. */
export const readQueue = async ({ disk, vessel }: QueueOnDisk): Promise<ReadQueue> => {
  const records = await disk.outbox();
  const taken = await Promise.all(
    records.map(({ number, sealed }) => vessel.take({ table: TABLE, key: number }, sealed)),
  );
  const entries: Numbered[] = [];
  const unreadable: number[] = [];
  records.forEach(({ number }, at) => {
    const value = taken[at]?.ok ? taken[at].value : undefined;
    if (isEntry(value)) entries.push({ ...value, number });
    else unreadable.push(number);
  });
  return { entries, unreadable };
};

/** An entry as it goes to the disk. */
export const sealEntry = async (vessel: Vessel, { number, ...entry }: Numbered): Promise<OutboxRecord> => ({
  number,
  sealed: await vessel.put({ table: TABLE, key: number }, entry),
});

const isEntry = (value: unknown): value is QueueEntry =>
  isRecord(value) &&
  ['id', 'relay', 'conversation', 'reason'].every((name) => typeof value[name] === 'string') &&
  typeof value['order'] === 'number' &&
  (value['state'] === 'waiting' || value['state'] === 'refused') &&
  isRecord(value['event']) &&
  (value['after'] === undefined || isTexts(value['after'])) &&
  (value['answer'] === undefined || isAnswer(value['answer']));

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isAnswer = (value: unknown): boolean =>
  isRecord(value) && typeof value['accepted'] === 'boolean' && typeof value['words'] === 'string';

/** What lies in IndexedDB. Generic: a feature's new table is new rows, never a new schema. */
import { Dexie } from 'dexie';
import type { Table } from 'dexie';
import type { LocalEvent } from '../local-events.ts';
import type { StoredRow } from '../rows.ts';
import type { QueueEntry } from '../queue.ts';

/** Goes up when the layout changes so that an older app must not write any more. */
export const EPOCH = 1;

export interface LogRecord {
  readonly seq: number;
  readonly key?: string;
  readonly event: LocalEvent;
}

interface MetaRecord {
  readonly name: string;
  readonly value: unknown;
}

export interface ProjectionState {
  readonly version: number;
  readonly tables: readonly string[];
  /** The last log number that its rows know of; below the log's own while it is being rebuilt. */
  readonly cursor: number;
}

/** One record in `meta`, read and written by every write transaction. */
export interface LogState {
  readonly epoch: number;
  /** The log's last number; numbers start at 1 and have no gaps. */
  readonly seq: number;
  readonly projections: Readonly<Record<string, ProjectionState>>;
}

/** The tables of one profile; within a transaction they are bound to it. */
export interface Tables {
  readonly log: Table<LogRecord, number>;
  readonly rows: Table<StoredRow, [string, string]>;
  readonly meta: Table<MetaRecord, string>;
  readonly outbox: Table<QueueEntry, [string, string]>;
}

/** The tables within a transaction. */
export interface Transacted extends Tables {
  /** Of these keys, the ones that the log has. */
  known(keys: readonly string[]): Promise<Set<string>>;
}

export interface Database extends Tables {
  readonly dexie: Dexie;
}

const NAMES = ['log', 'rows', 'meta', 'outbox'] as const;

const tablesOf = (owner: { table(name: string): Table }): Tables => ({
  log: owner.table('log'),
  rows: owner.table('rows'),
  meta: owner.table('meta'),
  outbox: owner.table('outbox'),
});

/** Declares the database; Dexie opens it with the first use. */
export const declareDatabase = (name: string): Database => {
  const dexie = new Dexie(name, { chromeTransactionDurability: 'relaxed' });
  dexie.version(EPOCH).stores({
    log: 'seq, &key',
    rows: '[t+i], [t+p+o+i]',
    meta: 'name',
    outbox: '[id+relay], id',
  });
  return { dexie, ...tablesOf(dexie) };
};

/**
 * One transaction. The work gets tables bound to it: Dexie's own ambient transaction is lost after a hundred awaits
 * without a read, and a batch of projections has more.
 */
export const transact = <T>(
  { dexie }: Database,
  mode: 'r' | 'rw',
  work: (tables: Transacted) => Promise<T>,
): Promise<T> =>
  dexie.transaction(mode, [...NAMES], async (transaction) =>
    work({
      ...tablesOf(transaction),
      known: (keys) => knownKeys(transaction.idbtrans.objectStore('log').index('key'), keys),
    }),
  );

/** Plain IndexedDB requests, all under way at once: a quarter of what as many Dexie queries cost. */
const knownKeys = (index: IDBIndex, keys: readonly string[]): Promise<Set<string>> =>
  new Promise((resolve, reject) => {
    const known = new Set<string>();
    let left = keys.length;
    if (left === 0) resolve(known);
    for (const key of keys) {
      const request = index.getKey(key);
      request.onerror = () => reject(request.error as DOMException);
      request.onsuccess = () => {
        if (request.result !== undefined) known.add(key);
        left -= 1;
        if (left === 0) resolve(known);
      };
    }
  });

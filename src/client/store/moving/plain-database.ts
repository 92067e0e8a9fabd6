/** What the first version of the app kept, in a database that sealed nothing: read once, sealed, and removed. */
import { Dexie } from 'dexie';
import { isRecord } from '#shared/json.ts';
import type { LocalEvent } from '../local-events.ts';
import type { Store } from '../store.ts';

export interface Moving {
  /** The earlier database. */
  readonly database: string;
  /** What a small thing kept under this name is now; undefined: nothing. */
  readonly meta: (name: string, value: unknown) => Promise<unknown>;
  /** Local events moved, and of how many. */
  readonly progress: (done: number, total: number) => void;
}

/** Log events a transaction. */
const STEP = 1000;
const OWN = 'own ';

/**
 * Takes everything from the earlier database into this store, then removes it. Cut off in the middle it begins anew: what is in the
 * log already is known there, and a setting said twice is the same setting. False when there is none.
 */
export const movePlainDatabase = async (store: Store, moving: Moving): Promise<boolean> => {
  if (!(await Dexie.exists(moving.database))) return false;
  const dexie = await new Dexie(moving.database).open();
  try {
    if (dexie.tables.some(({ name }) => name === 'log')) await moveLog(dexie, store, moving);
    if (dexie.tables.some(({ name }) => name === 'meta')) await moveMeta(dexie, store, moving);
  } finally {
    dexie.close();
  }
  await Dexie.delete(moving.database);
  return true;
};

const moveLog = async (dexie: Dexie, store: Store, { progress }: Moving): Promise<void> => {
  const log = dexie.table<{ readonly seq: number; readonly event: LocalEvent }, number>('log');
  const total = await log.count();
  let done = 0;
  for (let last = 0; ;) {
    const records = await log.where('seq').above(last).limit(STEP).toArray();
    const end = records.at(-1);
    if (!end) return;
    await store.append(records.map(({ event }) => event));
    last = end.seq;
    done += records.length;
    progress(done, total);
  }
};

const moveMeta = async (dexie: Dexie, store: Store, { meta }: Moving): Promise<void> => {
  for (const record of await dexie.table<unknown>('meta').toArray()) {
    if (!isRecord(record) || typeof record['name'] !== 'string' || !record['name'].startsWith(OWN)) continue;
    const name = record['name'].slice(OWN.length);
    const value = await meta(name, record['value']);
    if (value !== undefined) await store.writeMeta(name, value);
  }
};

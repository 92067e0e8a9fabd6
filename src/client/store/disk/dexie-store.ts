/**
 * The store on IndexedDB. One write transaction: check the epoch, drop what is known, append to the log, project, move
 * the cursors. Nothing but IndexedDB is awaited inside one, or another tab's commit could come between.
 */
import { acceptedPrefix, logKey } from '../log-keys.ts';
import type { LocalEvent } from '../local-events.ts';
import { claimTables } from '../projecting.ts';
import type { Projection } from '../projection.ts';
import type { Queue } from '../queue.ts';
import type { Touched } from '../rows.ts';
import { StoreError } from '../store-error.ts';
import type { AppendReport, Store } from '../store.ts';
import type { PartQuery, Table, Watched } from '../table.ts';
import { Watchers } from '../watchers.ts';
import type { TabChannel } from '../watchers.ts';
import { declareDatabase, transact } from './database.ts';
import type { Database, LogRecord, Transacted } from './database.ts';
import { applyToQueue, DexieQueue, QUEUE_TABLE } from './dexie-queue.ts';
import { DexieRows } from './dexie-rows.ts';
import { FailureCount } from '../failure-count.ts';
import { isLostConnection } from './lost-connection.ts';
import { advanced, readLogState, upToDate, writeLogState } from './log-state.ts';
import { commitOverlay, project, Rebuilding } from './rebuilding.ts';
import type { Progress } from './rebuilding.ts';

export interface StoreOptions {
  /** One database a profile. */
  readonly name: string;
  readonly projections: readonly Projection[];
  /** How tabs tell each other of changes. */
  readonly channel?: TabChannel;
  /** Rebuilding after a projection's new version, while opening. */
  readonly progress?: Progress;
}

/** Opens a profile's store; rows of changed projections are rebuilt before it resolves. */
export const openStore = async (options: StoreOptions): Promise<DexieStore> => {
  const store = new DexieStore(options);
  await store.prepare(options.progress);
  return store;
};

export class DexieStore implements Store {
  readonly queue: Queue;
  /** Projections that threw, and how often. */
  readonly failures = new FailureCount();
  readonly #database: Database;
  readonly #rows: DexieRows;
  readonly #projections: readonly Projection[];
  readonly #watchers: Watchers;
  readonly #rebuilding: Rebuilding;
  #closed = false;

  constructor({ name, projections, channel }: StoreOptions) {
    claimTables(projections);
    this.#database = declareDatabase(name);
    this.#rows = new DexieRows(this.#database);
    this.#projections = projections;
    this.#watchers = new Watchers(channel ?? new BroadcastChannel(`store ${name}`));
    this.#rebuilding = new Rebuilding(this.#database, projections, this.failures.report);
    this.queue = new DexieQueue(this.#database, this.#watchers);
  }

  /** Adopts this app's projections, replaying the log for new and changed ones. */
  async prepare(progress?: Progress): Promise<void> {
    this.#watchers.tell(await this.#rebuilding.run({ all: false, progress }));
  }

  async append(events: readonly LocalEvent[]): Promise<AppendReport> {
    const { report, touched } = await this.#write((tables) => this.#appendWithin(tables, events));
    this.#watchers.tell(touched);
    return report;
  }

  /** Of these keys (`logKey`), the ones that the log has. */
  async known(keys: readonly string[]): Promise<Set<string>> {
    return transact(this.#database, 'r', (tables) => tables.known(keys));
  }

  /** What a relay said when it accepted the event; undefined when none has. */
  async acceptanceOf(id: string): Promise<string | undefined> {
    const record = await this.#database.log.where('key').startsWith(acceptedPrefix(id)).first();
    return record?.event.type === 'EventAccepted' ? record.event.note : undefined;
  }

  async get<Row>(table: Table<Row>, id: string): Promise<Row | undefined> {
    return (await this.getMany(table, [id]))[0];
  }
  async getMany<Row>(table: Table<Row>, ids: readonly string[]): Promise<(Row | undefined)[]> {
    return (await this.#rows.getMany(table.name, ids)).map((row) => row?.v as Row | undefined);
  }
  async all<Row>(table: Table<Row>): Promise<Row[]> {
    return (await this.#rows.all(table.name)).map((row) => row.v as Row);
  }
  async part<Row>(table: Table<Row>, query: PartQuery): Promise<Row[]> {
    return (await this.#rows.part(table.name, query)).map((row) => row.v as Row);
  }
  count<Row>(table: Table<Row>, part: string): Promise<number> {
    return this.#rows.count(table.name, part);
  }

  watch(watched: readonly Watched[], changed: () => void): () => void {
    return this.#watchers.watch(watched, changed);
  }

  async readMeta(name: string): Promise<unknown> {
    return (await this.#database.meta.get(`own ${name}`))?.value;
  }

  async writeMeta(name: string, value: unknown): Promise<void> {
    await this.#write(async (tables) => {
      await readLogState(tables, this.#projections);
      await tables.meta.put({ name: `own ${name}`, value });
    });
  }

  async rebuild(progress?: Progress): Promise<void> {
    this.#watchers.tell(await this.#rebuilding.run({ all: true, progress }));
  }

  async wipe(): Promise<void> {
    // Cleared, not deleted: whoever writes at the same time writes before or after, and nobody's database goes away under them.
    const { dexie } = this.#database;
    await dexie.transaction('rw', dexie.tables, (transaction) =>
      Promise.all(dexie.tables.map(({ name }) => transaction.table(name).clear())),
    );
    const tables = this.#projections.flatMap((one) => one.tables.map((table) => ({ table: table.name })));
    this.#watchers.tell([...tables, { table: QUEUE_TABLE }]);
  }

  close(): void {
    this.#closed = true;
    this.#watchers.close();
    this.#database.dexie.close();
  }

  /** A write transaction; once more over a fresh connection when the browser lost the old one. */
  async #write<T>(work: (tables: Transacted) => Promise<T>): Promise<T> {
    const { dexie } = this.#database;
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
    try {
      return await transact(this.#database, 'rw', work);
    } catch (cause) {
      if (!isLostConnection(cause) || this.#closed) throw cause;
      dexie.close();
      await dexie.open();
      return transact(this.#database, 'rw', work);
    }
  }

  async #appendWithin(
    tables: Transacted,
    events: readonly LocalEvent[],
  ): Promise<{ report: AppendReport; touched: Touched[] }> {
    const state = await readLogState(tables, this.#projections);
    const records = await unknownOf(tables, events, state.seq);
    const fresh = records.map((record) => record.event);
    const last = state.seq + records.length;
    const report = { appended: records.length, duplicates: events.length - records.length };
    if (records.length === 0) return { report, touched: [] };
    await tables.log.bulkAdd(records);
    const current = upToDate(state, this.#projections);
    const overlay = await project(tables, current, fresh, this.failures.report);
    const touched = await commitOverlay(tables, overlay);
    for (const { event, seq } of records)
      if (await applyToQueue(tables, event, seq)) touched.push({ table: QUEUE_TABLE });
    await writeLogState(tables, { ...advanced(state, current, last), seq: last });
    return { report, touched };
  }
}

/** The events that are not yet in the log, numbered on from its last. */
const unknownOf = async (
  tables: Transacted,
  events: readonly LocalEvent[],
  last: number,
): Promise<LogRecord[]> => {
  const keys = events.map(logKey);
  const known = await tables.known([...new Set(keys.filter((key) => key !== undefined))]);
  const records: LogRecord[] = [];
  events.forEach((event, index) => {
    const key = keys[index];
    if (key !== undefined && known.has(key)) return;
    if (key !== undefined) known.add(key);
    const seq = last + records.length + 1;
    records.push(key === undefined ? { seq, event } : { seq, key, event });
  });
  return records;
};

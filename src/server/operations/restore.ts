/** Brings a backup into an empty city: checked line by line, all of it or nothing. */
import { sql } from 'kysely';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { hasValidId } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Database } from '../db/database.ts';
import { isMigration, migrateTo, migrateUp } from '../db/migrate.ts';
import { VerifyThread } from '../ledger/verify-thread.ts';
import { toEvent, toRow } from '../store/rows.ts';
import type { StoredRow } from '../store/rows.ts';
import type { BackupEnd, BackupReport } from './backup.ts';
import { readBackup, Refusal } from './backup-lines.ts';
import type { BackupLine } from './backup-lines.ts';
import { countRows, listTables, writeRows, writeSequences } from './contents.ts';
import type { TableShape } from './contents.ts';
import type { Keys } from './key-files.ts';
import { MerkleRoot } from './merkle.ts';

export interface RestoreOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (rows: number) => void;
  /** Hears the keys in the file before anything is written; a sentence stops the restoring. */
  readonly refuseKeys?: (keys: Keys) => string | undefined;
}

export interface RestoreReport extends BackupReport {
  readonly keys: Keys | undefined;
}

const BATCH_ROWS = 500;
const BATCH_TEXT = 1024 * 1024;

/** An event row says of itself what the event says: id, place, address, end. Signatures are checked apart. */
const readEvent = (text: string): NostrEvent => {
  const row = JSON.parse(text) as StoredRow;
  const event = toEvent(row);
  const right = toRow(event);
  const fits = (['group_id', 'identifier', 'expires_at'] as const).every((name) => right[name] === row[name]);
  if (!hasValidId(event) || !fits)
    throw new Refusal('This backup is damaged: it holds an event that is not what its id says.');
  return event;
};

/** Writes rows in batches and checks what can be checked. */
class Reader {
  readonly counts: Record<string, number> = {};
  readonly #db: Database;
  readonly #tables: ReadonlyMap<string, TableShape>;
  readonly #options: RestoreOptions;
  readonly #verifying: VerifyThread;
  readonly #tree = new MerkleRoot();
  #table: TableShape | undefined;
  #rows: string[] = [];
  #text = 0;
  #written = 0;
  #checking: Promise<unknown> = Promise.resolve();

  constructor(db: Database, tables: readonly TableShape[], verifying: VerifyThread, options: RestoreOptions) {
    this.#db = db;
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.#verifying = verifying;
    this.#options = options;
  }

  get root(): string {
    return this.#tree.root();
  }

  async take(line: BackupLine): Promise<void> {
    switch (line.type) {
      case 'head':
        return;
      case 'table':
        return this.#open(line.name, line.columns);
      case 'row':
        return this.#add(line.row);
      case 'sequences':
        await this.#flush();
        return writeSequences(this.#db, line.sequences);
      case 'end':
        await this.#flush();
        await this.#checking;
        return this.#compare(line.end);
    }
  }

  async #open(name: string, columns: readonly string[]): Promise<void> {
    await this.#flush();
    const table = this.#tables.get(name);
    if (!table || !columns.every((column) => table.columns.includes(column)))
      throw new Refusal(`This backup holds a table that this version does not know: ${name}.`);
    this.#table = { ...table, columns };
    this.counts[name] = 0;
  }

  async #add(row: string): Promise<void> {
    this.#rows.push(row);
    this.#text += row.length;
    if (this.#rows.length >= BATCH_ROWS || this.#text >= BATCH_TEXT) await this.#flush();
  }

  async #flush(): Promise<void> {
    const [rows, table] = [this.#rows, this.#table];
    [this.#rows, this.#text] = [[], 0];
    if (rows.length === 0) return;
    if (!table) throw new Refusal('This backup is damaged: it holds rows of no table.');
    this.#options.signal?.throwIfAborted();
    if (table.name === 'events') await this.#check(rows);
    await writeRows(this.#db, table, rows);
    this.counts[table.name] = (this.counts[table.name] ?? 0) + rows.length;
    this.#options.onProgress?.((this.#written += rows.length));
  }

  /** Signatures of one batch are checked while the next is written. */
  async #check(rows: readonly string[]): Promise<void> {
    const events = rows.map(readEvent);
    for (const { id } of events) this.#tree.add(id);
    await this.#checking;
    this.#checking = this.#verifying.verify(events).then((sound) => {
      if (sound.includes(false))
        throw new Refusal('This backup is damaged: it holds a signature that does not hold.');
    });
    this.#checking.catch(() => undefined); // seen at the next batch or at the end
  }

  #compare({ counts, root }: BackupEnd): void {
    const same = Object.entries(counts).every(([name, count]) => this.counts[name] === count);
    if (!same || Object.keys(counts).length !== Object.keys(this.counts).length || root !== this.root)
      throw new Refusal('This backup is damaged: it does not hold what its end says.');
  }
}

const requireEmpty = async (db: Database): Promise<void> => {
  for (const { name } of await listTables(db))
    if ((await countRows(db, name)) > 0)
      throw new Refusal('This city is not empty; a backup is restored into an empty one only.');
};

const restoreInto = async (
  db: Database,
  path: string,
  options: RestoreOptions,
  verifying: VerifyThread,
): Promise<RestoreReport> => {
  await migrateUp(db);
  await requireEmpty(db);
  const lines = readBackup(path);
  const first = await lines.next();
  if (first.done || first.value.type !== 'head') throw new Refusal('This file is no backup of a city.');
  const { schema, keys } = first.value.head;
  const refusal = keys && options.refuseKeys?.(keys);
  if (refusal !== undefined) throw new Refusal(refusal);
  if (!isMigration(schema))
    throw new Refusal('This backup was made by a newer version of the city; update first.');
  await migrateTo(db, schema);
  const reader = await db.transaction().execute(async (transaction) => {
    await sql`select set_config('statement_timeout', '0', true)`.execute(transaction);
    const into = new Reader(transaction, await listTables(transaction), verifying, options);
    for await (const line of lines) await into.take(line);
    return into;
  });
  await migrateUp(db);
  await sql`analyze`.execute(db);
  return { counts: reader.counts, root: reader.root, keys };
};

/** Restores a backup; the database stays empty when anything is wrong with it. */
export const restoreBackup = async (
  db: Database,
  path: string,
  options: RestoreOptions = {},
): Promise<Result<RestoreReport, Failure<'restore'>>> => {
  const verifying = new VerifyThread();
  try {
    return ok(await restoreInto(db, path, options, verifying));
  } catch (cause) {
    await migrateUp(db).catch(() => undefined);
    if (cause instanceof Refusal) return fail('restore', cause.message);
    if (options.signal?.aborted) return fail('restore', 'Stopped; the city is as empty as before.');
    return fail('restore', `The backup could not be restored: ${String((cause as Error).message)}`, cause);
  } finally {
    await verifying.close();
  }
};

/**
 * Moves an embedded city to a PostgreSQL. Chunk by chunk: each is written together with how far the move is, so it goes on where it
 * was stopped, however it was stopped. At the end both sides are compared. The source is only read.
 */
import { sql } from 'kysely';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Database } from '../db/database.ts';
import { migrateTo, migrateUp, schemaOf } from '../db/migrate.ts';
import { Refusal } from './backup-lines.ts';
import {
  countRows,
  listTables,
  MOVE_TABLE,
  readChunk,
  readSequences,
  rootOf,
  writeRows,
  writeSequences,
} from './contents.ts';
import type { TableShape } from './contents.ts';
import { isHalfMoved, tableNames } from './databases.ts';

export interface MoveOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (rows: number) => void;
}

export interface MoveReport {
  readonly counts: Readonly<Record<string, number>>;
  /** Over the ids of all events in their order of acceptance, the same on both sides. */
  readonly root: string;
  /** True when an earlier move was taken up. */
  readonly resumed: boolean;
}

const progress = sql.table(MOVE_TABLE);
/** Lines of the progress that are no tables: which source it is of; that everything is there and compared. */
const SOURCE = ' source';
const COMPARED = ' compared';

const note = async (target: Database, name: string, next: number, said = ''): Promise<void> => {
  await sql`insert into ${progress} (name, next, said) values (${name}, ${next}, ${said})
    on conflict (name) do update set next = excluded.next, said = excluded.said`.execute(target);
};

/** What a source is known by: as long as it is the same, nothing was written there since. */
const fingerprintOf = async (source: Database): Promise<string> => {
  const tree = await rootOf(source);
  return `${(await schemaOf(source)) ?? ''} ${tree.count} ${tree.root()}`;
};

const begin = async (target: Database, fingerprint: string): Promise<void> => {
  if ((await tableNames(target)).length > 0)
    throw new Refusal(
      'The target is not empty, and nothing there says that a move was begun; name an empty database.',
    );
  await target.transaction().execute(async (transaction) => {
    await sql`create table ${progress} (name text primary key, next bigint not null, said text not null)`.execute(
      transaction,
    );
    await note(transaction, SOURCE, 0, fingerprint);
  });
};

const checkSource = async (target: Database, fingerprint: string): Promise<void> => {
  const { rows } = await sql<{ said: string }>`select said from ${progress} where name = ${SOURCE}`.execute(
    target,
  );
  if (rows[0]?.said !== fingerprint)
    throw new Refusal(
      'The target holds part of another city, or this one has been open since the move began; name an empty database.',
    );
};

const nextOf = async (target: Database, name: string): Promise<number> => {
  const { rows } = await sql<{
    next: string;
  }>`select next::text from ${progress} where name = ${name}`.execute(target);
  return Number(rows[0]?.next ?? 0);
};

class Mover {
  readonly #source: Database;
  readonly #target: Database;
  readonly #options: MoveOptions;
  #moved = 0;

  constructor(source: Database, target: Database, options: MoveOptions) {
    this.#source = source;
    this.#target = target;
    this.#options = options;
  }

  /** The next chunk is read while the last one is written. */
  async moveTable(table: TableShape): Promise<void> {
    const begun = await nextOf(this.#target, table.name);
    let reading = readChunk(this.#source, table, begun);
    for (let chunk = await reading; chunk; chunk = await reading) {
      this.#options.signal?.throwIfAborted();
      reading = readChunk(this.#source, table, chunk.next);
      reading.catch(() => undefined); // seen when it is awaited
      await this.#write(table, chunk.rows, chunk.next);
      this.#options.onProgress?.((this.#moved += chunk.rows.length));
    }
  }

  #write(table: TableShape, rows: readonly string[], next: number): Promise<void> {
    return this.#target.transaction().execute(async (transaction) => {
      await writeRows(transaction, table, rows);
      await note(transaction, table.name, next);
    });
  }
}

const compare = async (source: Database, target: Database): Promise<Omit<MoveReport, 'resumed'>> => {
  const counts: Record<string, number> = {};
  for (const { name } of await listTables(source)) {
    counts[name] = await countRows(source, name);
    const there = await countRows(target, name);
    if (there !== counts[name])
      throw new Refusal(
        `The target holds ${there} rows of ${name} where the city holds ${counts[name]}; name an empty database.`,
      );
  }
  const [here, there] = [await rootOf(source), await rootOf(target)];
  if (here.root() !== there.root())
    throw new Refusal('The target does not hold the same events; name an empty database.');
  return { counts, root: here.root() };
};

const fill = async (source: Database, target: Database, options: MoveOptions) => {
  await migrateTo(target, (await schemaOf(source)) ?? '');
  const mover = new Mover(source, target, options);
  for (const table of await listTables(source)) await mover.moveTable(table);
  await writeSequences(target, await readSequences(source));
  const report = await compare(source, target);
  await note(target, COMPARED, 1, JSON.stringify(report));
};

const move = async (source: Database, target: Database, options: MoveOptions): Promise<MoveReport> => {
  const fingerprint = await fingerprintOf(source);
  const resumed = await isHalfMoved(target);
  if (resumed) await checkSource(target, fingerprint);
  else await begin(target, fingerprint);
  // Once compared, the target takes the newest schema and must not go back from it.
  if ((await nextOf(target, COMPARED)) === 0) await fill(source, target, options);
  const { rows } = await sql<{ said: string }>`select said from ${progress} where name = ${COMPARED}`.execute(
    target,
  );
  await migrateUp(target);
  await sql`analyze`.execute(target);
  await sql`drop table ${progress}`.execute(target);
  return { ...(JSON.parse(rows[0]?.said ?? '{}') as Omit<MoveReport, 'resumed'>), resumed };
};

/** Moves a city that does not run into an empty database, or goes on with a move into it. */
export const moveCity = async (
  source: Database,
  target: Database,
  options: MoveOptions = {},
): Promise<Result<MoveReport, Failure<'move'>>> => {
  try {
    return ok(await move(source, target, options));
  } catch (cause) {
    if (cause instanceof Refusal) return fail('move', cause.message);
    if (options.signal?.aborted) return fail('move', 'Stopped; the same command goes on from here.');
    return fail(
      'move',
      `The move stopped: ${String((cause as Error).message)}. The same command goes on from here.`,
      cause,
    );
  }
};

/**
 * A whole city in one file: gzip over lines of JSON. Lists are about the file (`backup`, `table`, `sequences`, `end`), objects are rows
 * of the table named last. The last line counts everything, so that a file that was cut or changed is known.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Database } from '../db/database.ts';
import { schemaOf } from '../db/migrate.ts';
import { listTables, readChunk, readSequences } from './contents.ts';
import type { TableShape } from './contents.ts';
import type { Keys } from './key-files.ts';
import { MerkleRoot } from './merkle.ts';

export const FORMAT = 'synchrono-city';
export const FORMAT_VERSION = 1;

/** The file's first line. */
export interface BackupHead {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** The newest migration of the database. */
  readonly schema: string;
  /** Unix seconds. */
  readonly made: number;
  readonly keys?: Keys;
}

/** The file's last line. */
export interface BackupEnd {
  readonly counts: Readonly<Record<string, number>>;
  /** Over the ids of all events in their order of acceptance (merkle.ts). */
  readonly root: string;
  /** SHA-256 over all lines before. */
  readonly digest: string;
}

export interface BackupOptions {
  /** Unix seconds. */
  readonly now: number;
  readonly keys?: Keys;
  readonly signal?: AbortSignal;
  /** Hears how many rows were written. */
  readonly onProgress?: (rows: number) => void;
}

export type BackupReport = Pick<BackupEnd, 'counts' | 'root'>;

/** Reads the whole city at one moment, as the file's lines. */
class Writer {
  readonly counts: Record<string, number> = {};
  readonly #digest = createHash('sha256');
  readonly #tree = new MerkleRoot();
  readonly #options: BackupOptions;
  #rows = 0;

  constructor(options: BackupOptions) {
    this.#options = options;
  }

  get root(): string {
    return this.#tree.root();
  }

  async *lines(db: Database): AsyncGenerator<string> {
    const { now, keys } = this.#options;
    const schema = (await schemaOf(db)) ?? '';
    const head: BackupHead = {
      format: FORMAT,
      version: FORMAT_VERSION,
      schema,
      made: now,
      ...(keys ? { keys } : {}),
    };
    yield this.#line(['backup', head]);
    for (const table of await listTables(db)) yield* this.#table(db, table);
    yield this.#line(['sequences', await readSequences(db)]);
    const end: BackupEnd = { counts: this.counts, root: this.root, digest: this.#digest.digest('hex') };
    yield `${JSON.stringify(['end', end])}\n`;
  }

  async *#table(db: Database, table: TableShape): AsyncGenerator<string> {
    yield this.#line(['table', table.name, table.columns]);
    let count = 0;
    for (let chunk = await readChunk(db, table, 0); chunk; chunk = await readChunk(db, table, chunk.next)) {
      count += chunk.rows.length;
      if (chunk.rows.length > 0) yield this.#take(`${chunk.rows.join('\n')}\n`);
      if (table.name === 'events')
        for (const row of chunk.rows) this.#tree.add((JSON.parse(row) as { event_id: string }).event_id);
      this.#options.onProgress?.((this.#rows += chunk.rows.length));
    }
    this.counts[table.name] = count;
  }

  #line(value: unknown): string {
    return this.#take(`${JSON.stringify(value)}\n`);
  }

  #take(text: string): string {
    this.#digest.update(text);
    return text;
  }
}

const settle = async (path: string): Promise<void> => {
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
};

const failed = (path: string, cause: unknown, signal?: AbortSignal): Result<never, Failure<'backup'>> =>
  signal?.aborted
    ? fail('backup', 'Stopped; no backup was written.')
    : fail(
        'backup',
        `The backup could not be written to ${path}: ${String((cause as Error).message)}`,
        cause,
      );

/** Writes the city to a file, whole or not at all; whoever uses the database meanwhile goes on. */
export const writeBackup = async (
  db: Database,
  path: string,
  options: BackupOptions,
): Promise<Result<BackupReport, Failure<'backup'>>> => {
  const unfinished = `${path}.unfinished`;
  const writer = new Writer(options);
  try {
    await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((moment) =>
        pipeline(
          writer.lines(moment),
          createGzip({ level: 6 }),
          createWriteStream(unfinished, { mode: 0o600 }),
          options.signal ? { signal: options.signal } : {},
        ),
      );
    await settle(unfinished);
    await rename(unfinished, path);
    return ok({ counts: writer.counts, root: writer.root });
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    return failed(path, cause, options.signal);
  }
};

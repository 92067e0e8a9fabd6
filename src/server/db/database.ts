/** Opens the database: embedded in a folder (or in memory), or a PostgreSQL; same schema, same questions. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { silentLog } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';
import { openEmbedded } from './embedded.ts';
import { openPostgres } from './postgres.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

export interface DatabaseOptions {
  readonly databaseUrl?: string;
  /** Folder for the embedded database; undefined: in memory. */
  readonly dataDir?: string;
  readonly template?: string;
  /** Hears of lost connections. */
  readonly log?: Log;
}

export interface OpenDatabase {
  readonly db: Database;
  /** What it is and where, for people. */
  readonly place: string;
  close(): Promise<void>;
}

const openFolder = async (options: DatabaseOptions): Promise<Result<OpenDatabase, Failure<'database'>>> => {
  const folder = options.dataDir === undefined ? undefined : join(options.dataDir, 'pglite');
  const fresh = folder === undefined || !existsSync(join(folder, 'PG_VERSION'));
  const template = fresh && options.template && existsSync(options.template) ? options.template : undefined;
  try {
    const pool = await openEmbedded({
      ...(folder ? { dataDir: folder } : {}),
      ...(template ? { template } : {}),
    });
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    return ok({ db, place: folder ?? 'memory', close: () => db.destroy() });
  } catch (cause) {
    return fail(
      'database',
      `The database in ${folder ?? 'memory'} cannot be opened: ${String((cause as Error).message)}`,
      cause,
    );
  }
};

/** Opens what the options name; fails with one sentence. Migrations are the caller's next step. */
export const openDatabase = async (
  options: DatabaseOptions,
): Promise<Result<OpenDatabase, Failure<'database'>>> => {
  if (options.databaseUrl === undefined) return openFolder(options);
  const opened = await openPostgres(options.databaseUrl, options.log ?? silentLog);
  if (!opened.ok) return opened;
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: opened.value }) });
  return ok({ db, place: new URL(options.databaseUrl).host, close: () => db.destroy() });
};

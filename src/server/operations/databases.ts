/** Databases as the operator's commands open them: without a running city's ceremonies, and with all the time it takes. */
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { OpenDatabase } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { MOVE_TABLE } from './contents.ts';

/** Connects to a PostgreSQL beside whoever else uses it. Fails with one sentence that holds no password. */
export const openServer = async (url: string): Promise<Result<OpenDatabase, Failure<'database'>>> => {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const place = new URL(url).host;
  try {
    await sql`select 1`.execute(db);
  } catch (cause) {
    await db.destroy();
    return fail(
      'database',
      `The database on ${place} does not answer: ${String((cause as Error).message)}`,
      cause,
    );
  }
  return ok({ db, place, close: () => db.destroy() });
};

/** Names of the tables in the database's schema. Throws on I/O. */
export const tableNames = async (db: Kysely<Tables>): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = current_schema()::regnamespace
    and relkind in ('r', 'p', 'm', 'v') order by 1`.execute(db);
  return rows.map(({ name }) => name);
};

/** True while a move into this database is not finished. Throws on I/O. */
export const isHalfMoved = async (db: Kysely<Tables>): Promise<boolean> =>
  (await tableNames(db)).includes(MOVE_TABLE);

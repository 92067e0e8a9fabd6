/** A real PostgreSQL behind the same face. */
import pg from 'pg';
import type { PoolClient } from 'pg';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';

const STATEMENT_TIMEOUT_MS = 10_000;
const ONE_SERVER = 0x53_59_4e_43; // "SYNC"
const TRIES = 9;
const TRY_EVERY_MS = 250;

export interface OpenPostgres {
  readonly pool: pg.Pool;
  /** Gives the database free for another server and ends the pool. */
  close(): Promise<void>;
}

/**
 * Connects and takes the database for this process (session advisory lock): the state of places is kept in memory, so
 * two servers on one database would disagree. Fails with one sentence.
 */
export const openPostgres = async (
  url: string,
  log: Log,
): Promise<Result<OpenPostgres, Failure<'database' | 'locked'>>> => {
  const pool = new pg.Pool({ connectionString: url, max: 10, statement_timeout: STATEMENT_TIMEOUT_MS });
  pool.on('error', (cause) => log.warn('a connection to the database was lost', causeOf(cause)));
  let keeper: PoolClient;
  try {
    keeper = await pool.connect();
  } catch (cause) {
    return fail(
      'database',
      `The database of DATABASE_URL does not answer: ${String((cause as Error).message)}`,
      cause,
    );
  }
  keeper.on('error', () => undefined);
  if (!(await takeDatabase(keeper))) {
    keeper.release();
    await pool.end();
    return fail('locked', 'The database of DATABASE_URL is in use by another server; stop it first.');
  }
  return ok({
    pool,
    close: async () => {
      // The lock would end with the connection, but only once the database has noticed; the next server may come before.
      await keeper.query('select pg_advisory_unlock($1)', [ONE_SERVER]).catch(() => undefined);
      keeper.release(true);
      await pool.end();
    },
  });
};

/** Tries for a while: the server before may have been killed a moment ago, and its connection not yet be missed. */
const takeDatabase = async (keeper: PoolClient): Promise<boolean> => {
  for (let tries = 1; ; tries++) {
    const { rows } = await keeper.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      ONE_SERVER,
    ]);
    if (rows[0]?.taken) return true;
    if (tries === TRIES) return false;
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
  }
};

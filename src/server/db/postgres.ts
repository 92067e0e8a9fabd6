/** A real PostgreSQL behind the same face. */
import pg from 'pg';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { causeOf } from '../telemetry/log.ts';
import type { Log } from '../telemetry/log.ts';

const CONNECT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** A database that hangs is given up by us a little later than it would by itself. */
const QUERY_TIMEOUT_MS = 15_000;
/** A process that froze in the middle of its turn to write must not hold up the others. */
const FROZEN_MS = 15_000;

/** Connects; fails with one sentence. */
export const openPostgres = async (url: string, log: Log): Promise<Result<pg.Pool, Failure<'database'>>> => {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: FROZEN_MS,
    keepAlive: true,
  });
  // Whoever is asking hears of it by the failed question; a client that is in use has nobody else to tell, and would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', (cause) => log.warn('a connection to the database was lost', causeOf(cause)));
  try {
    (await pool.connect()).release();
    return ok(pool);
  } catch (cause) {
    await pool.end().catch(() => undefined);
    return fail(
      'database',
      `The database of DATABASE_URL does not answer: ${String((cause as Error).message)}`,
      cause,
    );
  }
};

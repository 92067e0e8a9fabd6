/**
 * One city a database, with as many processes as it likes: each holds a shared lock in the city's name while it runs, and
 * comes in only where no other name is held. The lock ends with its connection, so nobody has to tidy up after a crash.
 */
import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { StandingLine } from './standing-line.ts';

const CITY = 0x53_59_4e_43; // "SYNC"
const TRIES = 9;
const TRY_EVERY_MS = 250;

/** A city's name as the second half of an advisory lock's key: 31 bits. */
const numberOf = (name: string): number =>
  createHash('sha256').update(name).digest().readUInt32BE() & 0x7f_ff_ff_ff;

class OtherCity extends Error {
  override readonly name = 'OtherCity';
}

const greet = async (client: Client, name: number): Promise<void> => {
  await client.query('select pg_advisory_lock_shared($1, $2)', [CITY, name]);
  const { rowCount } = await client.query(
    `select 1 from pg_locks where locktype = 'advisory' and granted and classid = $1 and objid <> $2
      and database = (select oid from pg_database where datname = current_database()) limit 1`,
    [CITY, name],
  );
  if (rowCount) throw new OtherCity('another city uses this database');
};

/** Tries for a while: the city before may have been killed a moment ago, and its connection not yet be missed. */
const openLine = async (url: string, name: number): Promise<StandingLine> => {
  for (let tries = 1; ; tries++)
    try {
      return await StandingLine.open({ url, greet: (client) => greet(client, name) });
    } catch (cause) {
      if (!(cause instanceof OtherCity) || tries === TRIES) throw cause;
      await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
    }
};

/** Takes a place among the processes of a city; fails with `locked` where another city is, `database` where nothing answers. */
export const takeStanding = async (
  url: string,
  city: string,
): Promise<Result<StandingLine, Failure<'locked' | 'database'>>> => {
  try {
    return ok(await openLine(url, numberOf(city)));
  } catch (cause) {
    return cause instanceof OtherCity
      ? fail(
          'locked',
          'The database of DATABASE_URL is in use by another city; stop it first, or give all processes of one city the same CITY_SECRET_KEY and PUSH_SECRET_KEY (or the same DATA_DIR).',
        )
      : fail(
          'database',
          `The database of DATABASE_URL does not answer: ${String((cause as Error).message)}`,
          cause,
        );
  }
};

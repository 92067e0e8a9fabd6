/** Tidying up: what has expired, what nobody owns, what was left lying half-way. Any process may, several at once too. */
import { sql } from 'kysely';
import { DAY } from '#shared/time.ts';
import type { Database } from '../../db/database.ts';
import type { BlobStore } from '../storing/blob-store.ts';
import { letGo } from './book.ts';
import { lockFile } from './locks.ts';

const STEP = 200;
/** How long an expired file is answered with 410 rather than 404, in seconds. */
const REMEMBERED = 90 * DAY;

/** One file's owners whose time is over, and the file when none is left. */
const expireFile = (db: Database, hash: string, now: number): Promise<boolean> =>
  db.transaction().execute(async (transaction) => {
    await lockFile(transaction, hash);
    await sql`delete from blob_owners where hash = ${hash} and expires_at <= ${now}::bigint`.execute(
      transaction,
    );
    if (!(await letGo(transaction, hash, now))) return false;
    await sql`insert into gone_blobs (hash, reason, at) values (${hash}, 'expired', ${now}::bigint)
      on conflict (hash) do nothing`.execute(transaction);
    return true;
  });

/** Lets go of files whose time is over; how many went. Throws on I/O. */
export const sweepExpired = async (db: Database, now: number): Promise<number> => {
  let gone = 0;
  for (;;) {
    const { rows } = await sql<{ hash: string }>`select distinct hash from blob_owners
      where expires_at <= ${now}::bigint limit ${sql.lit(STEP)}`.execute(db);
    for (const { hash } of rows) if (await expireFile(db, hash, now)) gone++;
    if (rows.length < STEP) break;
  }
  await sql`delete from gone_blobs where reason = 'expired' and at < ${now - REMEMBERED}::bigint`.execute(db);
  return gone;
};

/** Takes one hash's bytes away unless somebody owns them by now; false: the store did not answer. Throws on I/O. */
export const dropLoose = (db: Database, store: BlobStore, hash: string): Promise<boolean> =>
  db.transaction().execute(async (transaction) => {
    await lockFile(transaction, hash);
    const { rows } = await sql`select 1 from blobs where hash = ${hash}`.execute(transaction);
    if (rows.length === 0 && !(await store.remove(hash)).ok) return false;
    await sql`delete from loose_blobs where hash = ${hash}`.execute(transaction);
    return true;
  });

/** Takes bytes away that nobody owns; how many. Stops where the store does not answer: the next time goes on. Throws on I/O. */
export const sweepLoose = async (db: Database, store: BlobStore, now: number): Promise<number> => {
  for (let gone = 0; ;) {
    const { rows } = await sql<{ hash: string }>`select hash from loose_blobs
      where due <= ${now}::bigint order by due limit ${sql.lit(STEP)}`.execute(db);
    for (const { hash } of rows) {
      if (!(await dropLoose(db, store, hash))) return gone;
      gone++;
    }
    if (rows.length < STEP) return gone;
  }
};

/** What a key uploaded up to a time (Unix seconds), for whoever vanishes. Throws on I/O. */
export const ownedUntil = async (db: Database, pubkey: string, until: number): Promise<string[]> => {
  const { rows } = await sql<{ hash: string }>`select hash from blob_owners
    where pubkey = ${pubkey} and uploaded_at <= ${until}::bigint`.execute(db);
  return rows.map(({ hash }) => hash);
};

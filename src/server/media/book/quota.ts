/** How much a key, and the whole city, may keep: what is here and what is on its way. */
import { sql } from 'kysely';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Database } from '../../db/database.ts';
import { lockKey } from './locks.ts';

export interface Quotas {
  /** Bytes of one key. */
  readonly key: number;
  /** Bytes of all; undefined: as much as the disk holds. */
  readonly city?: number;
}

/** `quota`: the key's files are too many; `city-full`: the city's are. */
export type QuotaFailure = Failure<'quota' | 'city-full'>;

interface Wish {
  readonly pubkey: string;
  readonly size: number;
  /** A file that is perhaps here already. */
  readonly hash?: string;
  /** The upload that brings it. */
  readonly upload?: string;
}

interface Used {
  readonly mine: number;
  readonly all: number;
  readonly known: boolean;
}

const readUsed = async (db: Database, { pubkey, hash = '', upload = '' }: Wish): Promise<Used> => {
  const { rows } = await sql<Used>`select
    ((select coalesce(sum(b.size), 0) from blob_owners o join blobs b on b.hash = o.hash
      where o.pubkey = ${pubkey} and o.hash <> ${hash})
     + (select coalesce(sum(size), 0) from uploads where pubkey = ${pubkey} and id <> ${upload}))::float8 as mine,
    ((select coalesce(sum(size), 0) from blobs) +
     (select coalesce(sum(size), 0) from uploads where id <> ${upload}))::float8 as all,
    exists (select from blobs where hash = ${hash}) as known`.execute(db);
  return rows[0] ?? { mine: 0, all: 0, known: false };
};

/** Whether there is room for a file. A file that others have here already takes none of the city's. Throws on I/O. */
export const checkQuota = async (
  db: Database,
  quotas: Quotas,
  wish: Wish,
): Promise<Result<true, QuotaFailure>> => {
  const { mine, all, known } = await readUsed(db, wish);
  if (mine + wish.size > quotas.key)
    return fail('quota', 'your files take all the room this city gives you; delete some first');
  if (quotas.city !== undefined && !known && all + wish.size > quotas.city)
    return fail('city-full', 'the city has no room for more files');
  return ok(true);
};

/** Keeps room for an upload that begins. Throws on I/O. */
export const reserve = (
  db: Database,
  quotas: Quotas,
  { id, pubkey, size, now }: { id: string; pubkey: string; size: number; now: number },
): Promise<Result<true, QuotaFailure>> =>
  db.transaction().execute(async (transaction) => {
    await lockKey(transaction, pubkey);
    const room = await checkQuota(transaction, quotas, { pubkey, size });
    if (!room.ok) return room;
    await sql`insert into uploads (id, pubkey, size, created_at)
      values (${id}, ${pubkey}, ${size}::bigint, ${now}::bigint)`.execute(transaction);
    return ok(true);
  });

/** Gives the room back. Throws on I/O. */
export const release = async (db: Database, id: string): Promise<void> => {
  await sql`delete from uploads where id = ${id}`.execute(db);
};

/** Who began an upload; undefined: nobody did. Throws on I/O. */
export const beginnerOf = async (db: Database, id: string): Promise<string | undefined> =>
  (await db.selectFrom('uploads').select('pubkey').where('id', '=', id).executeTakeFirst())?.pubkey;

/** Forgets uploads that began before a time (Unix seconds). Throws on I/O. */
export const forgetUploads = async (db: Database, before: number): Promise<void> => {
  await sql`delete from uploads where created_at < ${before}::bigint`.execute(db);
};

/** Takes the uploads out of the book that a key began up to a time (Unix seconds); their ids. Throws on I/O. */
export const takeUploads = async (db: Database, pubkey: string, until: number): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`delete from uploads
    where pubkey = ${pubkey} and created_at <= ${until}::bigint returning id`.execute(db);
  return rows.map(({ id }) => id);
};

/**
 * What is known about files: sizes, types, owners, ends. A row in `blobs` means that the bytes are there; bytes without one are
 * noted in `loose_blobs` before they come and when they are to go, so that whatever stops half-way is tidied up (sweeping.ts).
 */
import { sql } from 'kysely';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import type { Database } from '../../db/database.ts';
import { lockFile, lockKey } from './locks.ts';
import { checkQuota } from './quota.ts';
import type { QuotaFailure, Quotas } from './quota.ts';

/** A file that is here. Times in Unix seconds. */
export interface Blob {
  readonly hash: string;
  readonly size: number;
  readonly type: string;
  readonly uploaded: number;
  /** When its last owner lets it go; absent: nobody said. */
  readonly expires?: number;
}

/** `expired`: it was here; `removed`: the operators took it away. */
export type Gone = 'expired' | 'removed';

export interface NewBlob {
  readonly hash: string;
  readonly size: number;
  readonly type: string;
  readonly pubkey: string;
  readonly expires?: number;
  /** The resumable upload that brought it: its room is not counted twice. */
  readonly upload?: string;
}

export type OwnFailure = QuotaFailure | Failure<'removed' | 'absent' | 'away' | 'full'>;

interface Row {
  readonly hash: string;
  readonly size: number;
  readonly type: string;
  readonly uploaded: number;
  readonly expires: number | null;
}

const toBlob = ({ expires, ...row }: Row): Blob => ({ ...row, ...(expires === null ? {} : { expires }) });

const REMOVED = fail('removed', 'the operators of this city have taken this file away');

export class BlobBook {
  readonly #db: Database;
  readonly #quotas: Quotas;

  constructor(db: Database, quotas: Quotas) {
    this.#db = db;
    this.#quotas = quotas;
  }

  /** What is here under a hash, why nothing is here any longer, or undefined. Throws on I/O. */
  async find(hash: string, now: number): Promise<Blob | Gone | undefined> {
    const { rows } = await sql<Row & { owned: boolean | null }>`
      select b.hash, b.size::float8 as size, b.type, b.created_at::float8 as uploaded, o.owned,
        case when o.lasting then null else o.until::float8 end as expires
      from blobs b left join lateral (
        select true as owned, bool_or(expires_at is null) as lasting, max(expires_at) as until from blob_owners
        where hash = b.hash and (expires_at is null or expires_at > ${now}::bigint) having count(*) > 0) o on true
      where b.hash = ${hash}`.execute(this.#db);
    const [row] = rows;
    if (row?.owned) {
      const { owned: _owned, ...found } = row;
      return toBlob(found);
    }
    if (row) return 'expired';
    const gone = await this.#db
      .selectFrom('gone_blobs')
      .select('reason')
      .where('hash', '=', hash)
      .executeTakeFirst();
    return gone?.reason;
  }

  /** Notes bytes that are about to come, so that they are found if nobody owns them by then. Throws on I/O. */
  async expect(hash: string, due: number): Promise<void> {
    await sql`insert into loose_blobs (hash, due) values (${hash}, ${due}::bigint)
      on conflict (hash) do update set due = greatest(loose_blobs.due, excluded.due)`.execute(this.#db);
  }

  /**
   * Makes a key an owner; true when the file is new here. `isThere` is asked, while nobody can take them away, whether the bytes
   * are; `absent` when they are not. Of two ends the later one counts. Throws on I/O.
   */
  own(
    blob: NewBlob,
    now: number,
    isThere: () => Promise<Result<boolean, Failure<'away' | 'full'>>>,
  ): Promise<Result<boolean, OwnFailure>> {
    return this.#db.transaction().execute(async (transaction) => {
      await lockKey(transaction, blob.pubkey);
      await lockFile(transaction, blob.hash);
      const gone = await sql<{
        reason: Gone;
      }>`select reason from gone_blobs where hash = ${blob.hash}`.execute(transaction);
      if (gone.rows[0]?.reason === 'removed') return REMOVED;
      const room = await checkQuota(transaction, this.#quotas, blob);
      if (!room.ok) return room;
      const known = await sql`select 1 from blobs where hash = ${blob.hash}`.execute(transaction);
      if (known.rows.length === 0) {
        const there = await isThere();
        if (!there.ok) return there;
        if (!there.value) return fail('absent', 'the bytes are not there');
      }
      await this.#write(transaction, blob, now);
      return ok(known.rows.length === 0);
    });
  }

  async #write(transaction: Database, { hash, size, type, pubkey, expires, upload }: NewBlob, now: number) {
    const end = expires ?? null;
    await sql`insert into blobs (hash, size, type, created_at)
      values (${hash}, ${size}::bigint, ${type}, ${now}::bigint) on conflict do nothing`.execute(transaction);
    await sql`insert into blob_owners (hash, pubkey, uploaded_at, expires_at)
      values (${hash}, ${pubkey}, ${now}::bigint, ${end}::bigint)
      on conflict (hash, pubkey) do update set expires_at = case
        when blob_owners.expires_at is null or excluded.expires_at is null then null
        when blob_owners.expires_at <= ${now}::bigint then excluded.expires_at
        else greatest(blob_owners.expires_at, excluded.expires_at) end`.execute(transaction);
    await sql`delete from loose_blobs where hash = ${hash}`.execute(transaction);
    await sql`delete from gone_blobs where hash = ${hash}`.execute(transaction);
    if (upload !== undefined) await sql`delete from uploads where id = ${upload}`.execute(transaction);
  }

  /** Takes a key's ownership away; false when it had none. The file goes with its last owner. Throws on I/O. */
  disown(hash: string, pubkey: string, now: number): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      await lockFile(transaction, hash);
      const { rows } = await sql`delete from blob_owners where hash = ${hash} and pubkey = ${pubkey}
        returning hash`.execute(transaction);
      if (rows.length === 0) return false;
      await letGo(transaction, hash, now);
      return true;
    });
  }

  /** An operator's decision: gone for everybody, and not taken again. Throws on I/O. */
  async ban(hash: string, now: number): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      await lockFile(transaction, hash);
      await sql`delete from blob_owners where hash = ${hash}`.execute(transaction);
      await letGo(transaction, hash, now);
      await sql`insert into gone_blobs (hash, reason, at) values (${hash}, 'removed', ${now}::bigint)
        on conflict (hash) do update set reason = 'removed', at = excluded.at`.execute(transaction);
    });
  }

  /** Takes an operator's decision back. Throws on I/O. */
  async unban(hash: string): Promise<void> {
    await this.#db
      .deleteFrom('gone_blobs')
      .where('hash', '=', hash)
      .where('reason', '=', 'removed')
      .execute();
  }

  /** Whether a key may bring a file of such a size, as things stand. Throws on I/O. */
  async hasRoom(wish: {
    readonly pubkey: string;
    readonly size: number;
    readonly hash?: string;
  }): Promise<Result<true, QuotaFailure | Failure<'removed'>>> {
    const gone = await this.#db
      .selectFrom('gone_blobs')
      .select('reason')
      .where('hash', '=', wish.hash ?? '')
      .executeTakeFirst();
    if (gone?.reason === 'removed') return REMOVED;
    return checkQuota(this.#db, this.#quotas, wish);
  }

  /** A key's own files, the newest first, those after `cursor`. Throws on I/O. */
  async list(pubkey: string, { cursor, limit, since, until, now }: Page): Promise<Blob[]> {
    const after = cursor
      ? sql`and (o.uploaded_at, o.hash) < (select uploaded_at, hash from blob_owners
          where hash = ${cursor} and pubkey = ${pubkey})`
      : sql``;
    const { rows } = await sql<Row>`
      select b.hash, b.size::float8 as size, b.type, o.uploaded_at::float8 as uploaded, o.expires_at::float8 as expires
      from blob_owners o join blobs b on b.hash = o.hash
      where o.pubkey = ${pubkey} and (o.expires_at is null or o.expires_at > ${now}::bigint)
        and o.uploaded_at between ${since}::bigint and ${until}::bigint ${after}
      order by o.uploaded_at desc, o.hash desc limit ${limit}`.execute(this.#db);
    return rows.map(toBlob);
  }

  /** Whether a key owns a file; its descriptor's time is when it came. Throws on I/O. */
  async owns(hash: string, pubkey: string): Promise<boolean> {
    const { rows } = await sql`select 1 from blob_owners where hash = ${hash} and pubkey = ${pubkey}`.execute(
      this.#db,
    );
    return rows.length > 0;
  }

  /** How many files and bytes are here. Throws on I/O. */
  async totals(): Promise<{ count: number; bytes: number }> {
    const { rows } = await sql<{ count: number; bytes: number }>`
      select count(*)::int as count, coalesce(sum(size), 0)::float8 as bytes from blobs`.execute(this.#db);
    return rows[0] ?? { count: 0, bytes: 0 };
  }
}

export interface Page {
  /** The last hash of the page before. */
  readonly cursor?: string;
  readonly limit: number;
  readonly since: number;
  readonly until: number;
  readonly now: number;
}

/** Without an owner a file is no longer here, and its bytes may go. Throws on I/O. */
export const letGo = async (transaction: Database, hash: string, now: number): Promise<boolean> => {
  const { rows } = await sql`delete from blobs where hash = ${hash}
    and not exists (select from blob_owners o where o.hash = ${hash}) returning hash`.execute(transaction);
  if (rows.length === 0) return false;
  await sql`insert into loose_blobs (hash, due) values (${hash}, ${now}::bigint)
    on conflict (hash) do update set due = excluded.due`.execute(transaction);
  return true;
};

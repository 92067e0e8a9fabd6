/** What is written when a key vanishes (NIP-62): marks that stay, its events that go or change hands. */
import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { deleteEvents, insertTags } from './plan.ts';
import { toEvent, toRow, toTagRows } from './rows.ts';
import type { EventRow } from './rows.ts';

/** The tombstone of a key: nothing of it up to that time comes (back). Its author is the key as well. */
export const vanishedTarget = (pubkey: string): string => `vanished:${pubkey}`;

/** The tombstone, by key, of a vanishing that is still being carried out. */
export const VANISHING = 'vanishing';

export interface Vanishing {
  readonly pubkey: string;
  /** Unix seconds: everything up to then. */
  readonly until: number;
}

/** An event in its place in the order of acceptance. */
export interface Placed {
  readonly row: number;
  readonly event: NostrEvent;
}

const isModeration = sql`kind between ${sql.lit(kinds.FIRST_MODERATION)} and ${sql.lit(kinds.LAST_MODERATION)}`;

/** Vanishings that are not done. Throws on I/O. */
export const pendingVanishings = async (db: Database): Promise<Vanishing[]> => {
  const { rows } = await sql<Vanishing>`select author as pubkey, deleted_at as until from tombstones
    where target = ${VANISHING}`.execute(db);
  return rows;
};

/** Done, unless the key has asked again meanwhile. Throws on I/O. */
export const endVanishing = async (db: Database, { pubkey, until }: Vanishing): Promise<void> => {
  await sql`delete from tombstones
    where target = ${VANISHING} and author = ${pubkey} and deleted_at <= ${until}`.execute(db);
};

/** The invitations of a key, in order of acceptance. Throws on I/O. */
export const findInvites = async (db: Database, { pubkey, until }: Vanishing): Promise<NostrEvent[]> => {
  const { rows } = await sql<EventRow>`
    select event_id, pubkey, created_at, kind, tags, content, sig from events
    where pubkey = ${pubkey} and kind = ${sql.lit(kinds.CREATE_INVITE)} and created_at <= ${until} order by id`.execute(
    db,
  );
  return rows.map(toEvent);
};

type Writer = Transaction<Tables>;

/** Locked, so that two processes never take over the same ones. */
const nextActions = async (db: Writer, { pubkey, until }: Vanishing, most: number): Promise<Placed[]> => {
  const { rows } = await sql<EventRow & { id: number }>`
    select id, event_id, pubkey, created_at, kind, tags, content, sig from events
    where pubkey = ${pubkey} and ${isModeration} and created_at <= ${until}
    order by id limit ${most} for update`.execute(db);
  return rows.map(({ id, ...row }) => ({ row: id, event: toEvent(row) }));
};

const replace = async (db: Writer, changes: readonly { old: Placed; next: NostrEvent | undefined }[]) => {
  const gone = changes.map(({ old }) => old.event.id);
  await sql`delete from event_tags where event_id = any(${gone}::text[])`.execute(db);
  const dropped = changes.flatMap(({ old, next }) => (next ? [] : [old.row]));
  await sql`delete from events where id = any(${dropped}::int[])`.execute(db);
  const kept = changes.flatMap(({ old, next }) => (next ? [{ row: old.row, event: next }] : []));
  const rows = JSON.stringify(kept.map(({ row, event }) => ({ row, ...toRow(event) })));
  await sql`update events e set event_id = r.event_id, pubkey = r.pubkey, tags = r.tags, content = r.content,
      sig = r.sig, words = r.words::tsvector
    from json_to_recordset(${rows}::json)
      as r(row int, event_id text, pubkey text, tags jsonb, content text, sig text, words text)
    where e.id = r.row`.execute(db);
  await insertTags(
    db,
    kept.flatMap(({ event }) => toTagRows(event, Infinity)),
  );
};

/**
 * Puts others in the place of a key's first moderation events, or takes them away where nothing is to be said again; how
 * many there were. Throws on I/O.
 */
export const takeOverActions = (
  db: Database,
  vanishing: Vanishing,
  by: { readonly most: number; readonly sayAgain: (old: Placed) => NostrEvent | undefined },
): Promise<number> =>
  db.transaction().execute(async (transaction) => {
    const actions = await nextActions(transaction, vanishing, by.most);
    await replace(
      transaction,
      actions.map((old) => ({ old, next: by.sayAgain(old) })),
    );
    return actions.length;
  });

/** The places' tables name their makers too. Throws on I/O. */
export const renameMaker = async (
  db: Database,
  { places, from, to }: { readonly places: readonly string[]; readonly from: string; readonly to: string },
): Promise<void> => {
  await sql`update groups set created_by = ${to}
    where group_id = any(${places}::text[]) and created_by = ${from}`.execute(db);
  await sql`update group_members set added_by = ${to}
    where group_id = any(${places}::text[]) and added_by = ${from}`.execute(db);
};

/** Takes away some of what a key has published, but for its actions in places and the request itself; how many. Throws on I/O. */
export const eraseEvents = (db: Database, { pubkey, until }: Vanishing, most: number): Promise<number> =>
  deleteEvents(
    db,
    sql`id in (select id from events where pubkey = ${pubkey} and created_at <= ${until} and not (${isModeration})
      and not (kind = ${sql.lit(kinds.VANISH)} and created_at = ${until}) limit ${most})`,
  );

/** Takes away some of the letters to a key (NIP-59); how many. Throws on I/O. */
export const eraseLetters = (db: Database, { pubkey, until }: Vanishing, most: number): Promise<number> =>
  deleteEvents(
    db,
    sql`event_id in (select e.event_id from event_tags t join events e on e.event_id = t.event_id
      where t.name = 'p' and t.value = ${pubkey} and e.kind = ${sql.lit(kinds.GIFT_WRAP)}
      and e.created_at <= ${until} limit ${most})`,
  );

/** What the key had taken back itself: the tombstone of the key covers it. Throws on I/O. */
export const eraseTombstones = async (db: Database, { pubkey, until }: Vanishing): Promise<void> => {
  await sql`delete from tombstones where author = ${pubkey} and deleted_at <= ${until}
    and target not in (${VANISHING}, ${vanishedTarget(pubkey)})`.execute(db);
};

/** What operators took away and keep for a while: the key's own, and letters to it. Throws on I/O. */
export const eraseRemoved = async (db: Database, { pubkey, until }: Vanishing): Promise<void> => {
  await sql`delete from removed_events where (event->>'created_at')::bigint <= ${until}::bigint and (pubkey = ${pubkey}
    or (event->>'kind' = ${String(kinds.GIFT_WRAP)} and event->'tags' @> ${JSON.stringify([['p', pubkey]])}::jsonb))`.execute(
    db,
  );
};

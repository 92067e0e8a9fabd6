/** The events as one sequence, in their order of acceptance. */
import { sql } from 'kysely';
import type { NostrEvent } from '#protocol/event.ts';
import type { Database } from '../db/database.ts';
import { toEvent } from './rows.ts';
import type { EventRow } from './rows.ts';

/** An event with its number in the sequence. */
export interface Logged {
  readonly number: number;
  readonly event: NostrEvent;
}

/** The next events after a number, at most so many. Throws on I/O. */
export const loadSince = async (db: Database, number: number, most: number): Promise<Logged[]> => {
  const { rows } = await sql<EventRow & { readonly number: number }>`
    select id as number, event_id, pubkey, created_at, kind, tags, content, sig from events
    where id > ${number} order by id limit ${most}`.execute(db);
  return rows.map((row) => ({ number: row.number, event: toEvent(row) }));
};

/** The number of the newest event; 0 in an empty city. Throws on I/O. */
export const loadNewestNumber = async (db: Database): Promise<number> => {
  const { rows } = await sql<{ newest: number | null }>`select max(id) as newest from events`.execute(db);
  return rows[0]?.newest ?? 0;
};

/** Signed requests of operators count once in the whole city, whichever process they reach. */
import { sql } from 'kysely';
import { HTTP_AUTH_AGE } from '#protocol/http-auth.ts';
import type { Clock } from '#shared/time.ts';
import type { Database } from '../db/database.ts';

/** Notes an event's id for as long as it could be sent again; false when it was noted before. Throws on I/O. */
export const noteUsed =
  (db: Database, clock: Clock) =>
  async (id: string, createdAt: number): Promise<boolean> => {
    const now = clock.now();
    await sql`delete from used_requests where until < ${now}`.execute(db);
    const { rows } = await sql`insert into used_requests (event_id, until)
      values (${id}, ${createdAt + HTTP_AUTH_AGE + 1}) on conflict do nothing returning event_id`.execute(db);
    return rows.length === 1;
  };

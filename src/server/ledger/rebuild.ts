/** Everything a place is follows from its canonical events (9000–9020): this makes it anew from them. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { replay } from '../groups/directory.ts';
import { joinShadows, shadowOf } from '../groups/shadow.ts';
import type { GroupState } from '../groups/state.ts';
import { loadModeration, writeShadow } from '../store/group-tables.ts';
import { placeOf } from '../store/rows.ts';

/** All places of the city, from the stored events alone. Throws on I/O. */
export const replayPlaces = async (db: Database): Promise<ReadonlyMap<string, GroupState>> =>
  replay(await loadModeration(db), placeOf);

const PLACES_AT_ONCE = 200;

/**
 * Empties seed 000's tables (`groups`, `group_members`, `group_metadata`) and fills them from the events; running calls
 * stay noted. Writers wait meanwhile, on every process. Throws on I/O.
 */
export const rebuildTables = (db: Database, relayUrl: string): Promise<void> =>
  db.transaction().execute(async (transaction) => {
    await sql`lock table groups, group_members, group_metadata in share row exclusive mode`.execute(
      transaction,
    );
    const states = [...(await replayPlaces(transaction)).values()];
    const { rows: calls } = await sql<{ group_id: string; active_call_id: string }>`
      select group_id, active_call_id from groups where active_call_id is not null`.execute(transaction);
    await sql`delete from groups`.execute(transaction);
    for (let from = 0; from < states.length; from += PLACES_AT_ONCE) {
      const some = states.slice(from, from + PLACES_AT_ONCE);
      await writeShadow(transaction, joinShadows(some.map((state) => shadowOf(undefined, state, relayUrl))));
    }
    await sql`update groups g set active_call_id = r.active_call_id
      from json_to_recordset(${JSON.stringify(calls)}::json) as r(group_id text, active_call_id text)
      where g.group_id = r.group_id`.execute(transaction);
  });

/** Makes the tables anew where they hold another number of places or people than these. Throws on I/O. */
export const mendTables = async (
  db: Database,
  places: Iterable<GroupState>,
  relayUrl: string,
): Promise<void> => {
  const states = [...places];
  const people = states.reduce((sum, state) => sum + state.members.size, 0);
  const { rows } = await sql<{ places: number; people: number }>`
    select (select count(*) from groups)::int as places, (select count(*) from group_members)::int as people`.execute(
    db,
  );
  if (rows[0]?.places !== states.length || rows[0].people !== people) await rebuildTables(db, relayUrl);
};

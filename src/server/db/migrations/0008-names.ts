/** Names of this city (NIP-05): one a person, one person a name. */
import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

/** Up makes the table, down drops it; every name is free then. */
export const names: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`create table city_names (
      pubkey text collate "C" primary key,
      name text collate "C" not null constraint one_person_a_name unique,
      claimed_at bigint not null
    )`.execute(db);
  },
  down: async (db: Kysely<unknown>) => {
    await db.schema.dropTable('city_names').execute();
  },
};

/** Devices that want to be woken (Web Push). */
import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

/** Up makes the table, down drops it. */
export const pushSubscriptions: Migration = {
  up: async (db: Kysely<unknown>) => {
    // One device's browser has one endpoint for all profiles on it, so an endpoint is one row for each key.
    await sql`create table push_subscriptions (
      id serial primary key,
      endpoint text collate "C" not null,
      pubkey text collate "C" not null,
      tag text not null,
      p256dh text not null,
      auth text not null,
      wants jsonb not null,
      created_at integer not null,
      updated_at integer not null,
      last_ok integer,
      failures integer not null default 0,
      unique (endpoint, pubkey)
    )`.execute(db);
  },
  down: async (db: Kysely<unknown>) => {
    await db.schema.dropTable('push_subscriptions').execute();
  },
};

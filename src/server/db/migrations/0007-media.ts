/** Files: what lies under which hash, who wants it to stay and until when, what is gone, what is on its way. */
import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

const statements = [
  // A row here means: the bytes are there, and somebody owns them.
  sql`create table blobs (
    hash text collate "C" primary key,
    size bigint not null,
    type text not null,
    created_at bigint not null
  )`,
  sql`create table blob_owners (
    hash text collate "C" not null references blobs (hash) on delete cascade,
    pubkey text collate "C" not null,
    uploaded_at bigint not null,
    expires_at bigint,
    primary key (hash, pubkey)
  )`,
  sql`create index idx_blob_owners_pubkey on blob_owners (pubkey, uploaded_at desc, hash)`,
  sql`create index idx_blob_owners_expires on blob_owners (expires_at) where expires_at is not null`,
  // 'expired': answered with 410 for a while; 'removed': an operator's decision, not taken again.
  sql`create table gone_blobs (
    hash text collate "C" primary key,
    reason text not null,
    at bigint not null
  )`,
  // Bytes that may lie about without a row above, and from when they may be taken away.
  sql`create table loose_blobs (hash text collate "C" primary key, due bigint not null)`,
  // Resumable uploads that are on their way: they count for the quota of their key.
  sql`create table uploads (
    id text collate "C" primary key,
    pubkey text collate "C" not null,
    size bigint not null,
    created_at bigint not null
  )`,
  sql`create index idx_uploads_pubkey on uploads (pubkey)`,
];

/** Up makes the tables, down drops them; the files themselves stay where they are. */
export const media: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of statements) await statement.execute(db);
  },
  down: async (db: Kysely<unknown>) => {
    for (const table of ['uploads', 'loose_blobs', 'gone_blobs', 'blob_owners', 'blobs'])
      await db.schema.dropTable(table).execute();
  },
};

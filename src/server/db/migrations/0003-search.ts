/** Words to search by (NIP-50), and an index of tags by kind: what a place's polls cost does not grow with its lines. */
import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';
import { SEARCHED, wordsOf } from '../../store/search/words.ts';
import type { Searchable } from '../../store/search/words.ts';

const PAGE = 2000;

/** Fills in the words of what is stored already. */
const fillWords = async (db: Kysely<unknown>): Promise<void> => {
  for (let last = 0; ;) {
    const { rows } = await sql<Searchable & { id: number }>`
      select id, kind, pubkey, created_at, tags, content from events
      where id > ${last} and kind = any(${SEARCHED}::int[]) order by id limit ${PAGE}`.execute(db);
    if (rows.length === 0) return;
    const words = rows.map((row) => ({ id: row.id, words: wordsOf(row) }));
    await sql`update events e set words = w.words::tsvector
      from json_to_recordset(${JSON.stringify(words)}::json) as w(id int, words text) where e.id = w.id`.execute(
      db,
    );
    last = rows.at(-1)?.id ?? last;
  }
};

/** Up adds both, down takes both away. */
export const search: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`alter table events add column words tsvector`.execute(db);
    await fillWords(db);
    await sql`create index idx_events_words on events using gin (words) where words is not null`.execute(db);
    await sql`alter table event_tags add column kind integer`.execute(db);
    await sql`update event_tags t set kind = e.kind from events e where e.event_id = t.event_id`.execute(db);
    await sql`alter table event_tags alter column kind set not null`.execute(db);
    await sql`drop index idx_event_tags`.execute(db);
    await sql`create index idx_event_tags on event_tags (name, value, kind, created_at desc, event_id)`.execute(
      db,
    );
  },
  down: async (db: Kysely<unknown>) => {
    await sql`drop index idx_event_tags`.execute(db);
    await sql`alter table event_tags drop column kind`.execute(db);
    await sql`create index idx_event_tags on event_tags (name, value, created_at desc, event_id)`.execute(db);
    await sql`alter table events drop column words`.execute(db);
  },
};

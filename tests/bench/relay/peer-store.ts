/**
 * The peer's storage: the tables, indexes and statements of its own SQLite package over SQLite in WebAssembly, in memory. Its
 * package needs a native module that is compiled or downloaded when it is installed, which not every machine can. Words are
 * not indexed here (its package does that too), which is to the peer's advantage.
 */
import sqlite3InitModule from '@sqlite.org/sqlite-wasm';
import { EventRepository, EventUtils } from '@nostr-relay/common';
import type { Event, EventRepositoryUpsertResult, Filter } from '@nostr-relay/common';

const SCHEMA = `
create table events (id text primary key not null, pubkey text not null, author text not null, created_at integer not null,
  kind integer not null, tags text not null, content text not null, sig text not null, d_tag_value text);
create unique index e_author_kind_d_tag_value_idx on events (author, kind, d_tag_value) where d_tag_value is not null;
create index e_author_kind_created_at_idx on events (author, kind, created_at);
create index e_author_created_at_idx on events (author, created_at);
create index e_kind_created_at_idx on events (kind, created_at);
create index e_created_at_idx on events (created_at);
create table generic_tags (tag text not null, event_id text not null, author text not null, kind integer not null,
  created_at integer not null, primary key (event_id, tag));
create index g_tag_created_at_desc_event_id_idx on generic_tags (tag, created_at desc, event_id);
create index g_tag_kind_created_at_desc_event_id_idx on generic_tags (tag, kind, created_at desc, event_id);
create index g_tag_author_kind_created_at_desc_event_id_idx on generic_tags (tag, author, kind, created_at desc, event_id);`;

const INSERT_EVENT = `insert into events (id, pubkey, author, kind, created_at, tags, content, sig, d_tag_value)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`;
const INSERT_TAG =
  'insert into generic_tags (tag, event_id, kind, author, created_at) values (?, ?, ?, ?, ?)';

type Value = string | number | null;
interface Statement {
  bind(values: readonly Value[]): Statement;
  step(): boolean;
  reset(): Statement;
  get(target: object): Record<string, unknown>;
}
interface Sqlite {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  changes(): number;
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

export class SqliteStore extends EventRepository {
  #db: Sqlite;
  #prepared = new Map<string, Statement>();

  private constructor(db: Sqlite) {
    super();
    this.#db = db;
  }

  static async open(): Promise<SqliteStore> {
    const sqlite = await sqlite3InitModule();
    const db = new sqlite.oo1.DB(':memory:') as unknown as Sqlite;
    db.exec(SCHEMA);
    return new SqliteStore(db);
  }

  isSearchSupported(): boolean {
    return false;
  }

  upsert(event: Event): EventRepositoryUpsertResult {
    const author = EventUtils.getAuthor(event);
    const { id, pubkey, kind, created_at, tags, content, sig } = event;
    this.#db.exec('begin');
    const dTag = EventUtils.extractDTagValue(event);
    this.#run(INSERT_EVENT, [id, pubkey, author, kind, created_at, JSON.stringify(tags), content, sig, dTag]);
    const isDuplicate = this.#db.changes() === 0;
    const names = new Set(
      tags.flatMap(([name = '', value]) => (/^[a-zA-Z]$/.test(name) ? [`${name}:${value}`] : [])),
    );
    if (!isDuplicate) for (const name of names) this.#run(INSERT_TAG, [name, id, kind, author, created_at]);
    this.#db.exec('commit');
    return { isDuplicate };
  }

  find(filter: Filter): Event[] {
    const limit = Math.min(filter.limit ?? 100, 1000);
    const tags = Object.entries(filter).flatMap(([key, values]) =>
      key.startsWith('#') ? (values as string[]).map((value) => `${key.slice(1)}:${value}`) : [],
    );
    const lists: [string, readonly Value[] | undefined][] = [
      ['tag', tags.length > 0 ? tags : undefined],
      ['id', filter.ids],
      ['author', filter.authors],
      ['kind', filter.kinds],
    ];
    const given = lists.flatMap(([name, values]) => (values?.length ? [[name, values] as const] : []));
    const conditions = given.map(([name, values]) => `${name} in (${marks(values)})`).join(' and ') || 'true';
    const values = given.flatMap(([, each]) => [...each]);
    const sql = tags.length
      ? `select * from events where id in (select event_id from generic_tags where ${conditions}
          order by created_at desc limit ${limit}) order by created_at desc`
      : `select * from events where ${conditions} order by created_at desc limit ${limit}`;
    return this.#all(sql, values).map(
      (row) => ({ ...row, tags: JSON.parse(String(row['tags'])) }) as unknown as Event,
    );
  }

  destroy(): Promise<void> {
    return Promise.resolve();
  }

  #statement(sql: string): Statement {
    const statement = this.#prepared.get(sql) ?? this.#db.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  #run(sql: string, values: readonly Value[]): void {
    const statement = this.#statement(sql).bind(values);
    statement.step();
    statement.reset();
  }

  #all(sql: string, values: readonly Value[]): Record<string, unknown>[] {
    const statement = this.#statement(sql);
    if (values.length > 0) statement.bind(values);
    const rows: Record<string, unknown>[] = [];
    while (statement.step()) rows.push(statement.get({}));
    statement.reset();
    return rows;
  }
}

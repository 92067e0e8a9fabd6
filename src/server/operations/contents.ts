/**
 * What a city's database holds, table by table, in a form that both databases read and write: rows as JSON, in chunks.
 * Nothing here knows a table by its columns, so a table that comes later is kept too.
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { MerkleRoot } from './merkle.ts';

type Db = Kysely<Tables>;

export interface TableShape {
  readonly name: string;
  /** Those that are written; the database makes the others itself. */
  readonly columns: readonly string[];
  /** Read in the order of `id` (acceptance), as it lies on the disk, or (divided into tables beneath) by counting. */
  readonly order: 'id' | 'pages' | 'count';
}

/** Rows as JSON texts, and where the next chunk begins. */
export interface Chunk {
  readonly rows: readonly string[];
  readonly next: number;
}

/** Where a move keeps how far it is, in its target. */
export const MOVE_TABLE = 'city_move';

/** What belongs to a process or to a schema, not to the city. */
const TRANSIENT = [
  'kysely_migration',
  'kysely_migration_lock',
  'city_jobs',
  'used_requests',
  'uploads',
  MOVE_TABLE,
];

const ROWS = 500;
const COUNTED_ROWS = 20_000;
/** Pages of 8 KiB. */
const PAGES = 64;

const parentsOf = async (db: Db): Promise<Map<string, Set<string>>> => {
  const { rows } = await sql<{ child: string; parent: string }>`
    select c.relname as child, p.relname as parent from pg_constraint k
    join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
    where k.contype = 'f' and c.relnamespace = current_schema()::regnamespace and c.oid <> p.oid`.execute(db);
  const parents = new Map<string, Set<string>>();
  for (const { child, parent } of rows) parents.set(child, (parents.get(child) ?? new Set()).add(parent));
  return parents;
};

/** The city's tables, those that others point to first, `events` before all. Throws on I/O. */
export const listTables = async (db: Db): Promise<TableShape[]> => {
  const { rows } = await sql<TableShape>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns,
      case when bool_or(a.attname = 'id' and a.atttypid in ('int4'::regtype, 'int8'::regtype)) then 'id'
        when exists (select from pg_inherits i where i.inhparent = c.oid) then 'count' else 'pages' end as "order"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and a.attgenerated = ''
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not c.relname = any(${TRANSIENT}::text[])
    group by c.oid, c.relname order by c.relname <> 'events', c.relname`.execute(db);
  const parents = await parentsOf(db);
  const sorted: TableShape[] = [];
  const place = (name: string): void => {
    const row = rows.find((each) => each.name === name);
    if (!row || sorted.some((each) => each.name === name)) return;
    for (const parent of parents.get(name) ?? []) place(parent);
    sorted.push(row);
  };
  for (const { name } of rows) place(name);
  return sorted;
};

const readOrdered = async (
  db: Db,
  { name, columns }: TableShape,
  after: number,
): Promise<Chunk | undefined> => {
  const { rows } = await sql<{ at: string; row: string }>`
    select r.id::text as at, row_to_json(r)::text as row from
      (select ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.table(name)}
       where id >= ${after}::bigint order by id limit ${sql.lit(ROWS)}) r`.execute(db);
  const last = rows.at(-1);
  return last && { rows: rows.map(({ row }) => row), next: Number(last.at) + 1 };
};

const readPages = async (db: Db, { name, columns }: TableShape, page: number): Promise<Chunk | undefined> => {
  const { rows } = await sql<{ row: string | null; pages: string }>`
    select row_to_json(r)::text as row, s.pages from
      (select pg_relation_size(${name}::regclass) / 8192 as pages) s left join
      (select ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.table(name)}
       where ctid >= ${`(${page},0)`}::tid and ctid < ${`(${page + PAGES},0)`}::tid) r on true`.execute(db);
  const held = rows.flatMap(({ row }) => row ?? []);
  return held.length > 0 || page < Number(rows[0]?.pages ?? 0)
    ? { rows: held, next: page + PAGES }
    : undefined;
};

const readCounted = async (
  db: Db,
  { name, columns }: TableShape,
  from: number,
): Promise<Chunk | undefined> => {
  const { rows } = await sql<{ row: string }>`
    select row_to_json(r)::text as row from
      (select ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.table(name)}
       order by tableoid, ctid limit ${sql.lit(COUNTED_ROWS)} offset ${from}::bigint) r`.execute(db);
  return rows.length > 0 ? { rows: rows.map(({ row }) => row), next: from + rows.length } : undefined;
};

const readers = { id: readOrdered, pages: readPages, count: readCounted };

/** The chunk of a table that begins at `from` (0: the first); undefined after the last. Throws on I/O. */
export const readChunk = (db: Db, table: TableShape, from: number): Promise<Chunk | undefined> =>
  readers[table.order](db, table, from);

/** Writes rows as they were read. Throws on I/O and on rows that do not fit. */
export const writeRows = async (
  db: Db,
  { name, columns }: TableShape,
  rows: readonly string[],
): Promise<void> => {
  if (rows.length === 0) return;
  const list = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(name)} (${list}) overriding system value
    select ${list} from json_populate_recordset(null::${sql.table(name)}, ${`[${rows.join(',')}]`}::json)`.execute(
    db,
  );
};

/** How many rows a table has. Throws on I/O. */
export const countRows = async (db: Db, name: string): Promise<number> => {
  const { rows } = await sql<{
    count: string;
  }>`select count(*)::text as count from ${sql.table(name)}`.execute(db);
  return Number(rows[0]?.count ?? 0);
};

/** Each sequence with the next number it gives. Throws on I/O. */
export const readSequences = async (db: Db): Promise<Record<string, number>> => {
  const { rows } = await sql<{ name: string }>`
    select sequencename as name from pg_sequences where schemaname = current_schema()`.execute(db);
  const next: Record<string, number> = {};
  for (const { name } of rows) {
    const { rows: states } = await sql<{ next: string }>`
      select (last_value + is_called::int)::text as next from ${sql.table(name)}`.execute(db);
    next[name] = Number(states[0]?.next ?? 1);
  }
  return next;
};

/** Sets sequences that are here to the number they give next. Throws on I/O. */
export const writeSequences = async (db: Db, sequences: Readonly<Record<string, number>>): Promise<void> => {
  const here = await readSequences(db);
  for (const [name, next] of Object.entries(sequences))
    if (name in here) await sql`select setval(${name}::regclass, ${next}::bigint, false)`.execute(db);
};

/** The root over all ids in their order of acceptance. Throws on I/O. */
export const rootOf = async (db: Db): Promise<MerkleRoot> => {
  const tree = new MerkleRoot();
  for (let after = 0; ;) {
    const { rows } = await sql<{ id: string; event_id: string }>`
      select id::text, event_id from events where id > ${after}::bigint order by id limit 5000`.execute(db);
    for (const { event_id } of rows) tree.add(event_id);
    const last = rows.at(-1);
    if (!last) return tree;
    after = Number(last.id);
  }
};

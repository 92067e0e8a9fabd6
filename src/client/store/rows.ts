/** Rows as they lie in the one generic table: what every table's rows have in common, and their order. */
import type { Cursor, PartQuery, Table, Watched } from './table.ts';

/** Short names: they are written once a row. */
export interface StoredRow {
  /** Table. */
  readonly t: string;
  /** Id, unique within the table. */
  readonly i: string;
  /** Part; '' where the table has none. */
  readonly p: string;
  /** Order within the part; 0 where the table has none. */
  readonly o: number;
  /** The row itself. */
  readonly v: unknown;
}

/** Where rows are read from: the disk, or a test's memory. Everything comes newest first. */
export interface RowSource {
  getMany(table: string, ids: readonly string[]): Promise<(StoredRow | undefined)[]>;
  all(table: string): Promise<StoredRow[]>;
  part(table: string, query: PartQuery): Promise<StoredRow[]>;
  count(table: string, part: string): Promise<number>;
}

/** A row with its keys. An order that is no finite number counts as 0, since it could not be a key. */
export const storedRow = <Row>(table: Table<Row>, row: Row): StoredRow => {
  const order = table.order?.(row) ?? 0;
  return {
    t: table.name,
    i: table.id(row),
    p: table.part?.(row) ?? '',
    o: Number.isFinite(order) ? order : 0,
    v: row,
  };
};

const compareKeys = (order: number, id: string, other: StoredRow): number =>
  order - other.o || (id < other.i ? -1 : id > other.i ? 1 : 0);

/** Newest (largest order, then id) first. */
export const newestRowFirst = (a: StoredRow, b: StoredRow): number => compareKeys(b.o, b.i, a);

/** True when a row of the part lies within the cursors, both exclusive. */
export const isWithin = (row: StoredRow, query: PartQuery): boolean =>
  row.p === query.part &&
  (!query.before || isOlder(row, query.before)) &&
  (!query.after || compareKeys(query.after.order, query.after.id, row) < 0);

const isOlder = (row: StoredRow, cursor: Cursor): boolean => compareKeys(cursor.order, cursor.id, row) > 0;

/**
 * Cuts rows (newest first) to the query's limit. With `after` alone the rows next to that cursor are meant, the
 * oldest ones; otherwise the newest.
 */
export const limitRows = (rows: StoredRow[], query: PartQuery): StoredRow[] => {
  if (query.limit === undefined || rows.length <= query.limit) return rows;
  return isForward(query) ? rows.slice(rows.length - query.limit) : rows.slice(0, query.limit);
};

/** True when a query walks towards the newer rows. */
export const isForward = (query: PartQuery): boolean =>
  query.after !== undefined && query.before === undefined;

/** What a commit changed: a table, or one part of it. */
export interface Touched {
  readonly table: string;
  /** Absent: any part may have changed. */
  readonly part?: string;
}

/** True when a change is what somebody watches. */
export const concerns = (watched: readonly Watched[], { table, part }: Touched): boolean =>
  watched.some(
    (one) => one.table === table && (one.part === undefined || part === undefined || one.part === part),
  );

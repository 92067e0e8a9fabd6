/**
 * A transaction's writes, kept in memory until its end: projections read through it and see what was written before.
 * What was read once is not read again, so a batch touches the disk as little as it can.
 */
import { isWithin, limitRows, newestRowFirst, storedRow } from './rows.ts';
import type { RowSource, StoredRow, Touched } from './rows.ts';
import type { PartQuery, RowWriter, Table } from './table.ts';

/** What is known of a row: itself, or that there is none. */
type Known = StoredRow | null;

interface Undo {
  readonly table: string;
  readonly id: string;
  readonly before: Known | undefined;
}

/** Everything that a commit has to write. */
export interface Changes {
  readonly put: StoredRow[];
  readonly deleted: { readonly table: string; readonly id: string }[];
  /** Tables and parts with a difference, for watchers. */
  readonly touched: Touched[];
  /** Ids of Nostr events whose words are to leave the log. */
  readonly forgotten: readonly string[];
}

/** Rows read and written within one transaction. */
export class Overlay implements RowWriter {
  readonly #source: RowSource;
  readonly #read = new Map<string, Map<string, Known>>();
  readonly #written = new Map<string, Map<string, Known>>();
  #undo: Undo[] = [];
  readonly #forgotten = new Set<string>();
  #forgottenSince: string[] = [];

  constructor(source: RowSource) {
    this.#source = source;
  }

  async get<Row>(table: Table<Row>, id: string): Promise<Row | undefined> {
    const known = this.#known(table.name, id);
    if (known !== undefined) return known?.v as Row | undefined;
    const [row] = await this.#source.getMany(table.name, [id]);
    layer(this.#read, table.name).set(id, row ?? null);
    return this.#known(table.name, id)?.v as Row | undefined;
  }

  async getMany<Row>(table: Table<Row>, ids: readonly string[]): Promise<(Row | undefined)[]> {
    const missing = ids.filter((id) => this.#known(table.name, id) === undefined);
    if (missing.length > 0) {
      const rows = await this.#source.getMany(table.name, missing);
      missing.forEach((id, index) => layer(this.#read, table.name).set(id, rows[index] ?? null));
    }
    return ids.map((id) => this.#known(table.name, id)?.v as Row | undefined);
  }

  async all<Row>(table: Table<Row>): Promise<Row[]> {
    const rows = this.#merge(table.name, await this.#source.all(table.name), () => true);
    return rows.map((row) => row.v as Row);
  }

  async part<Row>(table: Table<Row>, query: PartQuery): Promise<Row[]> {
    const below = await this.#below(table.name, query);
    const rows = this.#merge(table.name, below, (row) => isWithin(row, query));
    return limitRows(rows, query).map((row) => row.v as Row);
  }

  async count<Row>(table: Table<Row>, part: string): Promise<number> {
    const own = this.#written.get(table.name);
    const below = await this.#source.count(table.name, part);
    if (!own || own.size === 0) return below;
    const before = await this.#source.getMany(table.name, [...own.keys()]);
    const hidden = before.filter((row) => row?.p === part).length;
    return below - hidden + [...own.values()].filter((row) => row?.p === part).length;
  }

  put<Row>(table: Table<Row>, row: Row): void {
    const stored = storedRow(table, row);
    this.#write(stored.t, stored.i, stored);
  }

  delete<Row>(table: Table<Row>, id: string): void {
    this.#write(table.name, id, null);
  }

  forget(event: string): void {
    if (this.#forgotten.has(event)) return;
    this.#forgotten.add(event);
    this.#forgottenSince.push(event);
  }

  /** Starts a span of writes that `rollback` can take back. */
  checkpoint(): void {
    if (this.#undo.length > 0) this.#undo = [];
    if (this.#forgottenSince.length > 0) this.#forgottenSince = [];
  }

  /** Takes back everything written since the checkpoint. */
  rollback(): void {
    for (const { table, id, before } of this.#undo.reverse())
      if (before === undefined) this.#written.get(table)?.delete(id);
      else layer(this.#written, table).set(id, before);
    this.#undo = [];
    for (const event of this.#forgottenSince) this.#forgotten.delete(event);
    this.#forgottenSince = [];
  }

  /** What to commit. Rows deleted without having been read are looked up, to know whose watchers to tell. */
  async changes(): Promise<Changes> {
    const put: StoredRow[] = [];
    const deleted: Changes['deleted'] = [];
    const touched: Touched[] = [];
    for (const [table, rows] of this.#written) {
      const parts = new Set<string>();
      await this.#lookUp(
        table,
        [...rows].flatMap(([id, row]) => (row === null ? [id] : [])),
      );
      for (const [id, row] of rows) {
        if (row) put.push(row);
        else deleted.push({ table, id });
        const before = this.#read.get(table)?.get(id);
        if (row) parts.add(row.p);
        if (before) parts.add(before.p);
      }
      for (const part of parts) touched.push({ table, part });
    }
    return { put, deleted, touched, forgotten: [...this.#forgotten] };
  }

  async #lookUp(table: string, ids: readonly string[]): Promise<void> {
    const read = layer(this.#read, table);
    const unread = ids.filter((id) => !read.has(id));
    if (unread.length === 0) return;
    const rows = await this.#source.getMany(table, unread);
    unread.forEach((id, index) => read.set(id, rows[index] ?? null));
  }

  /** The source's rows, and as many more as the overlay may hide. */
  #below(table: string, query: PartQuery): Promise<StoredRow[]> {
    const own = this.#written.get(table)?.size ?? 0;
    return this.#source.part(
      table,
      query.limit === undefined ? query : { ...query, limit: query.limit + own },
    );
  }

  #known(table: string, id: string): Known | undefined {
    const written = this.#written.get(table)?.get(id);
    return written === undefined ? this.#read.get(table)?.get(id) : written;
  }

  #write(table: string, id: string, row: Known): void {
    const rows = layer(this.#written, table);
    this.#undo.push({ table, id, before: rows.get(id) });
    rows.set(id, row);
  }

  #merge(table: string, below: StoredRow[], wanted: (row: StoredRow) => boolean): StoredRow[] {
    const own = this.#written.get(table);
    if (!own || own.size === 0) return below;
    const rows = below.filter((row) => !own.has(row.i));
    for (const row of own.values()) if (row && wanted(row)) rows.push(row);
    return rows.sort(newestRowFirst);
  }
}

const layer = (layers: Map<string, Map<string, Known>>, table: string): Map<string, Known> => {
  let rows = layers.get(table);
  if (!rows) layers.set(table, (rows = new Map()));
  return rows;
};

/**
 * The store's rows in memory, running real projections: for tests of features. Rows are frozen once written, and a
 * projection that throws throws here too (on a device it would be counted and passed over).
 */
import { afterForgetting } from '../../src/client/store/forgetting.ts';
import type { LocalEvent } from '../../src/client/store/local-events.ts';
import { Overlay } from '../../src/client/store/overlay.ts';
import { projectEvents } from '../../src/client/store/projecting.ts';
import type { Projection } from '../../src/client/store/projection.ts';
import { concerns, isWithin, limitRows, newestRowFirst, storedRow } from '../../src/client/store/rows.ts';
import type { RowSource, StoredRow } from '../../src/client/store/rows.ts';
import type { PartQuery, RowWriter, Table, Watched } from '../../src/client/store/table.ts';

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

class MemorySource implements RowSource {
  readonly tables = new Map<string, Map<string, StoredRow>>();

  getMany(table: string, ids: readonly string[]): Promise<(StoredRow | undefined)[]> {
    return Promise.resolve(ids.map((id) => this.tables.get(table)?.get(id)));
  }
  all(table: string): Promise<StoredRow[]> {
    return Promise.resolve([...(this.tables.get(table)?.values() ?? [])].sort(newestRowFirst));
  }
  async part(table: string, query: PartQuery): Promise<StoredRow[]> {
    const rows = await this.all(table);
    return limitRows(
      rows.filter((row) => isWithin(row, query)),
      query,
    );
  }
  async count(table: string, part: string): Promise<number> {
    return (await this.part(table, { part })).length;
  }
  put(row: StoredRow): void {
    const rows = this.tables.get(row.t) ?? new Map<string, StoredRow>();
    this.tables.set(row.t, rows.set(row.i, frozen(structuredClone(row))));
  }
}

/** In-memory rows. `apply` runs the projections; `put` and `delete` write around them, for setting a scene. */
export class MemoryRows implements RowWriter {
  /** Everything applied, in order. */
  readonly log: LocalEvent[] = [];
  /** The same, as a log keeps it: without the words of what was forgotten. */
  kept: LocalEvent[] = [];
  readonly #projections: readonly Projection[];
  readonly #source = new MemorySource();
  #turn: Promise<unknown> = Promise.resolve();
  readonly #watchers = new Set<{ watched: readonly Watched[]; changed: () => void; due: boolean }>();

  constructor(projections: readonly Projection[] = []) {
    this.#projections = projections;
  }

  /** Appends local events in order and projects them, one call after the other as the store's writer does; resolves when the rows are there. */
  apply(...events: LocalEvent[]): Promise<void> {
    const done = this.#turn.then(() => this.#apply(events));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #apply(events: readonly LocalEvent[]): Promise<void> {
    const overlay = new Overlay(this.#source);
    this.log.push(...events);
    this.kept.push(...events);
    await projectEvents(overlay, this.#projections, events, (_name, _event, cause) => {
      throw cause;
    });
    await this.#commit(overlay);
  }

  get<Row>(table: Table<Row>, id: string): Promise<Row | undefined> {
    return new Overlay(this.#source).get(table, id);
  }
  getMany<Row>(table: Table<Row>, ids: readonly string[]): Promise<(Row | undefined)[]> {
    return new Overlay(this.#source).getMany(table, ids);
  }
  all<Row>(table: Table<Row>): Promise<Row[]> {
    return new Overlay(this.#source).all(table);
  }
  part<Row>(table: Table<Row>, query: PartQuery): Promise<Row[]> {
    return new Overlay(this.#source).part(table, query);
  }
  count<Row>(table: Table<Row>, part: string): Promise<number> {
    return new Overlay(this.#source).count(table, part);
  }

  put<Row>(table: Table<Row>, row: Row): void {
    const stored = storedRow(table, row);
    const before = this.#source.tables.get(stored.t)?.get(stored.i);
    this.#source.put(stored);
    this.#tell([stored, before]);
  }
  delete<Row>(table: Table<Row>, id: string): void {
    const before = this.#source.tables.get(table.name)?.get(id);
    this.#source.tables.get(table.name)?.delete(id);
    this.#tell([before]);
  }

  /** Of no effect outside of a projection. */
  forget(): void {}

  /** Calls back in a microtask, once for any number of writes in between. Returns the way to stop. */
  watch(watched: readonly Watched[], changed: () => void): () => void {
    const watcher = { watched, changed, due: false };
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Every row of every table, sorted: for comparing two histories. */
  dump(): StoredRow[] {
    return [...this.#source.tables.values()]
      .flatMap((rows) => [...rows.values()])
      .sort((a, b) => (a.t === b.t ? (a.i < b.i ? -1 : 1) : a.t < b.t ? -1 : 1));
  }

  async #commit(overlay: Overlay): Promise<void> {
    const { put, deleted, touched, forgotten } = await overlay.changes();
    const ids = new Set(forgotten);
    if (ids.size > 0) this.kept = this.kept.map((event) => afterForgetting(event, ids));
    put.forEach((row) => this.#source.put(row));
    deleted.forEach(({ table, id }) => this.#source.tables.get(table)?.delete(id));
    this.#tell(touched.map(({ table, part = '' }) => ({ t: table, p: part })));
  }

  #tell(touched: readonly (Pick<StoredRow, 't' | 'p'> | undefined)[]): void {
    for (const watcher of this.#watchers) {
      if (
        watcher.due ||
        !touched.some((row) => row && concerns(watcher.watched, { table: row.t, part: row.p }))
      )
        continue;
      watcher.due = true;
      queueMicrotask(() => {
        watcher.due = false;
        if (this.#watchers.has(watcher)) watcher.changed();
      });
    }
  }
}

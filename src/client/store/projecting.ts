/** Running projections over an overlay: each in its own tables, one failure kept to one event of one projection. */
import type { LocalEvent } from './local-events.ts';
import type { Overlay } from './overlay.ts';
import type { Projection } from './projection.ts';
import type { PartQuery, RowWriter, Table } from './table.ts';

/** Told when a projection throws; the event stays in the log and the next one is projected. */
export type ProjectionFailed = (projection: string, event: LocalEvent, cause: unknown) => void;

/** The overlay as one projection may see it: its own tables and nothing else, or replaying it alone would differ. */
class OwnTables implements RowWriter {
  readonly #rows: RowWriter;
  readonly #owner: string;
  readonly #own: ReadonlySet<string>;

  constructor(rows: RowWriter, projection: Projection) {
    this.#rows = rows;
    this.#owner = projection.name;
    this.#own = new Set(projection.tables.map((table) => table.name));
  }

  get<Row>(table: Table<Row>, id: string): Promise<Row | undefined> {
    return this.#rows.get(this.#checked(table), id);
  }
  getMany<Row>(table: Table<Row>, ids: readonly string[]): Promise<(Row | undefined)[]> {
    return this.#rows.getMany(this.#checked(table), ids);
  }
  all<Row>(table: Table<Row>): Promise<Row[]> {
    return this.#rows.all(this.#checked(table));
  }
  part<Row>(table: Table<Row>, query: PartQuery): Promise<Row[]> {
    return this.#rows.part(this.#checked(table), query);
  }
  count<Row>(table: Table<Row>, part: string): Promise<number> {
    return this.#rows.count(this.#checked(table), part);
  }
  put<Row>(table: Table<Row>, row: Row): void {
    this.#rows.put(this.#checked(table), row);
  }
  delete<Row>(table: Table<Row>, id: string): void {
    this.#rows.delete(this.#checked(table), id);
  }
  forget(event: string): void {
    this.#rows.forget(event);
  }

  #checked<Row>(table: Table<Row>): Table<Row> {
    if (this.#own.has(table.name)) return table;
    throw new Error(`projection "${this.#owner}" names table "${table.name}", which is not in its tables`);
  }
}

/** Throws when two projections claim one table: each would take the other's rows for its own. */
export const claimTables = (projections: readonly Projection[]): void => {
  const owners = new Map<string, string>();
  for (const { name, tables } of projections)
    for (const table of tables) {
      const owner = owners.get(table.name);
      if (owner !== undefined)
        throw new Error(`table "${table.name}" belongs to "${owner}" and to "${name}"`);
      owners.set(table.name, name);
    }
};

/** Projects events in order. What a failing projection wrote for that event is taken back; nothing else is lost. */
export const projectEvents = async (
  overlay: Overlay,
  projections: readonly Projection[],
  events: readonly LocalEvent[],
  failed: ProjectionFailed,
): Promise<void> => {
  const runs = projections.map((projection) => ({ projection, rows: new OwnTables(overlay, projection) }));
  for (const event of events)
    for (const { projection, rows } of runs) {
      overlay.checkpoint();
      try {
        await projection.project(rows, event);
      } catch (cause) {
        overlay.rollback();
        failed(projection.name, event, cause);
      }
    }
};

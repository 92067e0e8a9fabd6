/**
 * Reading ahead: a batch's projections are first run over nothing, to learn which rows they will ask for; those are
 * then fetched in one go. A read of IndexedDB costs a trip to another process, so hundreds in a row are the slow part.
 * Projections are pure, so the rehearsal has no effect; whatever it did not foresee is simply read later.
 */
import type { LocalEvent } from './local-events.ts';
import { OwnTables } from './projecting.ts';
import type { Projection } from './projection.ts';
import type { RowWriter, Table } from './table.ts';

/** Below this many events reading ahead is not worth a rehearsal. */
const FEW = 8;

/** Ids by table. */
export type Foreseen = ReadonlyMap<string, ReadonlySet<string>>;

/** Rows that are never there, and a memory of what was asked for. */
class Rehearsal implements RowWriter {
  readonly asked = new Map<string, Set<string>>();

  get<Row>(table: Table<Row>, id: string): Promise<undefined> {
    this.#note(table.name, id);
    return Promise.resolve(undefined);
  }
  getMany<Row>(table: Table<Row>, ids: readonly string[]): Promise<undefined[]> {
    return Promise.resolve(ids.map((id) => void this.#note(table.name, id)));
  }
  all = () => Promise.resolve([]);
  part = () => Promise.resolve([]);
  count = () => Promise.resolve(0);
  put = () => undefined;
  delete<Row>(table: Table<Row>, id: string): void {
    this.#note(table.name, id);
  }

  #note(table: string, id: string): void {
    const ids = this.asked.get(table);
    if (ids) ids.add(id);
    else this.asked.set(table, new Set([id]));
  }
}

/** The rows that projecting these events will ask for, as far as can be told. */
export const foresee = async (
  projections: readonly Projection[],
  events: readonly LocalEvent[],
): Promise<Foreseen> => {
  const rehearsal = new Rehearsal();
  if (events.length < FEW) return rehearsal.asked;
  for (const projection of projections) {
    const rows = new OwnTables(rehearsal, projection);
    // A projection that throws here does so for good below, where it is reported.
    await Promise.allSettled(events.map(async (event) => projection.project(rows, event)));
  }
  return rehearsal.asked;
};

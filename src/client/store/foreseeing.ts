/**
 * Reading ahead: a batch's projections are first run over nothing, to learn which rows they will ask for; those are
 * then fetched in one go. A read of IndexedDB costs a trip to another process, so hundreds in a row are the slow part.
 * Projections are pure, so the rehearsal has no effect; whatever it did not foresee is simply read later.
 */
import type { LocalEvent } from './local-events.ts';
import type { Foreseen } from './overlay.ts';
import { OwnTables } from './projecting.ts';
import type { Projection } from './projection.ts';
import { isWholePart } from './rows.ts';
import type { PartQuery, RowWriter, Table } from './table.ts';

/** Below this many events reading ahead is not worth a rehearsal. */
const FEW = 8;

/** Rows that are never there, and a memory of what was asked for. */
class Rehearsal implements RowWriter, Foreseen {
  readonly ids = new Map<string, Set<string>>();
  readonly parts = new Map<string, Set<string>>();

  get<Row>(table: Table<Row>, id: string): Promise<undefined> {
    note(this.ids, table.name, id);
    return Promise.resolve(undefined);
  }
  getMany<Row>(table: Table<Row>, ids: readonly string[]): Promise<undefined[]> {
    return Promise.resolve(ids.map((id) => void note(this.ids, table.name, id)));
  }
  all = () => Promise.resolve([]);
  part<Row>(table: Table<Row>, query: PartQuery): Promise<Row[]> {
    if (isWholePart(query)) note(this.parts, table.name, query.part);
    return Promise.resolve([]);
  }
  count = () => Promise.resolve(0);
  put = () => undefined;
  forget = () => undefined;
  delete<Row>(table: Table<Row>, id: string): void {
    note(this.ids, table.name, id);
  }
}

const note = (asked: Map<string, Set<string>>, table: string, name: string): void => {
  const names = asked.get(table);
  if (names) names.add(name);
  else asked.set(table, new Set([name]));
};

/** The rows that projecting these events will ask for, as far as can be told. */
export const foresee = async (
  projections: readonly Projection[],
  events: readonly LocalEvent[],
): Promise<Foreseen> => {
  const rehearsal = new Rehearsal();
  if (events.length < FEW) return rehearsal;
  for (const projection of projections) {
    const rows = new OwnTables(rehearsal, projection);
    // A projection that throws here does so for good below, where it is reported.
    await Promise.allSettled(events.map(async (event) => projection.project(rows, event)));
  }
  return rehearsal;
};

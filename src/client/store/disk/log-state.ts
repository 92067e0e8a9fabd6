/** The log's one record of itself: epoch, last number, how far each projection got. */
import type { Projection } from '../projection.ts';
import { StoreError } from '../store-error.ts';
import { EPOCH } from './database.ts';
import type { LogState, ProjectionState, Tables } from './database.ts';

const NAME = 'log state';

/** Reads the record within a write transaction; refuses when another app version has taken the data over. */
export const readLogState = async (tables: Tables, projections: readonly Projection[]): Promise<LogState> => {
  const state = await peekLogState(tables);
  if (!state) return freshState(projections);
  if (state.epoch > EPOCH)
    throw new StoreError('superseded', 'a newer version of the app keeps this data now');
  for (const { name, version } of projections)
    if (state.projections[name]?.version !== version)
      throw new StoreError('superseded', 'another version of the app is open in another tab');
  return state;
};

/** Reads the record without judging it. */
export const peekLogState = async (tables: Tables): Promise<LogState | undefined> =>
  (await tables.meta.get(NAME))?.value as LogState | undefined;

/** Writes the record, in the transaction that changed what it speaks of. */
export const writeLogState = async (tables: Tables, state: LogState): Promise<void> => {
  await tables.meta.put({ name: NAME, value: state });
};

const begun = (projection: Projection, cursor: number): ProjectionState => ({
  version: projection.version,
  tables: projection.tables.map((table) => table.name),
  cursor,
});

const freshState = (projections: readonly Projection[]): LogState => ({
  epoch: EPOCH,
  seq: 0,
  projections: Object.fromEntries(projections.map((one) => [one.name, begun(one, 0)])),
});

export interface Adoption {
  readonly state: LogState;
  /** Tables whose rows are stale: of changed, new and vanished projections. */
  readonly stale: readonly string[];
}

/** The record as this app's projections want it. `all`: start every one of them over. */
export const adopt = (
  state: LogState | undefined,
  projections: readonly Projection[],
  all = false,
): Adoption => {
  if (!state) return { state: freshState(projections), stale: [] };
  if (state.epoch > EPOCH)
    throw new StoreError('superseded', 'a newer version of the app keeps this data now');
  const kept: Record<string, ProjectionState> = {};
  const stale = new Set<string>();
  for (const [name, { tables }] of Object.entries(state.projections))
    if (!projections.some((one) => one.name === name)) tables.forEach((table) => stale.add(table));
  for (const projection of projections) {
    const before = state.projections[projection.name];
    const same = !all && before?.version === projection.version;
    kept[projection.name] = same ? before : begun(projection, 0);
    if (!same)
      [...(before?.tables ?? []), ...begun(projection, 0).tables].forEach((table) => stale.add(table));
  }
  return { state: { ...state, epoch: EPOCH, projections: kept }, stale: [...stale] };
};

/** Projections whose rows know of everything in the log. */
export const upToDate = (state: LogState, projections: readonly Projection[]): Projection[] =>
  projections.filter(({ name }) => state.projections[name]?.cursor === state.seq);

/** The record after these projections have come to a log number. */
export const advanced = (state: LogState, projections: readonly Projection[], cursor: number): LogState => ({
  ...state,
  projections: {
    ...state.projections,
    ...Object.fromEntries(projections.map((one) => [one.name, begun(one, cursor)])),
  },
});

/**
 * Rebuilding rows from the log, in steps of one transaction each: rows and cursor move together, so a crash, a second
 * tab rebuilding too or one appending meanwhile do no harm (an append leaves a projection that lags behind alone).
 */
import { Dexie } from 'dexie';
import { foresee } from '../foreseeing.ts';
import type { LocalEvent } from '../local-events.ts';
import { Overlay } from '../overlay.ts';
import { projectEvents } from '../projecting.ts';
import type { ProjectionFailed } from '../projecting.ts';
import type { Projection } from '../projection.ts';
import type { Touched } from '../rows.ts';
import { transact } from './database.ts';
import type { Database, LogState, Tables } from './database.ts';
import { DexieRows } from './dexie-rows.ts';
import { adopt, advanced, peekLogState, readLogState, writeLogState } from './log-state.ts';

export type Progress = ((done: number, total: number) => void) | undefined;

/** Log events a transaction. */
const STEP = 1000;

/** Writes what an overlay holds; says what changed. */
export const commitOverlay = async (tables: Tables, overlay: Overlay): Promise<Touched[]> => {
  const { put, deleted, touched } = await overlay.changes();
  if (deleted.length > 0)
    await tables.rows.bulkDelete(deleted.map(({ table, id }): [string, string] => [table, id]));
  if (put.length > 0) await tables.rows.bulkPut(put);
  return touched;
};

/** Projects events, reading ahead; the rows still have to be committed. */
export const project = async (
  tables: Tables,
  projections: readonly Projection[],
  events: readonly LocalEvent[],
  failed: ProjectionFailed,
): Promise<Overlay> => {
  const overlay = new Overlay(new DexieRows(tables));
  await overlay.prefetch(await foresee(projections, events));
  await projectEvents(overlay, projections, events, failed);
  return overlay;
};

export class Rebuilding {
  readonly #database: Database;
  readonly #projections: readonly Projection[];
  readonly #failed: ProjectionFailed;

  constructor(database: Database, projections: readonly Projection[], failed: ProjectionFailed) {
    this.#database = database;
    this.#projections = projections;
    this.#failed = failed;
  }

  /** Starts stale projections over (`all`: every one) and replays until they have caught up. Says what changed. */
  async run({ all, progress }: { all: boolean; progress: Progress }): Promise<Touched[]> {
    await transact(this.#database, 'rw', (tables) => this.#startOver(tables, all));
    const caughtUp = new Set<Projection>();
    for (;;) {
      const step = await transact(this.#database, 'rw', (tables) => this.#step(tables));
      if (!step) break;
      step.projections.forEach((one) => caughtUp.add(one));
      progress?.(step.done, step.total);
    }
    return [...caughtUp].flatMap((one) => one.tables.map((table) => ({ table: table.name })));
  }

  async #startOver(tables: Tables, all: boolean): Promise<void> {
    const { state, stale } = adopt(await peekLogState(tables), this.#projections, all);
    for (const table of stale)
      await tables.rows.where('[t+i]').between([table, Dexie.minKey], [table, Dexie.maxKey]).delete();
    await writeLogState(tables, state);
  }

  /** Replays one stretch for the projections that are furthest behind; undefined when all have caught up. */
  async #step(
    tables: Tables,
  ): Promise<{ projections: Projection[]; done: number; total: number } | undefined> {
    const state = await readLogState(tables, this.#projections);
    const from = Math.min(state.seq, ...this.#projections.map(({ name }) => cursorOf(state, name)));
    if (from === state.seq) return undefined;
    const to = Math.min(from + STEP, state.seq);
    const behind = this.#projections.filter(({ name }) => cursorOf(state, name) === from);
    const records = await tables.log.where('seq').between(from, to, false, true).toArray();
    const events = records.map((record) => record.event);
    const overlay = await project(tables, behind, events, this.#failed);
    await commitOverlay(tables, overlay);
    await writeLogState(tables, advanced(state, behind, to));
    return { projections: behind, done: to, total: state.seq };
  }
}

const cursorOf = (state: LogState, name: string): number => state.projections[name]?.cursor ?? state.seq;

import type { LocalEvent } from './local-events.ts';
import type { Searchable } from './searching.ts';
import type { RowWriter, Table } from './table.ts';

/**
 * A feature's shadow of the log: pure apart from the rows it is handed. Dropping its tables and replaying the log
 * must give the same rows, in whatever order relays delivered. `version` goes up whenever rows change shape or meaning:
 * the store then drops and rebuilds.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  readonly tables: readonly Table<never>[];
  /** Which of its rows are found by their words. */
  readonly searchable?: readonly Searchable[];
  /** Called for every local event, in log order, within the log's own transaction. */
  project(rows: RowWriter, event: LocalEvent): Promise<void>;
}

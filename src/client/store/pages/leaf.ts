/** A page of rows: neighbours in their table's order. */
import type { StoredRow } from '../rows.ts';

/** Where a row stands in its table: by part, then order, then id. */
export interface RowKey {
  readonly p: string;
  readonly o: number;
  readonly i: string;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By part, order, id, ascending. */
export const compareKeys = (a: RowKey, b: RowKey): number =>
  compareText(a.p, b.p) || a.o - b.o || compareText(a.i, b.i);

/** The first place in a sorted list whose key is not smaller. */
const lowerBound = (sorted: readonly RowKey[], key: RowKey): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(sorted[middle] as RowKey, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** A page holds at most this many rows. */
export const MOST_ROWS = 64;

export class Leaf {
  readonly id: number;
  /** Ascending. */
  readonly rows: StoredRow[];
  #byId: Map<string, StoredRow> | undefined;

  constructor(id: number, rows: StoredRow[]) {
    this.id = id;
    this.rows = rows;
  }

  /** The row of this id, if it is here. */
  get(id: string): StoredRow | undefined {
    this.#byId ??= new Map(this.rows.map((row) => [row.i, row]));
    return this.#byId.get(id);
  }

  /** The rows between two keys, both exclusive. */
  between(low: RowKey, high: RowKey): StoredRow[] {
    const from = lowerBound(this.rows, low);
    const first = this.rows[from];
    const isLow = first !== undefined && compareKeys(first, low) === 0;
    return this.rows.slice(isLow ? from + 1 : from, lowerBound(this.rows, high));
  }

  /** Puts a row in its place; one of the same key is replaced. */
  put(row: StoredRow): void {
    const at = lowerBound(this.rows, row);
    const other = this.rows[at];
    this.rows.splice(at, other && compareKeys(other, row) === 0 ? 1 : 0, row);
    this.#byId?.set(row.i, row);
  }

  /** Takes a row out; false when it was not here. */
  remove(id: string): boolean {
    const row = this.get(id);
    if (!row) return false;
    this.rows.splice(lowerBound(this.rows, row), 1);
    this.#byId?.delete(id);
    return true;
  }

  /** Takes the rows from a place on out, for a new page. */
  cut(at: number): StoredRow[] {
    this.#byId = undefined;
    return this.rows.splice(at);
  }
}

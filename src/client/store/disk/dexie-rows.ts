/** Reading rows from IndexedDB. */
import { Dexie } from 'dexie';
import { isForward } from '../rows.ts';
import type { RowSource, StoredRow } from '../rows.ts';
import type { PartQuery } from '../table.ts';
import type { Tables } from './database.ts';

const ORDERED = '[t+p+o+i]';

/** Rows of the generic table, newest first; inside a transaction or outside. */
export class DexieRows implements RowSource {
  readonly #rows: Tables['rows'];

  constructor({ rows }: Pick<Tables, 'rows'>) {
    this.#rows = rows;
  }

  getMany(table: string, ids: readonly string[]): Promise<(StoredRow | undefined)[]> {
    return this.#rows.bulkGet(ids.map((id): [string, string] => [table, id]));
  }

  async all(table: string): Promise<StoredRow[]> {
    const rows = await this.#rows
      .where('[t+i]')
      .between([table, Dexie.minKey], [table, Dexie.maxKey])
      .toArray();
    return rows.sort((a, b) => b.o - a.o || (a.i < b.i ? 1 : -1));
  }

  async part(table: string, query: PartQuery): Promise<StoredRow[]> {
    const { part, before, after, limit } = query;
    if (limit === 0) return [];
    const range = this.#rows
      .where(ORDERED)
      .between(
        after ? [table, part, after.order, after.id] : [table, part, Dexie.minKey],
        before ? [table, part, before.order, before.id] : [table, part, Dexie.maxKey],
        false,
        false,
      );
    if (limit === undefined || isForward(query)) {
      const rows = await (limit === undefined ? range : range.limit(limit)).toArray();
      return rows.reverse();
    }
    return range.reverse().limit(limit).toArray();
  }

  count(table: string, part: string): Promise<number> {
    return this.#rows
      .where(ORDERED)
      .between([table, part, Dexie.minKey], [table, part, Dexie.maxKey])
      .count();
  }
}

/** All places of the rows in memory; after a change only what is new is read. Plain: `Places` makes it reactive. */
import type { RowReader } from '#client/store/table.ts';
import { ALL_GROUPS, groups, members } from '../model/tables.ts';
import type { GroupRow } from '../model/tables.ts';
import { companyOf, companyVersion, nobody, placeOf } from './place.ts';
import type { Company, Place } from './place.ts';

const orderOf = (row: GroupRow): number => groups.order?.(row) ?? 0;
const versionOf = (row: GroupRow): string => `${row.eventId} ${row.deletedAt ?? ''}`;

export class Shelf {
  readonly #rows: RowReader;
  readonly #groups = new Map<string, GroupRow>();
  readonly #companies = new Map<string, Company>();
  readonly #places = new Map<string, Place>();
  /** Everything up to here is on the shelf; undefined: nothing is sure. */
  #settled: number | undefined;
  #newest = 0;

  constructor(rows: RowReader) {
    this.#rows = rows;
  }

  get places(): Place[] {
    return [...this.#places.values()];
  }

  /** Reads what changed since the last settling; everything before the first. True when a place changed. */
  async readGroups(): Promise<boolean> {
    const rows =
      this.#settled === undefined
        ? await this.#rows.all(groups)
        : await this.#rows.part(groups, {
            part: ALL_GROUPS,
            after: { order: this.#settled - 1, id: '' },
          });
    let changed = false;
    for (const row of rows) {
      const before = this.#groups.get(row.id);
      if (before && versionOf(before) === versionOf(row)) continue;
      this.#groups.set(row.id, row);
      this.#newest = Math.max(this.#newest, orderOf(row));
      this.#place(row.id);
      changed = true;
    }
    return changed;
  }

  /** After a quiet while: what is here is all there is, or all is read again. True when a place changed. */
  async settle(): Promise<boolean> {
    this.#settled = this.#newest;
    if ((await this.#rows.count(groups, ALL_GROUPS)) === this.#groups.size) return false;
    this.#settled = undefined;
    const changed = await this.readGroups();
    this.#settled = this.#newest;
    return changed;
  }

  /** Reads who is where. True when a place changed. */
  async readCompanies(me: string | undefined): Promise<boolean> {
    let changed = false;
    for (const row of await this.#rows.all(members)) {
      if (this.#companies.get(row.group)?.version === companyVersion(row, me)) continue;
      this.#companies.set(row.group, companyOf(row, me));
      this.#place(row.group);
      changed = true;
    }
    return changed;
  }

  /** Ids of the places I am in, whether they are described or not. */
  get mine(): string[] {
    return [...this.#companies].flatMap(([id, { own }]) => (own ? [id] : []));
  }

  #place(id: string): void {
    const row = this.#groups.get(id);
    const place = row && placeOf(row, this.#companies.get(id) ?? nobody);
    if (place) this.#places.set(id, place);
    else this.#places.delete(id);
  }
}

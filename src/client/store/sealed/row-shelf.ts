/** All tables' rows: which page of which table, the pages themselves, and what a checkpoint has to write of it. */
import { isRecord } from '#shared/json.ts';
import type { Changes } from '../overlay.ts';
import { Directory } from '../pages/directory.ts';
import type { PageEntry } from '../pages/directory.ts';
import { HashIndex } from '../pages/hash-index.ts';
import { PageCache } from '../pages/page-cache.ts';
import { packPage, unpackPage } from '../pages/page-format.ts';
import type { RowKey } from '../pages/leaf.ts';
import { PagedTable } from '../pages/paged-table.ts';
import type { TableChanges, TableStretch } from '../pages/paged-table.ts';
import type { RowSource, StoredRow } from '../rows.ts';
import type { PartQuery } from '../table.ts';
import type { Disk, DiskWrites, MetaRecord } from './disk.ts';
import { loadIndex, saveIndex } from './kept-index.ts';
import type { Vessel } from './vessel.ts';

const PAGES = 'pages';
const DIRECTORY = 'directory';
const WHEREABOUTS = 'whereabouts';
/** Pages in memory that have not changed; a page has up to 64 rows. */
const MOST_PAGES = 512;

type TableDirectory = readonly (readonly [id: number, p: string, o: number, i: string, rows: number])[];

export interface ShelfPorts {
  readonly disk: Disk;
  readonly vessel: Vessel;
  readonly seed: Uint32Array;
  /** A page could not be read: its rows are missing until the rows are rebuilt. */
  readonly damaged: (page: number) => void;
  /** Told of every row that comes, changes or goes. */
  readonly follower?: RowFollower;
}

/** Somebody whose work follows rows. */
interface RowFollower {
  /** Whether it wants to know of a table's rows. */
  follows(table: string): boolean;
  /** Undefined before: the row is new; undefined after: it is gone. */
  change(table: string, id: string, before: unknown, after: unknown): void;
  /** All of the table's rows are gone. */
  clear(table: string): void;
}

export class RowShelf implements RowSource {
  readonly #ports: ShelfPorts;
  readonly #cache: PageCache;
  #whereabouts: HashIndex;
  readonly #tables = new Map<string, PagedTable>();
  #changed = false;
  #isDisowned = false;

  /** Opens the shelf as the last checkpoint left it. False where its own records are damaged: the rows must be rebuilt. */
  static async open(ports: ShelfPorts): Promise<{ readonly shelf: RowShelf; readonly isWhole: boolean }> {
    const whereabouts = new HashIndex(ports.seed);
    const [[kept], hasIndex] = await Promise.all([
      ports.disk.meta(DIRECTORY),
      loadIndex(whereabouts, WHEREABOUTS, ports),
    ]);
    const taken = kept && (await ports.vessel.take({ table: 'meta', key: DIRECTORY }, kept.sealed));
    const directory = taken?.ok ? parseDirectory(taken.value) : undefined;
    if (hasIndex && (directory !== undefined || !kept))
      return { shelf: new RowShelf(ports, whereabouts, directory), isWhole: true };
    const shelf = new RowShelf(ports, new HashIndex(ports.seed));
    shelf.#disown();
    return { shelf, isWhole: false };
  }

  private constructor(
    ports: ShelfPorts,
    whereabouts: HashIndex,
    directory: { readonly next: number; readonly tables: Readonly<Record<string, TableDirectory>> } = {
      next: 0,
      tables: {},
    },
  ) {
    this.#ports = ports;
    this.#whereabouts = whereabouts;
    this.#cache = new PageCache((ids) => this.#read(ids), { next: directory.next, most: MOST_PAGES });
    for (const [name, pages] of Object.entries(directory.tables))
      this.#tables.set(name, this.#tableOf(name, new Directory(pages.map(entryOf))));
  }

  getMany(table: string, ids: readonly string[]): Promise<(StoredRow | undefined)[]> {
    return this.#table(table).getMany(ids);
  }
  all(table: string): Promise<StoredRow[]> {
    return this.#table(table).all();
  }
  part(table: string, query: PartQuery): Promise<StoredRow[]> {
    return this.#table(table).part(query);
  }
  count(table: string, part: string): Promise<number> {
    return this.#table(table).count(part);
  }

  /** Some pages' rows from a key on, in the order they lie in: to go through a whole table without holding it. */
  stretch(table: string, from: RowKey | undefined, pages: number): Promise<TableStretch> {
    return this.#table(table).stretch(from, pages);
  }
  /** How many rows a table has. */
  size(table: string): number {
    return this.#table(table).size;
  }

  /** Writes what projections changed, into memory. One call at a time. */
  async write({ put, deleted }: Pick<Changes, 'put' | 'deleted'>): Promise<void> {
    const tables = byTable({ put, deleted });
    for (const [name, changes] of tables) await this.#write(name, changes);
    this.#changed ||= tables.size > 0;
  }

  /** Fetches the pages that writing these will ask for; what cannot be read is met again there. */
  async warmUp(changes: Pick<Changes, 'put' | 'deleted'>): Promise<void> {
    await Promise.allSettled(
      [...byTable(changes)].map(([name, some]) => this.#tables.get(name)?.warmUp(some)),
    );
  }

  /** Forgets these tables' rows. */
  async clear(tables: readonly string[]): Promise<void> {
    if (this.#tables.size > 0 && [...this.#tables.keys()].every((name) => tables.includes(name)))
      this.#abandon();
    for (const name of tables) {
      await this.#tables.get(name)?.clear();
      this.#tables.delete(name);
      this.#ports.follower?.clear(name);
    }
    this.#changed = true;
  }

  /** Pages that wait for a checkpoint. */
  get waiting(): number {
    return this.#cache.waiting;
  }

  /** What a checkpoint writes; nothing may be written to the rows until `settle`. */
  async checkpoint(): Promise<DiskWrites> {
    if (!this.#changed) return {};
    const { changed, dropped } = this.#cache.changes();
    const pages = await Promise.all(
      changed.map(async ({ id, rows }) => ({ id, sealed: await this.#seal(id, rows) })),
    );
    const index = await saveIndex(this.#whereabouts, WHEREABOUTS, this.#ports.vessel);
    const meta = [...index, await this.#directoryRecord()];
    return { pages, droppedPages: dropped, meta, clearsPages: this.#isDisowned };
  }

  /** The checkpoint is on the disk. */
  settle(): void {
    this.#cache.settle();
    this.#whereabouts.settle();
    this.#changed = false;
    this.#isDisowned = false;
  }

  async #write(name: string, changes: TableChanges): Promise<void> {
    const table = this.#table(name);
    const { follower } = this.#ports;
    if (!follower?.follows(name)) return table.write(changes);
    const ids = [...changes.deleted, ...changes.put.map(({ i }) => i)];
    const before = await table.getMany(ids);
    await table.write(changes);
    const after = new Map(changes.put.map((row) => [row.i, row.v]));
    ids.forEach((id, at) => follower.change(name, id, before[at]?.v, after.get(id)));
  }

  /** Gives all rows up at once, without reading them. */
  #abandon(): void {
    for (const table of this.#tables.values()) table.abandon();
    this.#tables.clear();
    this.#cache.abandon();
    this.#whereabouts = new HashIndex(this.#ports.seed);
    this.#disown();
  }

  /** Nothing on the disk is believed; the next checkpoint replaces it. */
  #disown(): void {
    this.#whereabouts.disown();
    this.#isDisowned = true;
    this.#changed = true;
  }

  #table(name: string): PagedTable {
    let table = this.#tables.get(name);
    if (!table) this.#tables.set(name, (table = this.#tableOf(name, new Directory())));
    return table;
  }

  #tableOf(name: string, directory: Directory): PagedTable {
    const whereabouts = {
      get: (id: string) => this.#whereabouts.get(`${name} ${id}`),
      set: (id: string, page: number) => this.#whereabouts.set(`${name} ${id}`, page),
      delete: (id: string) => this.#whereabouts.delete(`${name} ${id}`),
    };
    return new PagedTable(this.#cache, whereabouts, directory);
  }

  async #read(ids: readonly number[]): Promise<StoredRow[][]> {
    const sealed = await this.#ports.disk.pages(ids);
    return Promise.all(
      ids.map(async (id, at) => {
        const bytes = sealed[at];
        const taken = bytes && (await this.#ports.vessel.take({ table: PAGES, key: id }, bytes));
        const rows = taken?.ok ? unpackPage(taken.value) : undefined;
        if (!rows) this.#ports.damaged(id);
        return rows ?? [];
      }),
    );
  }

  #seal(id: number, rows: readonly StoredRow[]): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ports.vessel.put({ table: PAGES, key: id }, packPage(rows));
  }

  async #directoryRecord(): Promise<MetaRecord> {
    const tables: Record<string, TableDirectory> = {};
    for (const [name, { directory }] of this.#tables)
      tables[name] = directory.pages.map(({ id, first: { p, o, i }, rows }) => [id, p, o, i, rows]);
    const value = { next: this.#cache.next, tables };
    return {
      name: DIRECTORY,
      sealed: await this.#ports.vessel.put({ table: 'meta', key: DIRECTORY }, value),
    };
  }
}

const byTable = ({ put, deleted }: Pick<Changes, 'put' | 'deleted'>) => {
  const tables = new Map<string, { put: StoredRow[]; deleted: string[] }>();
  const changesOf = (name: string) => {
    const changes = tables.get(name) ?? { put: [], deleted: [] };
    tables.set(name, changes);
    return changes;
  };
  for (const row of put) changesOf(row.t).put.push(row);
  for (const { table, id } of deleted) changesOf(table).deleted.push(id);
  return tables;
};

const entryOf = ([id, p, o, i, rows]: TableDirectory[number]): PageEntry => ({
  id,
  first: { p, o, i },
  rows,
});

const parseDirectory = (value: unknown) =>
  isRecord(value) && typeof value['next'] === 'number' && isRecord(value['tables'])
    ? { next: value['next'], tables: value['tables'] as Record<string, TableDirectory> }
    : undefined;

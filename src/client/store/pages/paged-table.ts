/**
 * One table's rows in pages of neighbours, newest lines of a conversation next to each other. Pages come from the disk when
 * they are asked for; writes change pages in memory, and a checkpoint takes the changed ones to the disk.
 */
import { isForward, limitRows, newestRowFirst } from '../rows.ts';
import type { StoredRow } from '../rows.ts';
import type { PartQuery } from '../table.ts';
import { Directory } from './directory.ts';
import type { PageEntry } from './directory.ts';
import { compareKeys, Leaf, MOST_ROWS } from './leaf.ts';
import type { RowKey } from './leaf.ts';

/** Where pages come from, whichever table they are of. */
export interface Pages {
  /** A new page's number, never given before. */
  newId(): number;
  /** The pages of these numbers, in their order; from memory where they are there. */
  load(ids: readonly number[]): Promise<Leaf[]>;
  /** A page was changed or made; it stays in memory until the next checkpoint has written it. */
  changed(leaf: Leaf): void;
  /** A page is empty and gone. */
  dropped(id: number): void;
}

/** Which page holds the row of an id. */
export interface Whereabouts {
  get(id: string): number | undefined;
  set(id: string, page: number): void;
  delete(id: string): void;
}

/** Rows to write; a row that is put replaces the one of its id wherever it stood. */
export interface TableChanges {
  readonly put: readonly StoredRow[];
  readonly deleted: readonly string[];
}

/** Some rows, and the key from which on the following ones are; undefined at the end. */
export interface TableStretch {
  readonly rows: readonly StoredRow[];
  readonly next: RowKey | undefined;
}

const LOWEST = { o: -Infinity, i: '' };
const HIGHEST = { o: Infinity, i: '\uffff' };
const HALF = MOST_ROWS / 2;

export class PagedTable {
  readonly directory: Directory;
  readonly #pages: Pages;
  readonly #whereabouts: Whereabouts;
  #writes = 0;

  constructor(pages: Pages, whereabouts: Whereabouts, directory = new Directory()) {
    this.#pages = pages;
    this.#whereabouts = whereabouts;
    this.directory = directory;
  }

  /** In the order of the ids; undefined where there is none. */
  getMany(ids: readonly string[]): Promise<(StoredRow | undefined)[]> {
    const none = ids.map(() => undefined);
    if (ids.every((id) => this.#pageOf(id) === undefined)) return Promise.resolve(none);
    return this.#steadily(() => this.#readMany(ids));
  }

  /** Newest first. */
  async all(): Promise<StoredRow[]> {
    const leaves = await this.#steadily(() => this.#pages.load(this.directory.pages.map(({ id }) => id)));
    return leaves.flatMap(({ rows }) => rows).sort(newestRowFirst);
  }

  /** Newest first; reads no more pages than the limit needs. */
  part(query: PartQuery): Promise<StoredRow[]> {
    return this.#steadily(() => this.#readPart(query));
  }

  /** Rows of a part; reads the two pages at its ends only. */
  count(part: string): Promise<number> {
    return this.#steadily(() => this.#count(part));
  }

  /** How many rows there are. */
  get size(): number {
    return this.directory.pages.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Rows of a few pages from a key on (from the first without one), in the order they lie in; `next` is where to go on. */
  async stretch(from: RowKey | undefined, pages: number): Promise<TableStretch> {
    const at = from ? this.directory.placeFor(from) : 0;
    const some = this.directory.pages.slice(at, at + pages).map(({ id }) => id);
    const next = this.directory.pages[at + pages]?.first;
    const rows = (await this.#pages.load(some)).flatMap((leaf) => leaf.rows);
    return { rows: from ? rows.filter((row) => compareKeys(row, from) >= 0) : rows, next };
  }

  /** Reads again when a write came in between: rows may have moved to pages that were not looked at. */
  async #steadily<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      const writes = this.#writes;
      const result = await read();
      if (writes === this.#writes) return result;
    }
  }

  async #readMany(ids: readonly string[]): Promise<(StoredRow | undefined)[]> {
    const pages = ids.map((id) => this.#pageOf(id));
    const leaves = await this.#load(pages.filter((page) => page !== undefined));
    return ids.map((id, at) => leaves.get(pages[at] as number)?.get(id));
  }

  async #readPart(query: PartQuery): Promise<StoredRow[]> {
    const { part, limit = Infinity } = query;
    if (limit === 0 || this.directory.pages.length === 0) return [];
    const [low, high] = bordersOf(part, query);
    const places = this.#placesOf(low, high);
    const order = isForward(query) ? places : places.reverse();
    const rows: StoredRow[] = [];
    for (let at = 0; at < order.length && rows.length < limit;) {
      const wanted = Math.max(1, Math.ceil((limit - rows.length) / HALF));
      const some = order.slice(at, at + wanted).map((place) => this.directory.pages[place] as PageEntry);
      for (const leaf of await this.#pages.load(some.map(({ id }) => id)))
        rows.push(...leaf.between(low, high));
      at += wanted;
    }
    return limitRows(rows.sort(newestRowFirst), query);
  }

  async #count(part: string): Promise<number> {
    const places = this.#placesOf(...bordersOf(part, { part }));
    const inner = places.slice(1, -1).reduce((sum, at) => sum + (this.directory.pages[at]?.rows ?? 0), 0);
    const ends = [...new Set([places[0], places.at(-1)])].flatMap((at) =>
      at === undefined ? [] : (this.directory.pages[at]?.id ?? []),
    );
    const leaves = await this.#pages.load(ends);
    return inner + leaves.flatMap(({ rows }) => rows.filter(({ p }) => p === part)).length;
  }

  /** Fetches the pages that writing these will ask for. */
  async warmUp(changes: TableChanges): Promise<void> {
    await this.#pages.load(this.#pagesFor(changes).pages);
  }

  /** Writes; nothing of it is seen before all of it is. One call at a time. */
  async write({ put, deleted }: TableChanges): Promise<void> {
    const { pages, known } = this.#pagesFor({ put, deleted });
    const leaves = await this.#load(pages);
    this.#writes += 1;
    for (const id of deleted) this.#remove(leaves, id);
    for (const row of put) {
      const before = known.has(row.i) ? this.#rowIn(leaves, row.i) : undefined;
      known.add(row.i);
      if (before && (before.p !== row.p || before.o !== row.o)) this.#remove(leaves, row.i);
      this.#put(leaves, row);
    }
    this.#dropEmpty(leaves);
  }

  /** The pages that a write touches, and which of its rows are there already. */
  #pagesFor({ put, deleted }: TableChanges): { readonly pages: number[]; readonly known: Set<string> } {
    const known = new Set<string>();
    const pages = new Set<number>();
    for (const id of [...deleted, ...put.map(({ i }) => i)]) {
      const page = this.#pageOf(id);
      if (page === undefined) continue;
      known.add(id);
      pages.add(page);
    }
    for (const row of put) {
      const target = this.directory.pages[this.directory.placeFor(row)];
      if (target) pages.add(target.id);
    }
    return { pages: [...pages], known };
  }

  /** Forgets every row. */
  async clear(): Promise<void> {
    const leaves = await this.#pages.load(this.directory.pages.map(({ id }) => id));
    this.#writes += 1;
    for (const { rows } of leaves) for (const { i } of rows) this.#whereabouts.delete(i);
    for (const { id } of this.directory.pages.splice(0)) this.#pages.dropped(id);
  }

  /** Forgets every row without looking at any: for when the index of whereabouts and all pages are given up too. */
  abandon(): void {
    this.#writes += 1;
    this.directory.clear();
  }

  /** The page that may hold the row; two ids can meet in one hash, and then the page is another table's or lacks it. */
  #pageOf(id: string): number | undefined {
    const page = this.#whereabouts.get(id);
    return page !== undefined && this.directory.placeOf(page) !== undefined ? page : undefined;
  }

  async #load(ids: readonly number[]): Promise<Map<number, Leaf>> {
    const leaves = await this.#pages.load([...new Set(ids)]);
    return new Map(leaves.map((leaf) => [leaf.id, leaf]));
  }

  #rowIn(leaves: ReadonlyMap<number, Leaf>, id: string): StoredRow | undefined {
    const page = this.#pageOf(id);
    return page === undefined ? undefined : leaves.get(page)?.get(id);
  }

  /** The places of the pages that may hold rows between these, ascending. */
  #placesOf(low: RowKey, high: RowKey): number[] {
    if (this.directory.pages.length === 0) return [];
    const from = this.directory.placeFor(low);
    const to = this.directory.placeFor(high);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  }

  /** The page for a row is in memory: pages keep their borders while a write goes on, even when they become empty. */
  #put(leaves: Map<number, Leaf>, row: StoredRow): void {
    const place = this.directory.placeFor(row);
    const entry = this.directory.pages[place];
    if (!entry) return this.#add(leaves, 0, [row]);
    const leaf = leaves.get(entry.id) as Leaf;
    leaf.put(row);
    this.#whereabouts.set(row.i, leaf.id);
    if (compareKeys(row, entry.first) < 0) entry.first = keyOf(row);
    if (leaf.rows.length > MOST_ROWS) this.#split(leaves, place, leaf);
    entry.rows = leaf.rows.length;
    this.#pages.changed(leaf);
  }

  /** Too many rows: half of them begin a page; where nothing lies behind, rows come in order and only the last one does. */
  #split(leaves: Map<number, Leaf>, place: number, leaf: Leaf): void {
    const next = this.directory.pages[place + 1];
    const last = leaf.rows.at(-1) as StoredRow;
    const isEnd = !next || next.first.p !== last.p;
    this.#add(leaves, place + 1, leaf.cut(isEnd ? MOST_ROWS : HALF));
  }

  #add(leaves: Map<number, Leaf>, place: number, rows: StoredRow[]): void {
    const leaf = new Leaf(this.#pages.newId(), rows);
    leaves.set(leaf.id, leaf);
    for (const { i } of rows) this.#whereabouts.set(i, leaf.id);
    this.directory.insert(place, { id: leaf.id, first: keyOf(rows[0] as StoredRow), rows: rows.length });
    this.#pages.changed(leaf);
  }

  #remove(leaves: ReadonlyMap<number, Leaf>, id: string): void {
    const page = this.#pageOf(id);
    const leaf = page === undefined ? undefined : leaves.get(page);
    if (!leaf?.remove(id)) return;
    this.#whereabouts.delete(id);
    const entry = this.directory.pages[this.directory.placeOf(leaf.id) as number] as PageEntry;
    entry.rows = leaf.rows.length;
    this.#pages.changed(leaf);
  }

  #dropEmpty(leaves: ReadonlyMap<number, Leaf>): void {
    for (const { id, rows } of leaves.values())
      if (rows.length === 0) {
        this.directory.remove(this.directory.placeOf(id) as number);
        this.#pages.dropped(id);
      }
  }
}

/** What the rows of a query lie between. */
const bordersOf = (p: string, { after, before }: PartQuery): [low: RowKey, high: RowKey] => [
  after ? { p, o: after.order, i: after.id } : { p, ...LOWEST },
  before ? { p, o: before.order, i: before.id } : { p, ...HIGHEST },
];

const keyOf = ({ p, o, i }: StoredRow): RowKey => ({ p, o, i });

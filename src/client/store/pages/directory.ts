/** Which page of a table begins where: small enough to be kept in memory and written whole. */
import { compareKeys } from './leaf.ts';
import type { RowKey } from './leaf.ts';

/** A page as the directory knows it. */
export interface PageEntry {
  readonly id: number;
  /** No row of it is smaller, every row of the page before is. */
  first: RowKey;
  rows: number;
}

export class Directory {
  /** Ascending by `first`. */
  readonly pages: PageEntry[];
  #places: Map<number, number> | undefined;

  constructor(pages: PageEntry[] = []) {
    this.pages = pages;
  }

  /** The place of the page in which a key stands, or would; 0 also for keys before the first page. */
  placeFor(key: RowKey): number {
    let low = 0;
    let high = this.pages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareKeys((this.pages[middle] as PageEntry).first, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** The place of a page; undefined when it is not of this table. */
  placeOf(id: number): number | undefined {
    this.#places ??= new Map(this.pages.map((page, place) => [page.id, place]));
    return this.#places.get(id);
  }

  insert(place: number, page: PageEntry): void {
    this.pages.splice(place, 0, page);
    this.#places = undefined;
  }

  clear(): void {
    this.pages.length = 0;
    this.#places = undefined;
  }

  remove(place: number): void {
    this.pages.splice(place, 1);
    this.#places = undefined;
  }
}

/** Pages in memory: the changed ones until a checkpoint has written them, of the others those used last. */
import type { StoredRow } from '../rows.ts';
import { Leaf } from './leaf.ts';
import type { Pages } from './paged-table.ts';

/** Reads pages from the disk, in the order of the numbers. A page that is damaged comes back empty, and was reported. */
export type ReadPages = (ids: readonly number[]) => Promise<StoredRow[][]>;

/** What a checkpoint has to write. */
export interface PageChanges {
  readonly changed: readonly { readonly id: number; readonly rows: readonly StoredRow[] }[];
  readonly dropped: readonly number[];
}

export class PageCache implements Pages {
  readonly #read: ReadPages;
  readonly #most: number;
  /** The one used last comes last. */
  readonly #clean = new Map<number, Leaf>();
  readonly #changed = new Map<number, Leaf>();
  readonly #dropped = new Set<number>();
  #next: number;

  /** `next` is a number that no page has had; `most` unchanged pages stay in memory. */
  constructor(read: ReadPages, { next, most }: { readonly next: number; readonly most: number }) {
    this.#read = read;
    this.#next = next;
    this.#most = most;
  }

  /** The number that the next new page will have: to be kept with a checkpoint. */
  get next(): number {
    return this.#next;
  }

  newId(): number {
    return this.#next++;
  }

  async load(ids: readonly number[]): Promise<Leaf[]> {
    // Held from here on: while some are read, others may be forgotten.
    const held = new Map<number, Leaf>();
    for (const id of ids) {
      const leaf = this.#changed.get(id) ?? this.#used(id);
      if (leaf) held.set(id, leaf);
    }
    const missing = [...new Set(ids)].filter((id) => !held.has(id));
    if (missing.length > 0) {
      const pages = await this.#read(missing);
      missing.forEach((id, at) => held.set(id, this.#arrived(id, pages[at] ?? [])));
      this.#forget();
    }
    return ids.map((id) => held.get(id) as Leaf);
  }

  changed(leaf: Leaf): void {
    this.#clean.delete(leaf.id);
    this.#changed.set(leaf.id, leaf);
  }

  dropped(id: number): void {
    this.#clean.delete(id);
    this.#changed.delete(id);
    this.#dropped.add(id);
  }

  /** Forgets all pages, those that wait too: what lies on the disk is given up as a whole. */
  abandon(): void {
    for (const pages of [this.#clean, this.#changed, this.#dropped]) pages.clear();
  }

  /** How many pages wait for a checkpoint. */
  get waiting(): number {
    return this.#changed.size + this.#dropped.size;
  }

  /** What to write; nothing may be written to the rows until `settle`. */
  changes(): PageChanges {
    return {
      changed: [...this.#changed.values()].map(({ id, rows }) => ({ id, rows })),
      dropped: [...this.#dropped],
    };
  }

  /** The changes are on the disk. */
  settle(): void {
    for (const [id, leaf] of this.#changed) this.#clean.set(id, leaf);
    this.#changed.clear();
    this.#dropped.clear();
    this.#forget();
  }

  /** Two who wait for the same page get the same one, and one that was changed meanwhile wins. */
  #arrived(id: number, rows: StoredRow[]): Leaf {
    const known = this.#changed.get(id) ?? this.#clean.get(id);
    if (known) return known;
    const leaf = new Leaf(id, rows);
    this.#clean.set(id, leaf);
    return leaf;
  }

  #used(id: number): Leaf | undefined {
    const leaf = this.#clean.get(id);
    if (leaf) {
      this.#clean.delete(id);
      this.#clean.set(id, leaf);
    }
    return leaf;
  }

  #forget(): void {
    for (const id of this.#clean.keys()) {
      if (this.#clean.size <= this.#most) return;
      this.#clean.delete(id);
    }
  }
}

/**
 * What is done for the words beside the appends: reading them after the store has opened, going through rows whose words are
 * missing, merging segments. In turns of a few milliseconds (a merge: tens to hundreds), with a breath between them.
 */
import type { RowKey } from '../pages/leaf.ts';
import type { StoredRow } from '../rows.ts';
import type { SearchAnswer, SearchQuestion } from '../searching.ts';
import { answer } from './answering.ts';
import type { TableWords } from './table-words.ts';
import type { WordBook } from './word-book.ts';

/** Some rows in the order they lie in; `next` is where the following ones begin, undefined at the end. */
interface RowStretch {
  readonly rows: readonly StoredRow[];
  readonly next: RowKey | undefined;
}

export interface KeeperPorts {
  readonly book: WordBook;
  readonly rows: {
    getMany(table: string, ids: readonly string[]): Promise<(StoredRow | undefined)[]>;
    /** Up to so many pages' rows from a key on; from the first where there is no key. */
    stretch(table: string, from: RowKey | undefined, pages: number): Promise<RowStretch>;
    /** How many rows a table has. */
    size(table: string): number;
  };
  /** Whoever takes a turn is alone with rows and words. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Takes rows and words to the disk; called within a turn. */
  readonly checkpoint: () => Promise<void>;
  /** Rows of changed tables gone through, and how many there are. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

const PAGES_A_TURN = 6;

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

export class WordKeeper {
  readonly #ports: KeeperPorts;
  /** Rows gone through, of tables that are not done. */
  readonly #done = new Map<TableWords, number>();
  #tidying: Promise<void> | undefined;
  #isStopped = false;

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
  }

  /** Reads the words, warms them up, goes through rows that have none yet. Resolves when all words are there. */
  async start(): Promise<void> {
    const { book } = this.#ports;
    await breathe();
    if (this.#isStopped) return;
    await book.load();
    for (const words of book.tables) words.warmUp();
    await this.#gather();
    await this.tidy();
    await this.#turn(async () => {
      if (!this.#isStopped && book.isAhead) await this.#save();
    });
  }

  /** Nothing is begun any more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Waits for the words to be read, not for rows that are still gone through: `missing` tells of those. */
  async search(question: SearchQuestion): Promise<SearchAnswer> {
    const { book, rows } = this.#ports;
    await book.load();
    const read = async (table: string, ids: readonly string[]) =>
      (await rows.getMany(table, ids)).map((row) => row?.v);
    const tables = [...book.tables];
    const found = await answer(question, tables, read);
    const missing = this.#missing(tables.filter(({ searchable }) => isAsked(question, searchable.table)));
    return missing > 0 ? { ...found, missing } : found;
  }

  /** Merges until nothing is due, each in a turn of its own. Two who ask get the same. */
  tidy(): Promise<void> {
    this.#tidying ??= this.#tidy().finally(() => {
      this.#tidying = undefined;
    });
    return this.#tidying;
  }

  /** Tables with gaps one after the other; a rebuild in between may close a gap, and nothing is left to do. */
  async #gather(): Promise<void> {
    for (;;) {
      const words = [...this.#ports.book.tables].find(({ state }) => state === 'gathering');
      if (!words || this.#isStopped) return;
      await this.#gatherTable(words);
      this.#done.delete(words);
    }
  }

  async #gatherTable(words: TableWords): Promise<void> {
    let from: RowKey | undefined;
    for (let isEnd = false; !isEnd && !this.#isStopped;) {
      isEnd = await this.#turn(async () => {
        if (this.#isStopped || !this.#isCurrent(words)) return true;
        const { rows, next } = await this.#ports.rows.stretch(words.searchable.table, from, PAGES_A_TURN);
        words.gather(rows);
        this.#done.set(words, (this.#done.get(words) ?? 0) + rows.length);
        from = next;
        if (next) return false;
        this.#ports.book.gathered(words);
        await this.#save();
        return true;
      });
      this.#tell();
      await breathe();
    }
  }

  async #tidy(): Promise<void> {
    for (let isMore = true; isMore && !this.#isStopped;) {
      isMore = await this.#turn(() => Promise.resolve(this.#ports.book.tidy()));
      if (isMore) await breathe();
    }
  }

  async #save(): Promise<void> {
    this.#ports.book.shred();
    await this.#ports.checkpoint();
  }

  #turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#ports.turn(work);
  }

  #isCurrent(words: TableWords): boolean {
    return [...this.#ports.book.tables].includes(words) && words.state === 'gathering';
  }

  #missing(tables: readonly TableWords[]): number {
    return tables
      .filter(({ state }) => state === 'gathering')
      .reduce((sum, words) => sum + Math.max(0, this.#sizeOf(words) - (this.#done.get(words) ?? 0)), 0);
  }

  #sizeOf({ searchable }: TableWords): number {
    return this.#ports.rows.size(searchable.table);
  }

  #tell(): void {
    const tables = [...this.#done.keys()];
    const total = tables.reduce((sum, words) => sum + this.#sizeOf(words), 0);
    this.#ports.progress?.(Math.max(0, total - this.#missing(tables)), total);
  }
}

const isAsked = (question: SearchQuestion, table: string): boolean =>
  question.tables?.includes(table) ?? true;

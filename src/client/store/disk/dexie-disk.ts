/** The sealed store's disk in IndexedDB: one database a profile, five tables of sealed bytes under plain numbers and fixed names. */
import { Dexie } from 'dexie';
import type { Table } from 'dexie';
import type {
  ChunkRecord,
  Disk,
  DiskUsage,
  DiskWrites,
  MetaRecord,
  OutboxRecord,
  PageRecord,
} from '../sealed/disk.ts';
import { StoreError } from '../store-error.ts';
import { isLostConnection } from './lost-connection.ts';

/** Tables with their keys, as Dexie wants them. */
type Layout = Readonly<Record<string, string>>;

/** Goes up when the layout changes so that an older app must not write any more. */
export const LAYOUT = 1;
/** What each layout adds to the one before; a table stays as it was first declared. */
const LAYOUTS: readonly Layout[] = [
  { log: 'seq', pages: 'id', meta: 'name', outbox: 'number', facts: 'name' },
];
const EPOCH_NAME = 'epoch';

interface Fact {
  readonly name: string;
  readonly value: number;
}

interface Tables {
  readonly log: Table<ChunkRecord, number>;
  readonly pages: Table<PageRecord, number>;
  readonly meta: Table<MetaRecord, string>;
  readonly outbox: Table<OutboxRecord, number>;
  readonly facts: Table<Fact, string>;
}

type Sealed = Pick<ChunkRecord, 'sealed'>;

const NAMES = ['log', 'pages', 'meta', 'outbox', 'facts'] as const;

const tablesOf = (owner: { table(name: string): Table }): Tables => ({
  log: owner.table('log'),
  pages: owner.table('pages'),
  meta: owner.table('meta'),
  outbox: owner.table('outbox'),
  facts: owner.table('facts'),
});

/** Removes a database as a whole, and everybody's connections to it. */
export const destroyDisk = (name: string): Promise<void> => Dexie.delete(name);

export class DexieDisk implements Disk {
  readonly #dexie: Dexie;
  readonly #tables: Tables;
  readonly #epoch: number;
  #isClosed = false;

  /** Opens with the first use. `epoch` is this build's layout, the last of `layouts` that it knows. */
  constructor(name: string, epoch = LAYOUT, layouts = LAYOUTS) {
    this.#epoch = epoch;
    this.#dexie = new Dexie(name, { chromeTransactionDurability: 'relaxed' });
    layouts.slice(0, epoch).forEach((stores, at) => this.#dexie.version(at + 1).stores(stores));
    this.#tables = tablesOf(this.#dexie);
  }

  /** One transaction; once more over a fresh connection when the browser lost the old one. */
  async write(writes: DiskWrites): Promise<void> {
    if (this.#isClosed) throw new StoreError('closed', 'the store is closed');
    try {
      await this.#transact(writes);
    } catch (cause) {
      if (!isLostConnection(cause) || this.#isClosed) throw cause;
      this.#dexie.close();
      await this.#dexie.open();
      await this.#transact(writes);
    }
  }

  chunks(after: number, limit: number): Promise<ChunkRecord[]> {
    return this.#tables.log.where('seq').above(after).limit(limit).toArray();
  }

  async lastChunk(): Promise<number> {
    const last = await this.#tables.log.toCollection().lastKey();
    return typeof last === 'number' ? last : 0;
  }

  async pages(ids: readonly number[]): Promise<(PageRecord['sealed'] | undefined)[]> {
    return (await this.#tables.pages.bulkGet([...ids])).map((page) => page?.sealed);
  }

  meta(prefix: string): Promise<MetaRecord[]> {
    return this.#tables.meta.where('name').startsWith(prefix).toArray();
  }

  outbox(): Promise<OutboxRecord[]> {
    return this.#tables.outbox.toArray();
  }

  async usage(): Promise<DiskUsage> {
    const usage = { log: 0, pages: 0, outbox: 0 };
    const meta: Record<string, number> = {};
    for (const name of ['log', 'pages', 'outbox'] as const)
      await this.#dexie.table<Sealed>(name).each(({ sealed }) => void (usage[name] += sealed.length));
    await this.#tables.meta.each(({ name, sealed }) => {
      const [word = ''] = name.split(' ');
      meta[word] = (meta[word] ?? 0) + sealed.length;
    });
    return { ...usage, meta };
  }

  /** Everything goes in one transaction; whoever writes at the same time writes before or after. */
  async wipe(): Promise<void> {
    await this.#dexie.transaction('rw', [...NAMES], (transaction) =>
      Promise.all(NAMES.map((name) => transaction.table(name).clear())),
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#dexie.close();
  }

  async #transact(writes: DiskWrites): Promise<void> {
    const works = worksOf(writes);
    const names = new Set<string>([
      'facts',
      ...(writes.clearsPages ? ['pages'] : []),
      ...works.map(([name]) => name),
    ]);
    await this.#dexie.transaction('rw', [...names], async (transaction) => {
      if (writes.clearsPages) await transaction.table('pages').clear();
      // Everything is under way at once: where the epoch does not hold, the transaction is taken back as a whole.
      await Promise.all([
        this.#checkEpoch(transaction.table('facts')),
        ...works.map(([name, work]) => work(transaction.table(name))),
      ]);
    });
  }

  /** A newer build has taken the data over: this one must not write into it any more. */
  async #checkEpoch(facts: Tables['facts']): Promise<void> {
    const known = (await facts.get(EPOCH_NAME))?.value;
    if (known === undefined || known < this.#epoch) await facts.put({ name: EPOCH_NAME, value: this.#epoch });
    else if (known > this.#epoch)
      throw new StoreError('superseded', 'a newer version of the app keeps this data now');
  }
}

type Work = readonly [name: (typeof NAMES)[number], work: (table: Table) => Promise<unknown>];

/** What there is to do in which table; nothing for what is empty. */
const worksOf = (writes: DiskWrites): Work[] => {
  const works: Work[] = [];
  const add = (name: Work[0], list: readonly unknown[] | undefined, work: Work[1]): void => {
    if (list && list.length > 0) works.push([name, work]);
  };
  const { chunks, resealed, droppedChunks, pages, droppedPages, meta, droppedMeta } = writes;
  const { outbox, answeredOutbox, droppedOutbox } = writes;
  add('log', chunks, (log) => log.bulkAdd([...(chunks ?? [])]));
  add('log', resealed, (log) => log.bulkPut([...(resealed ?? [])]));
  add('log', droppedChunks, (log) => log.bulkDelete([...(droppedChunks ?? [])]));
  add('pages', pages, (table) => table.bulkPut([...(pages ?? [])]));
  add('pages', droppedPages, (table) => table.bulkDelete([...(droppedPages ?? [])]));
  add('meta', meta, (table) => table.bulkPut([...(meta ?? [])]));
  add('meta', droppedMeta, (table) => table.bulkDelete([...(droppedMeta ?? [])]));
  add('outbox', outbox, (table) => table.bulkPut([...(outbox ?? [])]));
  add('outbox', answeredOutbox, (table) => putWhereKept(table, answeredOutbox ?? []));
  add('outbox', droppedOutbox, (table) => table.bulkDelete([...(droppedOutbox ?? [])]));
  return works;
};

const putWhereKept = async (
  table: Table<OutboxRecord, number>,
  records: readonly OutboxRecord[],
): Promise<unknown> => {
  const kept = await table.bulkGet(records.map(({ number }) => number));
  return table.bulkPut(records.filter((_, at) => kept[at] !== undefined));
};

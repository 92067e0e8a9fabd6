/**
 * The store over a disk that sees sealed bytes only. One writer: it numbers events, seals them into the log, and runs the
 * projections in memory; checkpoints take changed pages to the disk. After a crash the end of the log is replayed.
 */
import { systemClock } from '#shared/time.ts';
import type { Clock } from '#shared/time.ts';
import { endsProjection } from '../housekeeping/ends.ts';
import { Housekeeper } from '../housekeeping/housekeeper.ts';
import { heldProjection } from '../held/held.ts';
import { claimTables } from '../projecting.ts';
import type { LocalEvent } from '../local-events.ts';
import type { Queue } from '../queue.ts';
import type { AppendReport, Store } from '../store.ts';
import { StoreError } from '../store-error.ts';
import type { PartQuery, Table, Watched } from '../table.ts';
import type { Watchers } from '../watchers.ts';
import { accepted, acceptedProjection } from './accepted.ts';
import { Ledger } from './ledger.ts';
import type { LedgerOptions } from './ledger.ts';
import type { Disk } from './disk.ts';
import { LogBook } from './log-book.ts';
import type { Loss } from './log-book.ts';
import { describeLosses } from './losses.ts';
import type { LossReport } from './losses.ts';
import { QUEUE_TABLE, SealedOutbox } from './sealed-outbox.ts';
import type { Vessel } from './vessel.ts';
import { WordKeeper } from '../words/word-keeper.ts';
import type { SearchAnswer, SearchQuestion } from '../searching.ts';
import { Gatherer, Turns } from './writer.ts';

export interface SealedStoreOptions extends LedgerOptions {
  /** Seals with the device's key: for what has to go out while the profile is locked. */
  readonly outboxVessel: Vessel;
  readonly watchers: Watchers;
  /** Milliseconds without a write until changed pages go to the disk. */
  readonly restAfter?: number;
  /** When lines expire, and what was put away is forgotten; the machine's own unless told. */
  readonly clock?: Clock;
  /** Rows gone through for their words, after the store has opened: where those are damaged, or of an earlier version. */
  readonly gathered?: ((done: number, total: number) => void) | undefined;
}

interface Parts {
  readonly ledger: Ledger;
  readonly outbox: SealedOutbox;
  readonly keeper: WordKeeper;
}

const REST_AFTER = 5000;
const ownName = (name: string): string => `own ${name}`;

export class SealedStore implements Store {
  readonly #options: SealedStoreOptions;
  readonly #turns: Turns;
  readonly #appends: Gatherer<LocalEvent, AppendReport>;
  readonly #housekeeper: Housekeeper;
  #parts: Parts;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /** Opens a profile; rows of changed projections are rebuilt before it resolves. */
  static async open(given: SealedStoreOptions): Promise<SealedStore> {
    const options = {
      ...given,
      projections: [...given.projections, acceptedProjection, endsProjection, heldProjection],
    };
    claimTables(options.projections);
    // A newer build's data is not even read: the disk refuses here, before anything else is done.
    await options.disk.write({});
    const turns = new Turns();
    const store = new SealedStore(options, turns, await openParts(options, turns));
    // What ended while nobody was here is never shown. Where it cannot be written, the timer says so and tries again.
    await store.#housekeeper.expire().catch(() => undefined);
    return store;
  }

  private constructor(options: SealedStoreOptions, turns: Turns, parts: Parts) {
    this.#options = options;
    this.#turns = turns;
    this.#parts = parts;
    this.#appends = new Gatherer(turns, (batches) => this.#append(batches));
    this.#startKeeper();
    this.#housekeeper = this.#makeHousekeeper();
    this.#housekeeper.start();
    if (parts.ledger.isAhead) this.#restSoon();
  }

  /** What waits to be sent. */
  get queue(): Queue {
    return this.#parts.outbox;
  }

  /** What of the log could not be read when the store was opened. */
  get losses(): readonly Loss[] {
    return this.#parts.ledger.losses;
  }

  /** What of the log is damaged, in words that can be told: how many events, between which times. */
  describeLosses(): Promise<LossReport[]> {
    return describeLosses(this.#parts.ledger.log, this.losses);
  }

  /** Does at once what otherwise waits for its hour: ends what has expired, forgets what was put away long enough, joins the rest. */
  tidyUp(): Promise<void> {
    return this.#housekeeper.run();
  }

  /** What lies on the disk, sealed. */
  get disk(): Pick<Disk, 'chunks' | 'lastChunk' | 'meta' | 'usage'> {
    return this.#options.disk;
  }

  /** The whole log, stretch by stretch, without what is lost or only a newer build reads. */
  async *history(): AsyncGenerator<readonly LocalEvent[]> {
    for await (const { events } of new LogBook(this.#options.disk, this.#options.vessel).read(0))
      yield events.filter((event) => event !== undefined);
  }

  append(events: readonly LocalEvent[]): Promise<AppendReport> {
    if (this.#isClosed) return Promise.reject(new StoreError('closed', 'the store is closed'));
    return this.#appends.add(events);
  }

  /** Of these keys (`logKey`), the ones that the log has. */
  known(keys: readonly string[]): Promise<Set<string>> {
    return Promise.resolve(new Set(keys.filter((key) => this.#parts.ledger.has(key))));
  }

  /** What a relay said when it accepted the event; undefined when none has. */
  async acceptanceOf(id: string): Promise<string | undefined> {
    return (await this.get(accepted, id))?.note;
  }

  async get<Row>(table: Table<Row>, id: string): Promise<Row | undefined> {
    return (await this.getMany(table, [id]))[0];
  }
  async getMany<Row>({ name }: Table<Row>, ids: readonly string[]): Promise<(Row | undefined)[]> {
    return (await this.#parts.ledger.rows.getMany(name, ids)).map((row) => row?.v as Row | undefined);
  }
  async all<Row>({ name }: Table<Row>): Promise<Row[]> {
    return (await this.#parts.ledger.rows.all(name)).map((row) => row.v as Row);
  }
  async part<Row>({ name }: Table<Row>, query: PartQuery): Promise<Row[]> {
    return (await this.#parts.ledger.rows.part(name, query)).map((row) => row.v as Row);
  }
  count<Row>({ name }: Table<Row>, part: string): Promise<number> {
    return this.#parts.ledger.rows.count(name, part);
  }

  /** Rows by the words in them, best first. The first question after opening waits until the words have been read. */
  search(question: SearchQuestion): Promise<SearchAnswer> {
    return this.#parts.keeper.search(question);
  }

  watch(watched: readonly Watched[], changed: () => void): () => void {
    return this.#options.watchers.watch(watched, changed);
  }

  async readMeta(name: string): Promise<unknown> {
    const key = ownName(name);
    const found = (await this.#options.disk.meta(key)).find((record) => record.name === key);
    const taken = found && (await this.#options.vessel.take({ table: 'meta', key }, found.sealed));
    return taken?.ok ? taken.value : undefined;
  }

  async writeMeta(name: string, value: unknown): Promise<void> {
    const key = ownName(name);
    const { disk, vessel } = this.#options;
    if (value === undefined) return disk.write({ droppedMeta: [key] });
    await disk.write({ meta: [{ name: key, sealed: await vessel.put({ table: 'meta', key }, value) }] });
  }

  /** Builds all rows anew. False when the signal stopped it: the rows are as they were. */
  async rebuild(progress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<boolean> {
    const isDone = await this.#turns.take(async () => {
      const { ledger, keeper, outbox } = this.#parts;
      if (signal && ledger.isAhead) await ledger.checkpoint();
      if (await ledger.rebuild(progress, signal)) return true;
      keeper.stop();
      this.#parts = { ...(await openParts(this.#options, this.#turns)), outbox };
      return false;
    });
    if (!isDone) this.#startKeeper();
    this.#tellAll();
    return isDone;
  }

  /** Takes everything in memory to the disk; without it that happens after a while. */
  async checkpoint(): Promise<void> {
    clearTimeout(this.#rest);
    await this.#parts.keeper.tidy();
    await this.#turns.take(async () => {
      const { ledger } = this.#parts;
      if (!ledger.isAhead && !ledger.words.isAhead) return;
      ledger.words.shred();
      await ledger.checkpoint();
    });
  }

  async wipe(): Promise<void> {
    clearTimeout(this.#rest);
    await this.#turns.take(async () => {
      this.#parts.keeper.stop();
      await this.#options.disk.wipe();
      this.#parts = await openParts(this.#options, this.#turns);
    });
    this.#startKeeper();
    this.#tellAll();
  }

  close(): void {
    clearTimeout(this.#rest);
    this.#isClosed = true;
    this.#housekeeper.stop();
    this.#parts.keeper.stop();
    this.#options.watchers.close();
    this.#options.disk.close();
  }

  /** Batches that came together: one transaction for all of them, the report of each to each. */
  async #append(batches: readonly (readonly LocalEvent[])[]): Promise<AppendReport[]> {
    const { ledger, outbox } = this.#parts;
    const { disk, watchers } = this.#options;
    const entry = await ledger.enter(batches.flat());
    if (entry.events.length > 0) {
      const queue = await outbox.foresee(entry.events, entry.from);
      await Promise.all([disk.write({ ...entry.writes, ...queue.writes }), entry.warmUp()]);
      queue.settle();
      const touched = await entry.settle();
      watchers.tell(queue.isChanged ? [...touched, { table: QUEUE_TABLE }] : touched);
      if (ledger.isCheckpointDue) await this.#checkpointAmidst();
      this.#restSoon();
    }
    const fresh = new Set(entry.events);
    return batches.map((batch) => {
      const appended = batch.filter((event) => fresh.delete(event)).length;
      return { appended, duplicates: batch.length - appended };
    });
  }

  /** Amidst appends: words are merged in turns of their own, afterwards. */
  async #checkpointAmidst(): Promise<void> {
    const { ledger, keeper } = this.#parts;
    await ledger.checkpoint();
    keeper.tidy().catch((cause: unknown) => console.error('Words could not be merged', cause));
  }

  #startKeeper(): void {
    this.#parts.keeper.start().catch((cause: unknown) => {
      if (!this.#isClosed) console.error('Words could not be read or gathered', cause);
    });
  }

  #makeHousekeeper(): Housekeeper {
    const ledger = () => this.#parts.ledger;
    return new Housekeeper({
      rows: this,
      clock: this.#options.clock ?? systemClock,
      log: { open: (after, limit) => ledger().log.open(after, limit) },
      append: (events) => this.append(events),
      watch: (watched, changed) => this.watch(watched, changed),
      readMeta: (name) => this.readMeta(name),
      writeMeta: (name, value) => this.writeMeta(name, value),
      isThinned: () => ledger().forgetter.isThinned,
      compacted: () => (ledger().forgetter.isThinned = false),
      join: (seqs, values) => this.#turns.take(() => ledger().log.join(seqs, values)),
    });
  }

  #restSoon(): void {
    clearTimeout(this.#rest);
    if (this.#isClosed) return;
    this.#rest = setTimeout(() => {
      this.checkpoint().catch((cause: unknown) => console.error('A checkpoint failed', cause));
    }, this.#options.restAfter ?? REST_AFTER);
  }

  #tellAll(): void {
    const tables = this.#options.projections.flatMap((one) =>
      one.tables.map(({ name }) => ({ table: name })),
    );
    this.#options.watchers.tell([...tables, { table: QUEUE_TABLE }]);
  }
}

const openParts = async (options: SealedStoreOptions, turns: Turns): Promise<Parts> => {
  const { disk, outboxVessel: vessel, watchers } = options;
  const [ledger, outbox] = await Promise.all([
    Ledger.open(options),
    SealedOutbox.open({ disk, vessel, watchers, turns }),
  ]);
  const keeper = new WordKeeper({
    book: ledger.words,
    rows: ledger.rows,
    turn: (work) => turns.take(work),
    checkpoint: () => ledger.checkpoint(),
    progress: options.gathered,
  });
  return { ledger, outbox, keeper };
};

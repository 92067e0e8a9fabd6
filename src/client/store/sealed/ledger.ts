/** The log and its rows, as they stand: numbers given, events known, projections run, checkpoints taken. One writer calls it. */
import { logKey } from '../log-keys.ts';
import { readsVariant } from '../local-events.ts';
import type { LocalEvent } from '../local-events.ts';
import { Overlay } from '../overlay.ts';
import { HashIndex } from '../pages/hash-index.ts';
import { projectEvents } from '../projecting.ts';
import type { ProjectionFailed } from '../projecting.ts';
import type { Projection } from '../projection.ts';
import type { Touched } from '../rows.ts';
import { isRecord } from '#shared/json.ts';
import type { Disk, DiskWrites, MetaRecord } from './disk.ts';
import { loadIndex, saveIndex } from './kept-index.ts';
import { LogForgetter } from './log-forgetter.ts';
import { LogBook } from './log-book.ts';
import type { Loss, Stretch } from './log-book.ts';
import { parseLosses } from './losses.ts';
import { ProgressBook } from './progress-book.ts';
import { replay } from './replaying.ts';
import type { Replayed } from './replaying.ts';
import { RowShelf } from './row-shelf.ts';
import type { Vessel } from './vessel.ts';
import { WordBook } from '../words/word-book.ts';

export interface LedgerOptions {
  readonly disk: Disk;
  readonly vessel: Vessel;
  /** Two words that only this profile knows. */
  readonly seed: Uint32Array;
  readonly projections: readonly Projection[];
  readonly failed: ProjectionFailed;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Events that belong into the log, ready to be written. */
export interface Entry {
  readonly events: readonly LocalEvent[];
  /** The number of the first. */
  readonly from: number;
  readonly writes: DiskWrites;
  /** Fetches what settling will ask for, while the disk writes. Never fails. */
  warmUp(): Promise<void>;
  /** Once they are on the disk: rows and numbers follow. Says what changed. */
  settle(): Promise<Touched[]>;
}

const SEEN = 'seen';
const STATE = 'state';
/**
 * Events that rows in memory may be ahead of those on the disk while much comes in: half as many as the disk knows, within these
 * bounds. A checkpoint then writes many changes a page; after a crash the most are replayed in a second or two.
 */
const AHEAD = { least: 5000, most: 25_000 };

interface Shelved {
  readonly shelf: RowShelf;
  readonly damaged: Set<number>;
  readonly words: WordBook;
  readonly seen: HashIndex;
}

export class Ledger {
  readonly #options: LedgerOptions;
  readonly #log: LogBook;
  readonly #seen: HashIndex;
  /** Takes words out of the log. */
  readonly forgetter: LogForgetter;
  readonly #damagedPages: Set<number>;
  /** The words of the rows; they follow the rows, here and on the disk. */
  readonly words: WordBook;
  #shelf: RowShelf;
  #progress: ProgressBook;
  /** The last number given. */
  #last = 0;
  /** Keys are known of all events up to here. */
  #seenUpTo = 0;
  #checkpointed = 0;

  /** Opens what the last checkpoint left and replays the log from there; stale rows are rebuilt. */
  static async open(options: LedgerOptions): Promise<Ledger> {
    const { disk, vessel, seed, projections } = options;
    const damaged = new Set<number>();
    const searchables = projections.flatMap((one) => one.searchable ?? []);
    const openRows = async () => {
      const words = await WordBook.open({ disk, vessel, searchables });
      const report = (page: number): void => void damaged.add(page);
      return { words, ...(await RowShelf.open({ disk, vessel, seed, damaged: report, follower: words })) };
    };
    const seen = new HashIndex(seed);
    // All at once: whoever unlocks waits for it.
    const [{ words, shelf, isWhole }, hasSeen, [kept]] = await Promise.all([
      openRows(),
      loadIndex(seen, SEEN, options),
      disk.meta(STATE),
    ]);
    const ledger = new Ledger(options, { shelf, damaged, words, seen });
    const taken = kept && (await vessel.take({ table: 'meta', key: STATE }, kept.sealed));
    const state = taken?.ok && isRecord(taken.value) ? taken.value : {};
    ledger.#seenUpTo = hasSeen && typeof state['seen'] === 'number' ? state['seen'] : 0;
    ledger.#progress = ProgressBook.parse(state['projections']);
    const isWiser = ledger.#recall(state);
    await ledger.#catchUp(!isWhole || isWiser);
    return ledger;
  }

  /** Takes up what the last checkpoint knew of the log itself. True when this build reads what was passed over until now. */
  #recall(state: Readonly<Record<string, unknown>>): boolean {
    this.forgetter.isThinned = state['isThinned'] === true;
    this.#log.losses.push(...parseLosses(state['losses']));
    const strangers = Array.isArray(state['strangers']) ? state['strangers'].map(String) : [];
    const isWiser = strangers.some(readsVariant);
    if (isWiser) this.#seenUpTo = 0;
    else strangers.forEach((name) => this.#log.strangers.add(name));
    return isWiser;
  }

  private constructor(options: LedgerOptions, { shelf, damaged, words, seen }: Shelved) {
    this.#options = options;
    this.#shelf = shelf;
    this.words = words;
    this.#damagedPages = damaged;
    this.#log = new LogBook(options.disk, options.vessel);
    this.#seen = seen;
    this.forgetter = new LogForgetter({ log: this.#log, seen: this.#seen, disk: options.disk });
    this.#progress = ProgressBook.parse(undefined);
  }

  /** Rows as they are now. */
  get rows(): RowShelf {
    return this.#shelf;
  }

  /** What of the log could not be read. */
  get losses(): readonly Loss[] {
    return this.#log.losses;
  }

  /** The log itself, for readers that take their time. */
  get log(): LogBook {
    return this.#log;
  }

  /** Pages of rows that could not be read: a rebuild brings them back. */
  get damagedPages(): ReadonlySet<number> {
    return this.#damagedPages;
  }

  /** The log's last number. */
  get last(): number {
    return this.#last;
  }

  has(key: string): boolean {
    return this.#seen.get(key) !== undefined;
  }

  /** True when rows in memory are far enough ahead of the disk. */
  get isCheckpointDue(): boolean {
    const allowed = Math.min(AHEAD.most, Math.max(AHEAD.least, this.#checkpointed / 2));
    return this.#ahead >= allowed;
  }

  get #ahead(): number {
    return this.#last - this.#checkpointed;
  }

  /** True when there is anything to take to the disk. */
  get isAhead(): boolean {
    return this.#last > this.#checkpointed;
  }

  /** The events that the log lacks, sealed and projected; nothing is true of it before it has settled. */
  async enter(events: readonly LocalEvent[]): Promise<Entry> {
    const from = this.#last + 1;
    const fresh = this.#unknown(events);
    const { projections, failed } = this.#options;
    const current = this.#progress.at(this.#last, projections);
    const overlay = new Overlay(this.#shelf);
    const [chunks] = await Promise.all([
      this.#log.seal(fresh, this.#last),
      projectEvents(overlay, current, fresh, failed),
    ]);
    const changes = await overlay.changes();
    const writes = await this.forgetter.writes(changes.forgotten, {
      events: fresh,
      chunks,
      last: this.#last,
    });
    return {
      events: fresh,
      from,
      writes,
      warmUp: () => this.#shelf.warmUp(changes),
      settle: async () => {
        await this.#shelf.write(changes);
        this.#note(fresh, from);
        this.#last += fresh.length;
        this.#seenUpTo = this.#last;
        this.#progress.advance(current, this.#last);
        return changes.touched;
      },
    };
  }

  /** Takes changed pages, what is known and how far everybody is to the disk, in one transaction. */
  async checkpoint(): Promise<void> {
    const { disk, vessel } = this.#options;
    const shelf = await this.#shelf.checkpoint();
    const seen = await saveIndex(this.#seen, SEEN, vessel);
    const words = await this.words.checkpoint();
    const meta = [...(shelf.meta ?? []), ...seen, ...words.meta, await this.#stateRecord()];
    await disk.write({ ...shelf, meta, droppedMeta: words.droppedMeta });
    this.#shelf.settle();
    this.words.settle();
    this.#seen.settle();
    this.#checkpointed = this.#last;
  }

  /**
   * Drops every projection's rows and replays the log. With a `signal` nothing of it is on the disk before the end; false when it
   * was stopped, and this ledger is to be thrown away.
   */
  rebuild(progress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<boolean> {
    this.#log.losses.length = 0;
    return this.#catchUp(true, progress, signal);
  }

  async #catchUp(startOver: boolean, told = this.#options.progress, signal?: AbortSignal): Promise<boolean> {
    const { projections, disk } = this.#options;
    const stale = this.#progress.adopt(projections, startOver);
    await this.#shelf.clear(stale);
    const total = await disk.lastChunk();
    const from = Math.min(this.#seenUpTo, this.#progress.lowest(projections));
    this.#last = Math.max(from, this.#last);
    this.#checkpointed = from;
    let lost = this.#log.losses.length;
    for await (const stretch of this.#log.read(from)) {
      if (signal?.aborted) return false;
      // What is lost may come again.
      for (const loss of this.#log.losses.slice(lost)) this.#seen.deleteBetween(loss.from, loss.to);
      lost = this.#log.losses.length;
      this.#see(stretch);
      this.forgetter.meet(stretch.events);
      await replay(this.#replayed, stretch);
      this.#last = stretch.from + stretch.events.length - 1;
      if (this.#ahead >= AHEAD.most && !signal) {
        await this.forgetter.forgetWanted();
        await this.checkpoint();
      }
      if (stale.length > 0) told?.(this.#last, total);
    }
    await this.forgetter.forgetWanted();
    if (stale.length > 0) await this.checkpoint();
    return true;
  }

  get #replayed(): Replayed {
    const { projections, failed } = this.#options;
    return { shelf: this.#shelf, progress: this.#progress, projections, failed, forgetter: this.forgetter };
  }

  /** Learns the keys of a stretch that the kept index did not know yet. */
  #see({ from, events }: Stretch): void {
    events.forEach((event, at) => {
      if (event && from + at > this.#seenUpTo) this.#note([event], from + at);
    });
    this.#seenUpTo = Math.max(this.#seenUpTo, from + events.length - 1);
  }

  #note(events: readonly LocalEvent[], from: number): void {
    events.forEach((event, at) => {
      const key = logKey(event);
      if (key !== undefined) this.#seen.set(key, from + at);
    });
  }

  #unknown(events: readonly LocalEvent[]): LocalEvent[] {
    const own = new Set<string>();
    return events.filter((event) => {
      const key = logKey(event);
      if (key === undefined) return true;
      if (own.has(key) || this.has(key)) return false;
      own.add(key);
      return true;
    });
  }

  async #stateRecord(): Promise<MetaRecord> {
    const { losses, strangers } = this.#log;
    const value = {
      seen: this.#seenUpTo,
      projections: this.#progress,
      losses,
      strangers: [...strangers],
      isThinned: this.forgetter.isThinned,
    };
    const sealed = await this.#options.vessel.put({ table: 'meta', key: STATE }, value);
    return { name: STATE, sealed };
  }
}

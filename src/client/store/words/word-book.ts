/**
 * All tables' words and how they lie on the disk: sealed segments and one manifest, written with the checkpoint of the rows they
 * follow. What a crash takes from memory comes back as the rows do, by replaying the log's end.
 */
import type { StoredSegment } from '../search/layers.ts';
import type { Place } from '../seal/sealer.ts';
import type { Searchable } from '../searching.ts';
import type { Failure, Result } from '#shared/result.ts';
import { makeManifest, parseManifest } from './manifest.ts';
import type { KeptSegment, KeptTable, Manifest } from './manifest.ts';
import { TableWords } from './table-words.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Taken<T> = Promise<Result<T, Failure<'damaged'>>>;

/** What words need of the disk and of sealing. */
export interface WordPorts {
  readonly disk: {
    meta(prefix: string): Promise<{ readonly name: string; readonly sealed: Bytes }[]>;
  };
  readonly vessel: {
    put(place: Place, value: unknown): Promise<Bytes>;
    take(place: Place, sealed: Bytes): Taken<unknown>;
    putBytes(place: Place, bytes: Uint8Array): Promise<Bytes>;
    takeBytes(place: Place, sealed: Bytes): Taken<Bytes>;
  };
  readonly searchables: readonly Searchable[];
  /** Milliseconds, for how long words may wait to be shredded while much comes in. */
  readonly now?: () => number;
}

/** Records to write and to drop with a checkpoint. */
export interface WordWrites {
  readonly meta: { readonly name: string; readonly sealed: Bytes }[];
  readonly droppedMeta: string[];
}

const MANIFEST = 'word-book';
const RECORDS = 'words ';
/** Segments of one table from which on a checkpoint does not wait for idle moments to merge some. */
const MOST_SEGMENTS = 24;
/** Milliseconds after which removed words are shredded even though much comes in. */
const SHRED_WITHIN = 60_000;

const recordName = (record: number): string => `${RECORDS}${record}`;
const deadName = (record: number): string => `${RECORDS}${record} dead`;
const placeOf = (key: string): Place => ({ table: 'meta', key });

export class WordBook {
  readonly #ports: WordPorts;
  readonly #tables = new Map<string, TableWords>();
  /** The segments on the disk, or to be written, by table and segment number. */
  readonly #segments = new Map<string, Map<number, KeptSegment>>();
  /** Records to write; null to drop one. */
  readonly #pending = new Map<string, Uint8Array | null>();
  #writing: [string, Uint8Array | null][] = [];
  #next: number;
  #loading: Promise<void> | undefined;
  #changes = 0;
  #written = 0;
  #writtenNext = 0;
  #owesShredSince: number | undefined;

  /** Reads what is kept, not the words themselves. `load` does that. */
  static async open(ports: WordPorts): Promise<WordBook> {
    const kept = (await ports.disk.meta(MANIFEST)).find(({ name }) => name === MANIFEST);
    const taken = kept && (await ports.vessel.take(placeOf(MANIFEST), kept.sealed));
    return new WordBook(ports, taken?.ok ? parseManifest(taken.value) : undefined);
  }

  private constructor(ports: WordPorts, manifest: Manifest | undefined) {
    this.#ports = ports;
    this.#next = manifest?.next ?? 0;
    for (const searchable of ports.searchables) {
      const kept = manifest?.tables[searchable.table];
      const isCurrent = kept?.version === (searchable.version ?? 1);
      this.#tables.set(searchable.table, new TableWords(searchable, isCurrent ? 'kept' : 'gathering'));
      if (isCurrent) this.#segments.set(searchable.table, new Map(kept.segments.map((one) => [one[0], one])));
      else this.#changes += 1;
    }
    this.#owed = new Map(Object.entries(manifest?.tables ?? {}).map(([name, one]) => [name, one.owesShred]));
  }

  readonly #owed: ReadonlyMap<string, boolean>;

  /** The tables whose rows have words. */
  get tables(): Iterable<TableWords> {
    return this.#tables.values();
  }

  /** True when a checkpoint has something to write although no row changed. */
  get isAhead(): boolean {
    return (
      this.#changes > this.#written ||
      this.#pending.size > 0 ||
      [...this.#tables.values()].some(({ owesShred }) => owesShred)
    );
  }

  /** Whether a table's rows have words. */
  follows(table: string): boolean {
    return this.#tables.has(table);
  }

  /** A row came (`before` is undefined), changed or went. */
  change(table: string, id: string, before: unknown, after: unknown): void {
    const words = this.#tables.get(table);
    words?.change(id, before, after);
    if (words?.owesShred) this.#owesShredSince ??= this.#now();
  }

  /** The table's rows are gone, all of them. */
  clear(table: string): void {
    const words = this.#tables.get(table);
    if (!words) return;
    this.#dropSegments(table);
    this.#tables.set(table, new TableWords(words.searchable, 'whole'));
  }

  /** Reads the kept words. Once; whoever comes meanwhile waits for the same reading. */
  load(): Promise<void> {
    this.#loading ??= this.#load().catch((cause: unknown) => {
      this.#loading = undefined;
      throw cause;
    });
    return this.#loading;
  }

  /** One merge where one is due, in any table; false when all is tidy. */
  tidy(): boolean {
    return [...this.#tables.values()].some((words) => words.tidy());
  }

  /** Words that are to be found no more leave the bytes that the next checkpoint writes. */
  shred(): void {
    for (const words of this.#tables.values()) {
      if (!words.owesShred) continue;
      words.shred();
      this.#changes += 1;
    }
    this.#owesShredSince = undefined;
  }

  /** Every row of a table was gone through. */
  gathered(words: TableWords): void {
    words.gathered();
    this.#changes += 1;
  }

  /** What a checkpoint writes; no row may change until `settle`. */
  async checkpoint(): Promise<WordWrites> {
    if ([...this.#tables.values()].some(({ isWaiting }) => isWaiting)) await this.load();
    if (this.#owesShredSince !== undefined && this.#now() - this.#owesShredSince >= SHRED_WITHIN)
      this.shred();
    for (const words of this.#tables.values()) if (words.state === 'whole') this.#collect(words);
    this.#writing = [...this.#pending];
    this.#writtenNext = this.#changes;
    if (this.#writing.length === 0 && this.#changes === this.#written) return { meta: [], droppedMeta: [] };
    const { vessel } = this.#ports;
    const meta = this.#writing.flatMap(([name, bytes]) => (bytes ? [this.#record(name, bytes)] : []));
    const manifest = { name: MANIFEST, sealed: await vessel.put(placeOf(MANIFEST), this.#manifest()) };
    const droppedMeta = this.#writing.flatMap(([name, bytes]) => (bytes ? [] : [name]));
    return { meta: [...(await Promise.all(meta)), manifest], droppedMeta };
  }

  /** The checkpoint is on the disk. */
  settle(): void {
    for (const [name, bytes] of this.#writing.splice(0))
      if (this.#pending.get(name) === bytes) this.#pending.delete(name);
    this.#written = this.#writtenNext;
  }

  async #load(): Promise<void> {
    const records = await this.#ports.disk.meta(RECORDS);
    const wanted = new Set(
      [...this.#segments.values()].flatMap((segments) => [...segments.values()].flatMap(namesOf)),
    );
    const opened = new Map<string, Bytes>();
    await Promise.all(
      records.map(async ({ name, sealed }) => {
        if (!wanted.has(name)) return;
        const taken = await this.#ports.vessel.takeBytes(placeOf(name), sealed);
        if (taken.ok) opened.set(name, taken.value);
      }),
    );
    for (const [table, words] of this.#tables)
      if (words.state === 'kept') this.#restore(table, words, opened);
    this.#dropStrays(records.map(({ name }) => name));
    if ([...this.#tables.values()].some(({ owesShred }) => owesShred)) this.#owesShredSince ??= this.#now();
  }

  #restore(table: string, words: TableWords, opened: ReadonlyMap<string, Bytes>): void {
    const stored: StoredSegment[] = [];
    const segments = [...(this.#segments.get(table)?.values() ?? [])];
    for (const [number, record, hasDead] of segments) {
      const bytes = opened.get(recordName(record));
      const dead = hasDead ? opened.get(deadName(record)) : undefined;
      if (!bytes || (hasDead && !dead)) break;
      stored.push({ number, bytes, ...(dead ? { dead } : {}) });
    }
    if (stored.length === segments.length && words.restore(stored, this.#owed.get(table) === true)) return;
    if (words.state === 'kept') words.giveUp();
    this.#dropSegments(table);
  }

  /** Records that no table knows: of a manifest that could not be read, of a table that is no more. */
  #dropStrays(names: readonly string[]): void {
    const known = new Set(
      [...this.#segments.values()].flatMap((segments) => [...segments.values()].flatMap(namesOf)),
    );
    for (const name of names) {
      this.#next = Math.max(this.#next, Number.parseInt(name.slice(RECORDS.length), 10) + 1 || 0);
      if (!known.has(name) && !this.#pending.has(name)) this.#pending.set(name, null);
    }
  }

  #collect(words: TableWords): void {
    const { table } = words.searchable;
    const segments = this.#segments.get(table) ?? new Map<number, KeptSegment>();
    this.#segments.set(table, segments);
    if (segments.size > MOST_SEGMENTS) while (words.tidy());
    const { put, drop, dead } = words.takeChanges();
    for (const number of drop) this.#drop(segments, number);
    for (const { number, bytes, dead: buried } of put) {
      const record = this.#next++;
      segments.set(number, [number, record, buried !== undefined]);
      this.#pending.set(recordName(record), bytes);
      if (buried) this.#pending.set(deadName(record), buried);
    }
    for (const { number, dead: buried } of dead) {
      const [, record] = segments.get(number) as KeptSegment;
      segments.set(number, [number, record, true]);
      this.#pending.set(deadName(record), buried);
    }
    if (put.length + drop.length + dead.length > 0) this.#changes += 1;
  }

  #drop(segments: Map<number, KeptSegment>, number: number): void {
    for (const name of namesOf(segments.get(number) as KeptSegment)) this.#pending.set(name, null);
    segments.delete(number);
  }

  #dropSegments(table: string): void {
    const segments = this.#segments.get(table);
    for (const number of [...(segments?.keys() ?? [])])
      this.#drop(segments as Map<number, KeptSegment>, number);
    this.#changes += 1;
  }

  #manifest(): unknown {
    const tables: Record<string, KeptTable> = {};
    for (const [name, words] of this.#tables)
      if (words.state !== 'gathering')
        tables[name] = {
          version: words.searchable.version ?? 1,
          owesShred: words.state === 'kept' ? this.#owed.get(name) === true : words.owesShred,
          segments: [...(this.#segments.get(name)?.values() ?? [])],
        };
    return makeManifest({ next: this.#next, tables });
  }

  async #record(name: string, bytes: Uint8Array) {
    return { name, sealed: await this.#ports.vessel.putBytes(placeOf(name), bytes) };
  }

  #now(): number {
    return (this.#ports.now ?? Date.now)();
  }
}

const namesOf = ([, record, hasDead]: KeptSegment): string[] =>
  hasDead ? [recordName(record), deadName(record)] : [recordName(record)];

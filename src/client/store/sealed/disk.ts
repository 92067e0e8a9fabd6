/** What the sealed store needs of a disk: records by key, written all or not at all. It sees sealed bytes and plain numbers. */

type Bytes = Uint8Array<ArrayBuffer>;

/** A chunk of the log, under the number of its last event. Numbers start at 1 and have no gaps. */
export interface ChunkRecord {
  readonly seq: number;
  readonly sealed: Bytes;
}

export interface PageRecord {
  readonly id: number;
  readonly sealed: Bytes;
}

export interface MetaRecord {
  readonly name: string;
  readonly sealed: Bytes;
}

/** Something that waits to be sent; sealed with a key of this device, so that it can go out while the profile is locked. */
export interface OutboxRecord {
  readonly number: number;
  readonly sealed: Bytes;
}

/** One transaction's writes. */
export interface DiskWrites {
  /** New ones; fails where there is one of that number. */
  readonly chunks?: readonly ChunkRecord[];
  /** Each takes the place of the chunk of its number. */
  readonly resealed?: readonly ChunkRecord[];
  readonly droppedChunks?: readonly number[];
  readonly pages?: readonly PageRecord[];
  readonly droppedPages?: readonly number[];
  /** Before anything else: no page that was there is of use any more. */
  readonly clearsPages?: boolean;
  readonly meta?: readonly MetaRecord[];
  readonly droppedMeta?: readonly string[];
  readonly outbox?: readonly OutboxRecord[];
  /** Each takes the place of the record of its number, where there still is one. */
  readonly answeredOutbox?: readonly OutboxRecord[];
  readonly droppedOutbox?: readonly number[];
}

/** Bytes of sealed records. */
export interface DiskUsage {
  readonly log: number;
  readonly pages: number;
  readonly outbox: number;
  /** By the first word of their names. */
  readonly meta: Readonly<Record<string, number>>;
}

export interface Disk {
  /** Checks, in the same transaction, that this build may write; throws `StoreError('superseded')` otherwise. */
  write(writes: DiskWrites): Promise<void>;
  /** Chunks whose last number is above `after`, ascending, at most so many. */
  chunks(after: number, limit: number): Promise<ChunkRecord[]>;
  /** The log's last number; 0 while it is empty. */
  lastChunk(): Promise<number>;
  /** In the order of the numbers; undefined where there is none. */
  pages(ids: readonly number[]): Promise<(Bytes | undefined)[]>;
  /** All whose name begins so. */
  meta(prefix: string): Promise<MetaRecord[]>;
  outbox(): Promise<OutboxRecord[]>;
  /** Reads everything to measure it. */
  usage(): Promise<DiskUsage>;
  /** Removes everything. */
  wipe(): Promise<void>;
  close(): void;
}

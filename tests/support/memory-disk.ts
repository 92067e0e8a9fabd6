/** A disk in memory for the sealed store: all or nothing, as a transaction is; may refuse, and keeps copies of how it stood. */
import type {
  ChunkRecord,
  Disk,
  DiskUsage,
  DiskWrites,
  MetaRecord,
  OutboxRecord,
} from '../../src/client/store/sealed/disk.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export class MemoryDisk implements Disk {
  chunkRecords = new Map<number, Bytes>();
  pageRecords = new Map<number, Bytes>();
  metaRecords = new Map<string, Bytes>();
  outboxRecords = new Map<number, Bytes>();
  /** Transactions so far. */
  writes = 0;
  /** Called before each transaction; throws to refuse it. */
  guard: (writes: DiskWrites) => void = () => undefined;
  /** Called after each transaction. */
  written: () => void = () => undefined;

  /** The disk as it stands, for another life. */
  copy(): MemoryDisk {
    const copy = new MemoryDisk();
    copy.chunkRecords = new Map(this.chunkRecords);
    copy.pageRecords = new Map(this.pageRecords);
    copy.metaRecords = new Map(this.metaRecords);
    copy.outboxRecords = new Map(this.outboxRecords);
    return copy;
  }

  async write(writes: DiskWrites): Promise<void> {
    await Promise.resolve();
    this.guard(writes);
    if (writes.clearsPages) this.pageRecords.clear();
    for (const { seq, sealed } of writes.chunks ?? []) this.chunkRecords.set(seq, sealed);
    for (const { seq, sealed } of writes.resealed ?? []) this.chunkRecords.set(seq, sealed);
    for (const seq of writes.droppedChunks ?? []) this.chunkRecords.delete(seq);
    for (const { id, sealed } of writes.pages ?? []) this.pageRecords.set(id, sealed);
    for (const id of writes.droppedPages ?? []) this.pageRecords.delete(id);
    for (const { name, sealed } of writes.meta ?? []) this.metaRecords.set(name, sealed);
    for (const name of writes.droppedMeta ?? []) this.metaRecords.delete(name);
    for (const { number, sealed } of writes.outbox ?? []) this.outboxRecords.set(number, sealed);
    for (const { number, sealed } of writes.answeredOutbox ?? [])
      if (this.outboxRecords.has(number)) this.outboxRecords.set(number, sealed);
    for (const number of writes.droppedOutbox ?? []) this.outboxRecords.delete(number);
    this.writes += 1;
    this.written();
  }

  async chunks(after: number, limit: number): Promise<ChunkRecord[]> {
    await Promise.resolve();
    return [...this.chunkRecords]
      .map(([seq, sealed]) => ({ seq, sealed }))
      .filter(({ seq }) => seq > after)
      .sort((a, b) => a.seq - b.seq)
      .slice(0, limit);
  }
  async lastChunk(): Promise<number> {
    return Math.max(0, ...this.chunkRecords.keys());
  }
  async pages(ids: readonly number[]): Promise<(Bytes | undefined)[]> {
    await Promise.resolve();
    return ids.map((id) => this.pageRecords.get(id));
  }
  async meta(prefix: string): Promise<MetaRecord[]> {
    return [...this.metaRecords]
      .map(([name, sealed]) => ({ name, sealed }))
      .filter(({ name }) => name.startsWith(prefix));
  }
  async outbox(): Promise<OutboxRecord[]> {
    return [...this.outboxRecords].map(([number, sealed]) => ({ number, sealed }));
  }
  async usage(): Promise<DiskUsage> {
    const sum = (records: Map<unknown, Bytes>) =>
      [...records.values()].reduce((all, { length }) => all + length, 0);
    const meta: Record<string, number> = {};
    for (const [name, { length }] of this.metaRecords) {
      const [word = ''] = name.split(' ');
      meta[word] = (meta[word] ?? 0) + length;
    }
    return {
      log: sum(this.chunkRecords),
      pages: sum(this.pageRecords),
      outbox: sum(this.outboxRecords),
      meta,
    };
  }
  async wipe(): Promise<void> {
    for (const records of [this.chunkRecords, this.pageRecords, this.metaRecords, this.outboxRecords])
      records.clear();
  }
  close(): void {}
}

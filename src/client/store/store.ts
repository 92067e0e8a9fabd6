import type { LocalEvent } from './local-events.ts';
import type { RowReader, Watched } from './table.ts';

export interface AppendReport {
  readonly appended: number;
  /** Events already in the log; nothing was written for them. */
  readonly duplicates: number;
}

/**
 * The device's store, as the worker that owns it sees it. Every write goes through the log; rows are the projections'
 * work, in the same transaction. Behind this door only `client/store` knows what lies on the disk.
 */
export interface Store extends RowReader {
  /** Appends in order and projects, all or nothing. Throws only on broken storage. */
  append(events: readonly LocalEvent[]): Promise<AppendReport>;
  /** Calls back (coalesced) after writes to any of these, by this or another tab. Returns the way to stop. */
  watch(watched: readonly Watched[], changed: () => void): () => void;
  /** Small things that are not history: wrapped keys, cursors. */
  readMeta(name: string): Promise<unknown>;
  writeMeta(name: string, value: unknown): Promise<void>;
  /** Drops every projection's rows and replays the log; reports events done. False when the signal stopped it: rows are as they were. */
  rebuild(progress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<boolean>;
  /** Forgets everything on this device. */
  wipe(): Promise<void>;
  close(): void;
}

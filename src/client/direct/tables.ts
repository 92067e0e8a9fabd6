/** What this device keeps of private talk besides its lines: wraps that wait to be opened, and which wraps carry what was said here. */
import type { NostrEvent } from '#protocol/event.ts';
import { defineTable } from '../store/table.ts';

/** A wrap that came for somebody of this device. */
export interface WrapRow {
  /** The wrap's id. */
  readonly id: string;
  /** As it came; absent once it was opened, or turned out to be unreadable. */
  readonly event?: NostrEvent;
}

/** Where those that wait to be opened are. */
export const WAITING = 'waiting';

/** Part: waiting, or done. */
export const wraps = defineTable<WrapRow>({
  name: 'wraps',
  id: (row) => row.id,
  part: (row) => (row.event ? WAITING : 'done'),
});

/** What was said here: a rumor, and the wraps that carry it. */
export interface SentRumorRow {
  /** The rumor's id. */
  readonly id: string;
  /** Ids of its wraps. */
  readonly wraps: readonly string[];
}

export const sentRumors = defineTable<SentRumorRow>({ name: 'sent_rumors', id: (row) => row.id });

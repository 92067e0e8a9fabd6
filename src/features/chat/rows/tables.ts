/** What the conversation keeps on this device. */
import type { NostrEvent } from '#protocol/event.ts';
import { defineTable } from '#client/store/table.ts';
import type { Cursor } from '#client/store/table.ts';
import type { Attachment } from '#protocol/media/attachments.ts';
import type { Poll } from '#protocol/lines/polls.ts';
import type { LinkPreview } from '#protocol/media/previews.ts';

/** `pending`: signed here, no answer yet; `sent`: a relay has it; `failed`: a relay refused it. */
export type Delivery = 'pending' | 'sent' | 'failed';

/** A line of a place's timeline; once taken away, a tombstone without its text. */
export interface LineRow {
  readonly id: string;
  readonly group: string;
  readonly author: string;
  /** Without the addresses of its files. */
  readonly text: string;
  /** What hangs on it; absent for nothing. */
  readonly files?: readonly Attachment[];
  /** What its author saw behind its web addresses; absent for nothing. */
  readonly previews?: readonly LinkPreview[];
  /** Unix seconds, as its author says. */
  readonly at: number;
  /** Its place among its author's lines of that second, 1–9999; absent for the first. */
  readonly seq?: number;
  readonly kind: number;
  readonly replyTo?: string;
  readonly root?: string;
  readonly mentions: readonly string[];
  /** Said before, elsewhere. */
  readonly forwarded?: true;
  /** When it disappears (NIP-40), Unix seconds. */
  readonly expires?: number;
  /** What can be answered to it (NIP-88); absent where it asks nothing. */
  readonly poll?: Poll;
  /** No words, but how long lines stay from here on: seconds, 0 for good. */
  readonly stays?: number;
  /** In private talk: what a kind 15 rumor says of its file, for `parseSealedFile`. */
  readonly sealed?: Pick<NostrEvent, 'kind' | 'tags' | 'content'>;
  /** Its author has worded it anew: when (Unix seconds), and what it said first. */
  readonly edited?: { readonly at: number; readonly first: string };
  readonly state: Delivery;
  /** The relay's own words when it refused. */
  readonly reason?: string;
  /** Relays known to have it: an admin's deletion counts only from one of them. In private talk, wraps that brought it. */
  readonly relays: readonly string[];
  /** Who took it away, once that counts. */
  readonly deletedBy?: string;
  /** A deletion signed here waits for its answer. */
  readonly leaving?: true;
  /** The person put it away with its conversation; it comes back when they want it back. */
  readonly cleared?: true;
  /** Its own time came (NIP-40): without its text, and not shown. */
  readonly expired?: true;
  /** Put away and not wanted back, or deleted on this device: without its text, and not shown. */
  readonly purged?: true;
}

/** True for a line that nobody sees, not even as a tombstone. */
export const isHidden = (row: LineRow): boolean =>
  row.cleared === true || row.expired === true || row.purged === true;

/** One reaction event. */
export interface ReactionRow {
  readonly id: string;
  readonly target: string;
  readonly group: string;
  readonly author: string;
  readonly emoji: string;
  readonly at: number;
  readonly state: Delivery;
  readonly relays: readonly string[];
  readonly leaving?: true;
  /** Taken back; the emoji is empty. Kept, because another relay may bring the reaction again. */
  readonly gone?: true;
}

/** What a list of conversations shows, and where reading stopped. */
export interface ConversationRow {
  /** The group. */
  readonly id: string;
  /** The newest line that is still there; time 0 and empty for none. */
  readonly lastId: string;
  readonly lastAt: number;
  /** Its place within its second; 0 for the first. */
  readonly lastSeq?: number;
  /** The first characters as on the wire; `previewText` makes them fit to show. */
  readonly lastText: string;
  /** What hangs on it; absent for nothing. */
  readonly lastFiles?: readonly Pick<Attachment, 'type' | 'name' | 'duration'>[];
  readonly lastAuthor: string;
  /** Lines on this device that are still there. */
  readonly lines: number;
  /** Lines of others after `readUpTo`. */
  readonly unread: number;
  /** Unix seconds; 0 where it was never read. */
  readonly readUpTo: number;
  /** What stands in the composer, as on the wire. */
  readonly draft: string;
  /** How long lines stay; by the line that says so, or (without its id) by the person's own choice. Absent: for good. */
  readonly stays?: { readonly after: number; readonly at: number; readonly id: string };
  /** Lines up to this time (Unix seconds) are put away on this device; absent for none. */
  readonly clearedUpTo?: number;
}

/** A line's place in a thread: under the thread's first line and, where it differs, under the line it answers. */
export interface ReplyRow {
  readonly id: string;
  readonly line: string;
  readonly parent: string;
  readonly author: string;
  readonly at: number;
  /** The reply was taken away. */
  readonly gone: boolean;
}

/** One target of one deletion event, kept because it may come before what it takes away. */
export interface DeletionRow {
  readonly id: string;
  readonly target: string;
  readonly group: string | undefined;
  readonly by: string;
  /** Kind 9005: an admin's, in the group's name. Else kind 5: the author's own. */
  readonly admin: boolean;
  readonly at: number;
  readonly state: Delivery;
  readonly relays: readonly string[];
  /** No deletion at all, but the target's own end. */
  readonly end?: 'expired' | 'purged' | 'hidden';
}

/** What an event signed here was, for the answers that name it by id only. */
export interface OutgoingRow {
  readonly id: string;
  readonly what: 'line' | 'reaction' | 'deletion' | 'edit' | 'letter';
  /** What a deletion names; what a letter carries. */
  readonly targets: readonly string[];
  /** In private talk: the wraps of it that oneself can open. */
  readonly copies?: readonly string[];
}

/** Where a group's hidden lines are, out of the way of everybody who reads along its lines. */
export const hiddenPart = (group: string): string => `\0hidden ${group}`;

/** A line's number in the order of its place: its time, and within a second the order in which its author wrote. */
const lineOrder = ({ at, seq = 0 }: Pick<LineRow, 'at' | 'seq'>): number => at + seq / 10_000;

/** The place of a line in the order of lines. */
export const lineCursor = (line: Pick<LineRow, 'at' | 'seq' | 'id'>): Cursor => ({
  order: lineOrder(line),
  id: line.id,
});

/** Right before a line: ids are hex of one length, and a shorter one lies right before those that it begins. */
export const beforeLine = (line: Pick<LineRow, 'at' | 'seq' | 'id'>): Cursor => ({
  order: lineOrder(line),
  id: line.id.slice(0, -1),
});

/** Behind all lines of a second, and before those of the next. */
export const behindSecond = (at: number): Cursor => ({ order: at + 1, id: '' });

/** Oldest first. */
export const compareLines = (
  a: Pick<LineRow, 'at' | 'seq' | 'id'>,
  b: Pick<LineRow, 'at' | 'seq' | 'id'>,
): number => lineOrder(a) - lineOrder(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Part: group, or `hiddenPart`; order: time, then what was written first. */
export const lines = defineTable<LineRow>({
  name: 'lines',
  id: (row) => row.id,
  part: (row) => (isHidden(row) ? hiddenPart(row.group) : row.group),
  order: lineOrder,
});

/** Part: the line reacted to. */
export const reactions = defineTable<ReactionRow>({
  name: 'reactions',
  id: (row) => row.id,
  part: (row) => row.target,
  order: (row) => row.at,
});

/** One row a group. */
export const conversations = defineTable<ConversationRow>({
  name: 'conversations',
  id: (row) => row.id,
  order: (row) => row.lastAt,
});

/** Part: the line above. */
export const replies = defineTable<ReplyRow>({
  name: 'line_replies',
  id: (row) => row.id,
  part: (row) => row.parent,
  order: (row) => row.at,
});

/** Part: what is taken away. */
export const deletions = defineTable<DeletionRow>({
  name: 'line_deletions',
  id: (row) => row.id,
  part: (row) => row.target,
  order: (row) => row.at,
});

/** Own events on their way. */
export const outgoing = defineTable<OutgoingRow>({ name: 'line_outgoing', id: (row) => row.id });

/** Keys that signed on this device: their lines are never unread. */
export const selves = defineTable<{ readonly id: string }>({ name: 'line_selves', id: (row) => row.id });

/** What this device keeps of private talk besides its lines: wraps as they come and go, where people receive, who may speak. */
import type { NostrEvent } from '#protocol/event.ts';
import { defineTable } from '../store/table.ts';

/** A wrap that came for somebody of this device. */
export interface WrapRow {
  /** The wrap's id. */
  readonly id: string;
  /** As it came; absent once it was opened, or turned out to be unreadable. */
  readonly event?: NostrEvent;
  /** What it says, or words anew: a rumor's id; with its author. */
  readonly says?: string;
  readonly author?: string;
}

/** Why a wrap was refused whose words had ended when it was opened. */
export const TOO_LATE = 'ended before it was opened';

/** Where those that wait to be opened are. */
export const WAITING = 'waiting';

/** Where the wraps are that say something. */
export const saying = (rumor: string): string => `says ${rumor}`;

/** Part: waiting, what it says, or done. */
export const wraps = defineTable<WrapRow>({
  name: 'wraps',
  id: (row) => row.id,
  part: (row) => (row.event ? WAITING : row.says === undefined ? 'done' : saying(row.says)),
});

/** Somebody took back what has this id. Whether it is theirs, shows when it is here. */
export const takenBack = defineTable<{ readonly author: string; readonly says: string }>({
  name: 'taken_back',
  id: ({ author, says }) => `${author} ${says}`,
});

/** What was said here: a rumor, and the wraps that carry it. */
export interface SentRumorRow {
  /** The rumor's id. */
  readonly id: string;
  /** Ids of its wraps. */
  readonly wraps: readonly string[];
}

export const sentRumors = defineTable<SentRumorRow>({ name: 'sent_rumors', id: (row) => row.id });

/** `held`: nobody knows yet where its person receives; the others as for a line. */
type LetterState = 'held' | 'pending' | 'sent' | 'failed';

/** One wrap of what was said here, on its way to one person. */
export interface LetterRow {
  /** The wrap's id. */
  readonly id: string;
  /** What it carries. */
  readonly rumor: string;
  readonly to: string;
  readonly state: LetterState;
  /** The relay's own words when it refused. */
  readonly reason?: string;
  /** The wrap itself while it is held. */
  readonly wrap?: NostrEvent;
}

/** Part: the rumor. */
export const letters = defineTable<LetterRow>({
  name: 'letters',
  id: (row) => row.id,
  part: (row) => row.rumor,
});

/** A wrap that is held for a person. */
export interface HeldRow {
  /** The wrap's id. */
  readonly id: string;
  readonly to: string;
}

/** Part: the person. */
export const held = defineTable<HeldRow>({
  name: 'letters_held',
  id: (row) => row.id,
  part: (row) => row.to,
});

/** Where a person reads sealed messages (kind 10050, the newest). */
export interface InboxRow {
  /** The person. */
  readonly id: string;
  readonly relays: readonly string[];
  /** Unix seconds of the event that says so. */
  readonly at: number;
  readonly event: string;
}

export const inboxes = defineTable<InboxRow>({ name: 'inboxes', id: (row) => row.id });

/** `request`: strangers speak, and nobody has answered; `ignored`: nobody will. */
type Standing = 'open' | 'request' | 'ignored';

export interface TalkRow {
  /** `talkOf`. */
  readonly id: string;
  readonly standing: Standing;
}

/** Part: how it stands. */
export const talks = defineTable<TalkRow>({
  name: 'talks',
  id: (row) => row.id,
  part: (row) => row.standing,
});

/** Somebody to whom the person of this device has spoken, or whose request they took. */
export const acquaintances = defineTable<{ readonly id: string }>({
  name: 'acquaintances',
  id: (row) => row.id,
});

/** Rows that this feature keeps. All are facts that add up to the same in any order; what they mean is `standing.ts`. */
import { defineTable } from '#client/store/table.ts';
import type { GroupMember, GroupMetadata } from '#protocol/groups.ts';

/** A place: its newest 39000, and its end. */
export interface GroupRow extends GroupMetadata {
  /** Id of the 39000; empty while only the end of the place is known. */
  readonly eventId: string;
  /** Unix seconds of the 9008. The end is final. */
  readonly deletedAt?: number;
}

/** The newest list of its sort, as the relay signed it. */
interface SignedPeople {
  readonly id: string;
  readonly created_at: number;
  readonly people: readonly GroupMember[];
}

/** Who is in a place: 39001 and 39002 side by side; read through `peopleOf`. */
export interface MembersRow {
  readonly group: string;
  readonly admins?: SignedPeople;
  readonly members?: SignedPeople;
}

/** What somebody on this device asked of a place: to join, to leave, to end it. */
export interface OwnActionRow {
  /** The event's id. */
  readonly id: string;
  readonly group: string;
  readonly pubkey: string;
  readonly what: 'join' | 'leave' | 'delete';
  /** Unix seconds. */
  readonly at: number;
  readonly state: 'sending' | 'sent' | 'refused';
  /** The relay's words; only with `refused`. */
  readonly reason?: string;
}

/** When something was said, and the words that came with it. */
export interface Said {
  readonly id: string;
  /** Unix seconds. */
  readonly created_at: number;
  readonly text: string;
}

/** The newest of each: a person's wish to join, their wish to leave, what was decided about them. See `isWaiting`. */
export interface RequestRow {
  readonly group: string;
  readonly pubkey: string;
  readonly asked?: Said;
  readonly left?: Said;
  readonly decided?: Said & { readonly as: 'in' | 'out' };
}

/** An event that an admin took away (9005): for a request that is a no. */
export interface TakenAwayRow {
  readonly id: string;
  readonly group: string;
  readonly text: string;
  readonly at: number;
}

/** One part, `all`, in order of change: what is new can be read without the rest. */
export const ALL_GROUPS = 'all';
export const groups = defineTable<GroupRow>({
  name: 'groups',
  id: (row) => row.id,
  part: () => ALL_GROUPS,
  order: (row) => Math.max(row.updatedAt, row.deletedAt ?? 0),
});

export const members = defineTable<MembersRow>({ name: 'members', id: (row) => row.group });

/** The part of `memberships` with one person's actions in one place. */
export const ownActionsPart = (pubkey: string, group: string): string => `${pubkey}:${group}`;
export const memberships = defineTable<OwnActionRow>({
  name: 'memberships',
  id: (row) => row.id,
  part: (row) => ownActionsPart(row.pubkey, row.group),
  order: (row) => row.at,
});

export const requestId = (group: string, pubkey: string): string => `${group}:${pubkey}`;
export const requests = defineTable<RequestRow>({
  name: 'requests',
  id: (row) => requestId(row.group, row.pubkey),
  part: (row) => row.group,
  order: (row) => row.asked?.created_at ?? 0,
});

export const takenAwayId = (group: string, event: string): string => `${group}:${event}`;
export const takenAway = defineTable<TakenAwayRow>({
  name: 'taken-away',
  id: (row) => takenAwayId(row.group, row.id),
  part: (row) => row.group,
  order: (row) => row.at,
});

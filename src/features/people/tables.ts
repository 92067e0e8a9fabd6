/** Rows that this feature keeps: who people say they are, and where they publish. */
import { defineTable } from '#client/store/table.ts';
import type { RelayList } from '#protocol/lists.ts';
import type { Status } from '#protocol/people/status.ts';
import type { Profile } from '#protocol/profiles.ts';

/** The newest kind 0 of a person. */
export interface PersonRow {
  readonly pubkey: string;
  readonly profile: Profile;
  /** The event's own. */
  readonly id: string;
  readonly created_at: number;
}

/** The newest kind 10002 of a person (NIP-65). */
export interface RelayListRow extends RelayList {
  readonly pubkey: string;
  readonly id: string;
  readonly created_at: number;
}

export const people = defineTable<PersonRow>({ name: 'people', id: (row) => row.pubkey });
export const relayLists = defineTable<RelayListRow>({ name: 'relay-lists', id: (row) => row.pubkey });

/** The newest kind 30315 (`general`) of a person (NIP-38). */
export interface StatusRow extends Status {
  readonly pubkey: string;
  readonly id: string;
  readonly created_at: number;
}

export const statuses = defineTable<StatusRow>({ name: 'statuses', id: (row) => row.pubkey });

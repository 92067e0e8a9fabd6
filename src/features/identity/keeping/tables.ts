/** Identity's own tables, and the names under which it writes local history. */
import { defineTable } from '#client/store/table.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Profile } from '#protocol/profiles.ts';

/** Which list a signed event belongs to, so that the relay's answer finds its row. */
export interface ListWriteRow {
  readonly id: string;
  readonly list: string;
  readonly event: NostrEvent;
}

/** What this device still has to do, or has done, for a key. */
export interface IdentityRow {
  readonly pubkey: string;
  /** The profile the person asked for and that is not signed yet (its work may have been cut short). */
  readonly wanted?: Profile;
  /** Unix seconds of the last time the recovery file was saved. */
  readonly recoverySavedAt?: number;
}

export const listWritesTable = defineTable<ListWriteRow>({ name: 'list-writes', id: (row) => row.id });
export const identityTable = defineTable<IdentityRow>({ name: 'identity', id: (row) => row.pubkey });

/** Names of the `SettingChanged` events that identity writes; each value holds the `pubkey` it is about. */
export const BORN = 'identity.born';
export const PROFILE_WANTED = 'identity.profile-wanted';
export const RECOVERY_SAVED = 'identity.recovery-saved';

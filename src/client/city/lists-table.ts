/** The newest version of every replaceable list this device knows (profile included), so that a write can be a merge. */
import { newestFirst } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { defineTable } from '../store/table.ts';

/** One person's list of one kind. Read it through `currentVersion`. */
export interface ListRow {
  readonly pubkey: string;
  readonly kind: number;
  /** The newest that a relay has delivered or accepted. */
  readonly seen?: NostrEvent;
  /** The newest that was signed here and not yet accepted. */
  readonly written?: NostrEvent;
  /** The written one was refused or given up: it is not the current version, unless a later try is accepted. */
  readonly refused?: true;
}

/** Table `lists`: `<pubkey>:<kind>`; the identity projection fills it. */
export const listsTable = defineTable<ListRow>({ name: 'lists', id: (row) => listKey(row.pubkey, row.kind) });

/** The id of a list's row. */
export const listKey = (pubkey: string, kind: number): string => `${pubkey}:${kind}`;

/** The version that a change must be based on; undefined where none is known. */
export const currentVersion = (row: ListRow | undefined): NostrEvent | undefined => {
  const written = row?.refused ? undefined : row?.written;
  if (!row?.seen || !written) return row?.seen ?? written;
  return newestFirst(row.seen, written) <= 0 ? row.seen : written;
};

/** A key that was made on this device. */
export interface OwnKeyRow {
  readonly pubkey: string;
  /** Unix seconds. */
  readonly bornAt: number;
}

/** Table `own-keys`: keys made here; for the first hour nothing of theirs can lie anywhere else. */
export const ownKeysTable = defineTable<OwnKeyRow>({ name: 'own-keys', id: (row) => row.pubkey });

/** The newest version of every replaceable list this device knows (profile included), so that a write can be a merge. */
import { newestFirst } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { isAddressable } from '#protocol/kinds.ts';
import { tagValue } from '#protocol/tags.ts';
import { defineTable } from '../store/table.ts';

/** Which of a person's lists: of its kind there is one, or (addressable, NIP-01) one for each `d`. */
export interface ListAddress {
  readonly kind: number;
  /** Present for addressable kinds alone. */
  readonly d?: string;
}

/** One person's list. Read it through `currentVersion`. */
export interface ListRow extends ListAddress {
  readonly pubkey: string;
  /** The newest that a relay has delivered or accepted. */
  readonly seen?: NostrEvent;
  /** The newest that was signed here and not yet accepted. */
  readonly written?: NostrEvent;
  /** The written one was refused or given up: it is not the current version, unless a later try is accepted. */
  readonly refused?: true;
}

/** Table `lists`, in parts by person; the identity projection fills it. */
export const listsTable = defineTable<ListRow>({
  name: 'lists',
  id: (row) => listKey(row.pubkey, row),
  part: (row) => row.pubkey,
});

/** The id of a list's row: `<pubkey>:<kind>`, and `:<d>` for addressable ones. */
export const listKey = (pubkey: string, list: number | ListAddress): string => {
  const { kind, d } = asAddress(list);
  return d === undefined ? `${pubkey}:${kind}` : `${pubkey}:${kind}:${d}`;
};

/** A kind number alone names the one list of its kind. */
export const asAddress = (list: number | ListAddress): ListAddress =>
  typeof list === 'number' ? { kind: list } : list;

/** The list that an event is a version of. */
export const addressOf = (event: Pick<NostrEvent, 'kind' | 'tags'>): ListAddress =>
  isAddressable(event.kind) ? { kind: event.kind, d: tagValue(event, 'd') ?? '' } : { kind: event.kind };

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

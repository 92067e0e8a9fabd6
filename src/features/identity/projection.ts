/** What identity keeps of the log: the newest replaceable events (for merges) and what is still to be done for own keys. */
import type { LocalEvent } from '#client/store/local-events.ts';
import type { Projection } from '#client/store/projection.ts';
import type { RowWriter, Table } from '#client/store/table.ts';
import { addressOf, currentVersion, listKey, listsTable, ownKeysTable } from '#client/city/lists-table.ts';
import type { ListRow } from '#client/city/lists-table.ts';
import { newestFirst } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Profile } from '#protocol/profiles.ts';
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { BORN, identityTable, listWritesTable, PROFILE_WANTED, RECOVERY_SAVED } from './keeping/tables.ts';
import type { IdentityRow } from './keeping/tables.ts';

const MERGED_KINDS: ReadonlySet<number> = new Set([
  kinds.PROFILE,
  kinds.RELAY_LIST,
  kinds.MY_GROUPS,
  kinds.INBOX_RELAYS,
  kinds.MUTE_LIST,
  kinds.BLOCK_LIST,
  kinds.MEDIA_SERVERS,
  kinds.FOLLOW_SET,
  kinds.APP_DATA,
]);

/** The identity projection: tables `lists`, `list-writes`, `own-keys`, `identity`. */
export const identityProjection: Projection = {
  name: 'identity',
  version: 3,
  tables: [listsTable, listWritesTable, ownKeysTable, identityTable] as unknown as readonly Table<never>[],
  async project(rows, event) {
    switch (event.type) {
      case 'RelayEventSeen':
        if (MERGED_KINDS.has(event.event.kind)) await projectSeen(rows, event.event);
        return;
      case 'EventSigned':
        if (MERGED_KINDS.has(event.event.kind)) await projectWritten(rows, event.event);
        return;
      case 'EventAccepted':
        return projectAnswer(rows, event.id, true);
      case 'EventRejected':
      case 'EventDiscarded':
        return projectAnswer(rows, event.id, false);
      case 'SettingChanged':
        return projectSetting(rows, event);
    }
  },
};

const listRow = async (rows: RowWriter, event: NostrEvent): Promise<ListRow> => {
  const row = { pubkey: event.pubkey, ...addressOf(event) };
  return (await rows.get(listsTable, listKey(event.pubkey, row))) ?? row;
};

const projectSeen = async (rows: RowWriter, event: NostrEvent): Promise<void> => {
  const { seen, written, refused, ...row } = await listRow(rows, event);
  const newest = seen && newestFirst(seen, event) <= 0 ? seen : event;
  const isHome = written?.id === event.id;
  rows.put(listsTable, {
    ...row,
    seen: newest,
    ...(written && !isHome ? { written } : {}),
    ...(refused && !isHome ? { refused } : {}),
  });
};

const projectWritten = async (rows: RowWriter, event: NostrEvent): Promise<void> => {
  const { refused: _refused, ...row } = await listRow(rows, event);
  const list = listKey(event.pubkey, addressOf(event));
  rows.put(listWritesTable, { id: event.id, list, event });
  if (currentVersion(row)?.id !== event.id) rows.put(listsTable, { ...row, written: event });
  if (event.kind === kinds.PROFILE)
    await changeIdentity(rows, event.pubkey, ({ wanted: _, ...kept }) => kept);
};

const projectAnswer = async (rows: RowWriter, id: string, accepted: boolean): Promise<void> => {
  const write = await rows.get(listWritesTable, id);
  if (!write) return;
  if (accepted) return projectSeen(rows, write.event);
  const row = await rows.get(listsTable, write.list);
  if (row?.written?.id === id) rows.put(listsTable, { ...row, refused: true });
};

const projectSetting = async (
  rows: RowWriter,
  { name, value }: Extract<LocalEvent, { type: 'SettingChanged' }>,
): Promise<void> => {
  if (!name.startsWith('identity.') || !isRecord(value)) return;
  const pubkey = value['pubkey'];
  const at = value['at'];
  if (!isHex64(pubkey)) return;
  if (name === BORN && typeof at === 'number') rows.put(ownKeysTable, { pubkey, bornAt: at });
  if (name === RECOVERY_SAVED && typeof at === 'number')
    await changeIdentity(rows, pubkey, (row) => ({ ...row, recoverySavedAt: at }));
  if (name === PROFILE_WANTED && isRecord(value['profile'])) {
    const wanted = value['profile'] as Profile;
    await changeIdentity(rows, pubkey, (row) => ({ ...row, wanted }));
  }
};

const changeIdentity = async (
  rows: RowWriter,
  pubkey: string,
  change: (row: IdentityRow) => IdentityRow,
): Promise<void> => {
  const row = await rows.get(identityTable, pubkey);
  rows.put(identityTable, change(row ?? { pubkey }));
};

/** Kinds 0, 10002 and 30315 → rows: the newest of a person wins, in whatever order they come (NIP-01). */
import { carriedEvent } from '#client/store/local-events.ts';
import type { Projection } from '#client/store/projection.ts';
import type { RowWriter, Table } from '#client/store/table.ts';
import { newestFirst } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { parseRelayList } from '#protocol/lists.ts';
import { parseProfile } from '#protocol/profiles.ts';
import { parseStatus } from '#protocol/people/status.ts';
import { searchablePeople } from './searchable.ts';
import { people, relayLists, statuses } from './tables.ts';

const putNewest = async <Row extends Pick<NostrEvent, 'pubkey' | 'id' | 'created_at'>>(
  rows: RowWriter,
  table: Table<Row>,
  row: Row,
): Promise<void> => {
  const before = await rows.get(table, row.pubkey);
  if (!before || newestFirst(row, before) < 0) rows.put(table, row);
};

/** One's own count as soon as they are signed; what isn't a profile stays in the log and is not shown. */
export const peopleProjection: Projection = {
  name: 'people',
  version: 2,
  tables: [people, relayLists, statuses],
  searchable: [searchablePeople],
  async project(rows, local) {
    const event = carriedEvent(local);
    if (!event) return;
    const { pubkey, id, created_at } = event;
    if (event.kind === kinds.PROFILE) {
      const profile = parseProfile(event);
      if (profile.ok) await putNewest(rows, people, { pubkey, id, created_at, profile: profile.value });
    } else if (event.kind === kinds.RELAY_LIST)
      await putNewest(rows, relayLists, { pubkey, id, created_at, ...parseRelayList(event) });
    else if (event.kind === kinds.STATUS) {
      const status = parseStatus(event);
      if (status) await putNewest(rows, statuses, { pubkey, id, created_at, ...status });
    }
  },
};

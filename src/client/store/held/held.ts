/** The store's own shadow of the log: which events of which place, and which letters of whom, are here, by id and time, so that relays can be asked for the rest. */
import { inboxOfWrap } from '#protocol/direct/inboxes.ts';
import { groupOf } from '#protocol/tags.ts';
import type { Projection } from '../projection.ts';
import { defineTable } from '../table.ts';
import type { RowReader } from '../table.ts';

interface HeldRow {
  readonly id: string;
  /** A place, or an inbox (`inboxOf`). */
  readonly place: string;
  /** Unix seconds. */
  readonly at: number;
  readonly kind: number;
}

/** Part: the place; order: time. */
const held = defineTable<HeldRow>({
  name: ' held',
  id: (row) => row.id,
  part: (row) => row.place,
  order: (row) => row.at,
});

/** Everything that a relay delivered of a place, forgotten words and deleted lines too: they are not wanted again. */
export const heldProjection: Projection = {
  name: ' held',
  version: 2,
  tables: [held],
  project: (rows, local) => {
    if (local.type === 'RelayEventSeen') {
      const { id, created_at: at, kind } = local.event;
      const place = inboxOfWrap(local.event) ?? groupOf(local.event);
      if (place !== undefined) rows.put(held, { id, place, at, kind });
    }
    return Promise.resolve();
  },
};

/** Ids and times of a place's events of these kinds from a time on (Unix seconds). */
export const heldOf = async (
  rows: Pick<RowReader, 'part'>,
  place: string,
  { kinds, since }: { readonly kinds: readonly number[]; readonly since: number },
): Promise<{ readonly id: string; readonly at: number }[]> => {
  const found = await rows.part(held, { part: place, after: { order: since, id: '' } });
  return found.filter(({ kind }) => kinds.includes(kind));
};

/** The store's own shadow of the log: what relays said when they accepted an event. */
import type { Projection } from '../projection.ts';
import { defineTable } from '../table.ts';

/** The first relay's words for an event. */
export const accepted = defineTable<{ readonly id: string; readonly note: string }>({
  name: ' accepted',
  id: (row) => row.id,
});

export const acceptedProjection: Projection = {
  name: ' accepted',
  version: 1,
  tables: [accepted],
  project: async (rows, event) => {
    if (event.type !== 'EventAccepted' || (await rows.get(accepted, event.id))) return;
    rows.put(accepted, { id: event.id, note: event.note });
  },
};

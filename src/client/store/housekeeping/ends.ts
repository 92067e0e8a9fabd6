/** The store's own shadow of the log: what is going to end, and when. */
import { expirationOf } from '#protocol/tags.ts';
import { carriedEvent } from '../local-events.ts';
import type { LocalEvent } from '../local-events.ts';
import type { Projection } from '../projection.ts';
import { defineTable } from '../table.ts';
import type { RowWriter } from '../table.ts';

/** A Nostr event or a rumor that names its own end (NIP-40). */
interface ExpiringRow {
  readonly id: string;
  /** Unix seconds; 0 once it is over. */
  readonly at: number;
  readonly isOver: boolean;
}

/** A conversation whose lines up to a time the person put away. */
export interface ClearedRow {
  readonly conversation: string;
  /** Unix seconds: of its lines. */
  readonly upTo: number;
  /** Unix seconds: of the deed. */
  readonly at: number;
}

export const DUE = 'due';

/** Part: `DUE` or over; order: time. */
export const expiring = defineTable<ExpiringRow>({
  name: ' expiring',
  id: (row) => row.id,
  part: (row) => (row.isOver ? 'over' : DUE),
  order: (row) => row.at,
});

export const cleared = defineTable<ClearedRow>({ name: ' cleared', id: (row) => row.conversation });

const project = async (rows: RowWriter, local: LocalEvent): Promise<void> => {
  switch (local.type) {
    case 'EventExpired':
      return rows.put(expiring, { id: local.id, at: 0, isOver: true });
    case 'ConversationCleared': {
      const { conversation, upTo, at } = local;
      const before = await rows.get(cleared, conversation);
      return rows.put(cleared, { conversation, upTo: Math.max(upTo, before?.upTo ?? 0), at });
    }
    case 'ConversationRestored':
      return rows.delete(cleared, local.conversation);
  }
  const event = local.type === 'WrapOpened' || local.type === 'RumorSent' ? local.rumor : carriedEvent(local);
  if (!event) return;
  const at = expirationOf(event);
  if (at !== undefined && !(await rows.get(expiring, event.id)))
    rows.put(expiring, { id: event.id, at, isOver: false });
};

export const endsProjection: Projection = {
  name: ' ends',
  version: 2,
  tables: [expiring, cleared],
  project,
};

import { GIFT_WRAP } from '#protocol/kinds.ts';
import type { Projection } from '../store/projection.ts';
import { sentRumors, wraps } from './tables.ts';

/** Wraps as they come and are opened (NIP-59). */
export const directProjection: Projection = {
  name: 'direct',
  version: 1,
  tables: [wraps, sentRumors],
  async project(rows, event) {
    switch (event.type) {
      case 'RelayEventSeen': {
        const { id, kind } = event.event;
        if (kind !== GIFT_WRAP || event.forgotten || (await rows.get(wraps, id))) return;
        return rows.put(wraps, { id, event: event.event });
      }
      case 'WrapOpened':
      case 'WrapRefused':
        return rows.put(wraps, { id: event.wrap });
      case 'RumorSent':
        for (const { id } of event.wraps) rows.put(wraps, { id });
        return rows.put(sentRumors, { id: event.rumor.id, wraps: event.wraps.map(({ id }) => id) });
      default:
        return;
    }
  },
};

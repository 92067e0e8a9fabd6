import { listKey } from '../city/lists-table.ts';
import type { Projection } from '../store/projection.ts';
import { parseShunned, SHUNNED, shunnedTable } from './shunned/table.ts';
import { openedLists } from './tables.ts';

/** Versions of a list that are kept opened: the newest may yet be refused by the relay. */
const KEPT = 3;

/** Opened lists by version, so that it does not matter in which order versions came (NIP-51, NIP-78). */
export const listsProjection: Projection = {
  name: 'own-lists',
  version: 2,
  tables: [openedLists, shunnedTable],
  async project(rows, event) {
    if (event.type === 'SettingChanged' && event.name === SHUNNED) {
      const value = parseShunned(event.value);
      if (value) rows.put(shunnedTable, { id: SHUNNED, value });
    }
    if (event.type !== 'ListOpened') return;
    const list = listKey(event.of, event);
    rows.put(openedLists, { id: event.event, list, at: event.at, content: event.content });
    const versions = await rows.part(openedLists, { part: list });
    for (const { id } of versions.slice(KEPT)) rows.delete(openedLists, id);
  },
};

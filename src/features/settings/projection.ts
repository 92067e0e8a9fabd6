/** The last word on each setting. */
import type { Projection } from '#client/store/projection.ts';
import type { Table } from '#client/store/table.ts';
import { isSettingName, settingsTable } from './table.ts';

/** The settings projection: table `settings`. Others' `SettingChanged` events are left alone. */
export const settingsProjection: Projection = {
  name: 'settings',
  version: 1,
  tables: [settingsTable] as unknown as readonly Table<never>[],
  project(rows, event) {
    if (event.type === 'SettingChanged' && isSettingName(event.name))
      rows.put(settingsTable, { name: event.name, value: event.value });
    return Promise.resolve();
  },
};

/** The last word on what each place may tell, and on how. */
import type { Projection } from '#client/store/projection.ts';
import type { Table } from '#client/store/table.ts';
import { isNoticeSetting, notices, noticeSettings, parseLevel } from './levels/tables.ts';

/** The notifications projection: tables `notices` and `notice_settings`. Others' settings are left alone. */
export const notificationsProjection: Projection = {
  name: 'notifications',
  version: 1,
  tables: [notices, noticeSettings] as unknown as readonly Table<never>[],
  project(rows, event) {
    if (event.type === 'SettingChanged' && isNoticeSetting(event.name))
      rows.put(noticeSettings, { name: event.name, value: event.value });
    if (event.type === 'ConversationNotice') {
      const { conversation, mutedUntil } = event;
      const level = parseLevel(event.level);
      const isTime = Number.isSafeInteger(mutedUntil) && mutedUntil >= 0;
      if (level) rows.put(notices, { conversation, level, mutedUntil: isTime ? mutedUntil : 0 });
    }
    return Promise.resolve();
  },
};

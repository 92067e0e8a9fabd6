import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryRows } from '../../../tests/support/memory-rows.ts';
import { anyJson } from '../../../tests/support/wire-arbitraries.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import { isLocalEvent } from '#client/store/local-events.ts';
import { notices, noticeSettings, parseNoticeSettings, usualNotices } from './levels/tables.ts';
import { notificationsProjection } from './projection.ts';

const notice = (conversation: string, level: unknown, mutedUntil: unknown = 0): LocalEvent =>
  ({ type: 'ConversationNotice', v: 1, conversation, level, mutedUntil }) as LocalEvent;
const setting = (name: string, value: unknown): LocalEvent => ({ type: 'SettingChanged', v: 1, name, value });
const project = async (...events: LocalEvent[]) => {
  const rows = new MemoryRows([notificationsProjection]);
  await rows.apply(...events);
  return rows;
};

test('a choice is an event that this build reads', () => {
  expect(isLocalEvent(notice('pier', 'all'))).toBe(true);
  expect(isLocalEvent({ ...notice('pier', 'all'), v: 2 })).toBe(false);
});

test('of each place the last choice counts', async () => {
  const rows = await project(
    notice('pier', 'all'),
    notice('tower', 'nothing'),
    notice('pier', 'mentions', 1_900_000_000),
  );
  expect(await rows.get(notices, 'pier')).toEqual({
    conversation: 'pier',
    level: 'mentions',
    mutedUntil: 1_900_000_000,
  });
  expect(await rows.get(notices, 'tower')).toMatchObject({ level: 'nothing' });
});

test('settings of others are left alone', async () => {
  const rows = await project(
    setting('theme', 'dark'),
    setting('noticeWords', false),
    setting('noticeDefault', 'all'),
  );
  expect((await rows.all(noticeSettings)).map(({ name }) => name).sort()).toEqual([
    'noticeDefault',
    'noticeWords',
  ]);
  expect(parseNoticeSettings(await rows.all(noticeSettings))).toEqual({
    noticeDefault: 'all',
    noticeWords: false,
  });
});

test('whatever was written, rows are choices and settings are the usual where they are none', async () => {
  await fc.assert(
    fc.asyncProperty(anyJson, anyJson, async (one, two) => {
      const rows = await project(
        notice('pier', one, two),
        setting('noticeDefault', one),
        setting('noticeWords', two),
      );
      for (const { level, mutedUntil } of await rows.all(notices)) {
        expect(['all', 'mentions', 'nothing']).toContain(level);
        expect(mutedUntil).toBeGreaterThanOrEqual(0);
      }
      const { noticeDefault, noticeWords } = parseNoticeSettings(await rows.all(noticeSettings));
      expect(['all', 'mentions', 'nothing']).toContain(noticeDefault);
      expect(noticeWords).toBe(two !== false);
    }),
  );
  expect(parseNoticeSettings([])).toEqual(usualNotices);
});

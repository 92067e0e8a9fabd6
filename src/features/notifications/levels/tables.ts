/** Choices as rows. Values come back as strangers' and are parsed. */
import type { NoticeLevel } from '#client/store/local-events.ts';
import { defineTable } from '#client/store/table.ts';

const LEVELS: readonly NoticeLevel[] = ['all', 'mentions', 'nothing'];

/** A place's own choice. */
export interface NoticeRow {
  readonly conversation: string;
  readonly level: NoticeLevel;
  /** Unix seconds; 0 for not muted. */
  readonly mutedUntil: number;
}

export const notices = defineTable<NoticeRow>({ name: 'notices', id: (row) => row.conversation });

interface NoticeSettingRow {
  readonly name: string;
  readonly value: unknown;
}

export const noticeSettings = defineTable<NoticeSettingRow>({
  name: 'notice_settings',
  id: (row) => row.name,
});

export interface NoticeSettings {
  /** Of places without a choice of their own. */
  readonly noticeDefault: NoticeLevel;
  /** Names and words stand on notifications. */
  readonly noticeWords: boolean;
}

export type NoticeSettingName = keyof NoticeSettings;

export const usualNotices: NoticeSettings = { noticeDefault: 'mentions', noticeWords: true };

/** True for the names that this feature keeps. */
export const isNoticeSetting = (name: string): name is NoticeSettingName => Object.hasOwn(usualNotices, name);

/** A level, or undefined for what is none. */
export const parseLevel = (value: unknown): NoticeLevel | undefined =>
  LEVELS.find((level) => level === value);

/** The settings from their rows; whatever is missing or malformed is the usual. */
export const parseNoticeSettings = (rows: readonly NoticeSettingRow[]): NoticeSettings => {
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  return {
    noticeDefault: parseLevel(values.get('noticeDefault')) ?? usualNotices.noticeDefault,
    noticeWords: values.get('noticeWords') !== false,
  };
};

/** What follows its person from device to device: how far was read, what is muted, drafts, settings. Each as keys and texts. */
import type { City } from '#client/city/city.ts';
import type { Shelf } from '#client/own-values/tables.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import { conversations } from '#features/chat/index.ts';
import { isNoticeSetting, notices, noticeSettings, parseLevel } from '#features/notifications/index.ts';
import { settingsTable } from '#features/settings/index.ts';
import { isRecord, parseJson } from '#shared/json.ts';

/** One sort of thing that follows. */
export interface SyncSource {
  readonly shelf: Shelf;
  /** Tables in which it stands. */
  readonly tables: readonly string[];
  /** As it stands here; undefined: there is nothing, and nothing is meant by it. */
  read(rows: Pick<City, 'all'>): Promise<readonly (readonly [key: string, value: string | undefined])[]>;
  /** What another device has set, as it is done here; undefined for what is none of these. */
  applied(key: string, value: string | undefined, now: number): LocalEvent | undefined;
}

const after = (prefix: string, key: string): string | undefined =>
  key.startsWith(prefix) && key.length > prefix.length ? key.slice(prefix.length) : undefined;

const reads: SyncSource = {
  shelf: 'marks',
  tables: [conversations.name],
  read: async (rows) =>
    (await rows.all(conversations))
      .filter(({ readUpTo }) => readUpTo > 0)
      .map(({ id, readUpTo }) => [`read:${id}`, String(readUpTo)] as const),
  applied(key, value = '') {
    const conversation = after('read:', key);
    return conversation !== undefined && /^\d{1,12}$/.test(value)
      ? { type: 'ConversationRead', v: 1, conversation, upTo: Number(value) }
      : undefined;
  },
};

const muting: SyncSource = {
  shelf: 'marks',
  tables: [notices.name],
  read: async (rows) =>
    (await rows.all(notices)).map(
      ({ conversation, level, mutedUntil }) =>
        [`notice:${conversation}`, JSON.stringify({ level, mutedUntil })] as const,
    ),
  applied(key, value = '') {
    const conversation = after('notice:', key);
    const json = parseJson(value);
    if (conversation === undefined || !json.ok || !isRecord(json.value)) return undefined;
    const level = parseLevel(json.value['level']);
    const { mutedUntil } = json.value;
    return level !== undefined && Number.isSafeInteger(mutedUntil)
      ? { type: 'ConversationNotice', v: 1, conversation, level, mutedUntil: mutedUntil as number }
      : undefined;
  },
};

const drafts: SyncSource = {
  shelf: 'drafts',
  tables: [conversations.name],
  read: async (rows) =>
    (await rows.all(conversations)).map(({ id, draft }) => [id, draft === '' ? undefined : draft] as const),
  applied: (conversation, text = '', at) => ({ type: 'DraftKept', v: 1, conversation, text, at }),
};

/** Those of a person; cores, charging and room are a machine's, the theme is a screen's. */
const FOLLOWING: ReadonlySet<string> = new Set(['streetTiles', 'cityOnly', 'linkPreviews']);
const follows = (name: string): boolean => FOLLOWING.has(name) || isNoticeSetting(name);

const settings: SyncSource = {
  shelf: 'settings',
  tables: [settingsTable.name, noticeSettings.name],
  read: async (rows) =>
    [...(await rows.all(settingsTable)), ...(await rows.all(noticeSettings))]
      .filter(({ name }) => follows(name))
      .map(({ name, value }) => [name, JSON.stringify(value)] as const),
  applied(name, value) {
    const json = value === undefined ? undefined : parseJson(value);
    return follows(name) && json?.ok ? { type: 'SettingChanged', v: 1, name, value: json.value } : undefined;
  },
};

/** All of them. */
export const syncSources: readonly SyncSource[] = [reads, muting, drafts, settings];

/** What is recorded here with values that other devices have set. */
export const appliedHere = (
  shelf: Shelf,
  values: readonly { readonly key: string; readonly value?: string | undefined }[],
  now: number,
): LocalEvent[] =>
  syncSources
    .filter((source) => source.shelf === shelf)
    .flatMap((source) => values.flatMap(({ key, value }) => source.applied(key, value, now) ?? []));

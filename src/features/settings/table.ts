/** Settings as rows, and what each of them may be. Values come back as strangers' and are parsed. */
import { defineTable } from '#client/store/table.ts';
import { isRecord } from '#shared/json.ts';
import { THEME_CHOICES } from '#ui/theme.svelte.ts';
import type { ThemeChoice } from '#ui/theme.svelte.ts';

/** A raster street map the person has chosen. */
export interface ChosenTiles {
  readonly url: string;
  readonly attribution: string;
}

/** Who may know something: everybody one has spoken to, those of them who are contacts, or nobody. */
type Audience = 'everybody' | 'contacts' | 'nobody';

const AUDIENCES: readonly Audience[] = ['everybody', 'contacts', 'nobody'];

export interface SettingValues {
  readonly theme: ThemeChoice;
  /** Null: the bundled map only. */
  readonly streetTiles: ChosenTiles | null;
  /** Look nobody up outside this city. */
  readonly cityOnly: boolean;
  /** Cores for proof of work; null: half of them. */
  readonly workers: number | null;
  /** No proof of work while this device runs on its battery. */
  readonly onlyCharging: boolean;
  /** The city looks at pages whose addresses this person writes in places. */
  readonly linkPreviews: boolean;
  /** Bytes that files one looked at may take on this device; 0: as much as the browser gives. */
  readonly filesBound: number;
  /** Who sees that one is writing. */
  readonly showOnline: Audience;
  /** Who learns that one has read what they said. */
  readonly readReceipts: Audience;
}

/** Settings that say who may know something. */
export type PrivacyName = 'showOnline' | 'readReceipts';

export type SettingName = keyof SettingValues;

/** One setting as it was last changed. */
export interface SettingRow {
  readonly name: string;
  readonly value: unknown;
}

export const settingsTable = defineTable<SettingRow>({ name: 'settings', id: (row) => row.name });

export const defaultSettings: SettingValues = {
  theme: 'system',
  streetTiles: null,
  cityOnly: false,
  workers: null,
  onlyCharging: false,
  linkPreviews: true,
  filesBound: 500_000_000,
  showOnline: 'everybody',
  readReceipts: 'everybody',
};

const MOST_WORKERS = 64;

const parseTiles = (value: unknown): ChosenTiles | null => {
  if (!isRecord(value)) return null;
  const { url, attribution } = value;
  return typeof url === 'string' && typeof attribution === 'string' && url.startsWith('http')
    ? { url, attribution }
    : null;
};

const parseWorkers = (value: unknown): number | null =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST_WORKERS
    ? (value as number)
    : null;

const parseBound = (value: unknown): number =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : defaultSettings.filesBound;

/** A malformed choice is the narrowest one. */
const parseAudience = (value: unknown, usual: Audience): Audience =>
  value === undefined ? usual : (AUDIENCES.find((one) => one === value) ?? 'nobody');

/** All settings from their rows; whatever is missing or malformed is the default. */
export const parseSettings = (rows: readonly SettingRow[]): SettingValues => {
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  return {
    theme: THEME_CHOICES.find((choice) => choice === values.get('theme')) ?? defaultSettings.theme,
    streetTiles: parseTiles(values.get('streetTiles')),
    cityOnly: values.get('cityOnly') === true,
    workers: parseWorkers(values.get('workers')),
    onlyCharging: values.get('onlyCharging') === true,
    linkPreviews: values.get('linkPreviews') !== false,
    filesBound: parseBound(values.get('filesBound')),
    showOnline: parseAudience(values.get('showOnline'), defaultSettings.showOnline),
    readReceipts: parseAudience(values.get('readReceipts'), defaultSettings.readReceipts),
  };
};

/** True for the names that this feature keeps. */
export const isSettingName = (name: string): name is SettingName => Object.hasOwn(defaultSettings, name);

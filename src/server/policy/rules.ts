/** What the operators of a city have decided, as the tables of migration 0005 have it. */
import type { Database } from '../db/database.ts';
import { AddressList } from './addresses.ts';

/** Held in memory: asked for every event. */
export interface Rules {
  readonly bannedKeys: ReadonlySet<string>;
  readonly bannedEvents: ReadonlySet<string>;
  readonly allowedKeys: ReadonlySet<string>;
  readonly disallowedKinds: ReadonlySet<number>;
  readonly addresses: AddressList;
  readonly settings: CitySettings;
}

/** What operators set in the app instead of the environment. */
export interface CitySettings {
  readonly name?: string;
  readonly description?: string;
  readonly icon?: string;
  /** Only keys on the list may write. */
  readonly allowListOnly: boolean;
}

/** A city without any decision. */
export const NO_RULES: Rules = {
  bannedKeys: new Set(),
  bannedEvents: new Set(),
  allowedKeys: new Set(),
  disallowedKinds: new Set(),
  addresses: new AddressList([]),
  settings: { allowListOnly: false },
};

const readSettings = async (db: Database): Promise<CitySettings> => {
  const rows = await db.selectFrom('city_settings').select(['name', 'value']).execute();
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  const text = (name: 'name' | 'description' | 'icon') => {
    const value = values.get(name);
    return value ? { [name]: value } : {};
  };
  return {
    ...text('name'),
    ...text('description'),
    ...text('icon'),
    allowListOnly: values.get('allow-list') === 'on',
  };
};

/** Reads everything anew. Throws on I/O. */
export const readRules = async (db: Database): Promise<Rules> => {
  const [banned, events, allowed, kinds, addresses, settings] = await Promise.all([
    db.selectFrom('banned_keys').select('pubkey').execute(),
    db.selectFrom('banned_events').select('event_id').execute(),
    db.selectFrom('allowed_keys').select('pubkey').execute(),
    db.selectFrom('disallowed_kinds').select('kind').execute(),
    db.selectFrom('blocked_addresses').select('address').execute(),
    readSettings(db),
  ]);
  return {
    bannedKeys: new Set(banned.map(({ pubkey }) => pubkey)),
    bannedEvents: new Set(events.map(({ event_id }) => event_id)),
    allowedKeys: new Set(allowed.map(({ pubkey }) => pubkey)),
    disallowedKinds: new Set(kinds.map(({ kind }) => kind)),
    addresses: new AddressList(addresses.map(({ address }) => address)),
    settings,
  };
};

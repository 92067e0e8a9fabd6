/** Where somebody publishes beyond the city, as far as they may be looked for there: for what the city itself does not know of them. */
import type { City } from '#client/city/city.ts';
import * as kinds from '#protocol/kinds.ts';
import { INDEXERS, isPublicRelay } from './lookup.ts';
import type { Reach } from './lookup.ts';
import { relayLists } from './tables.ts';

const MOST = 3;

/** Relays of their own list (NIP-65), asked of the city and then of well-known indexers; none where only this city shall be asked. */
export const homesOf = async (
  city: Pick<City, 'relay' | 'get' | 'fetch'>,
  pubkey: string,
  reach: Reach,
): Promise<readonly string[]> => {
  if (reach === 'city') return [];
  for (const relay of [undefined, ...INDEXERS]) {
    if (await city.get(relayLists, pubkey)) break;
    const filters = [{ kinds: [kinds.RELAY_LIST], authors: [pubkey], limit: 1 }];
    await city.fetch({ ...(relay === undefined ? {} : { relay }), filters });
  }
  const list = await city.get(relayLists, pubkey);
  const all = new Set([...(list?.write ?? []), ...(list?.read ?? [])]);
  return [...all].filter((relay) => relay !== city.relay && isPublicRelay(relay)).slice(0, MOST);
};

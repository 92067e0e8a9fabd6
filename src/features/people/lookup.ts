/** Looking strangers up: the city first; their own relays (NIP-65) or well-known indexers only where that is wanted. */
import type { City } from '#client/city/city.ts';
import * as kinds from '#protocol/kinds.ts';
import { people, relayLists } from './tables.ts';

/** How far to look: `city` asks nobody else (“this city only”). */
export type Reach = 'city' | 'everywhere';

/** Relays that gather everybody's profiles and relay lists. */
export const INDEXERS: readonly string[] = ['wss://purplepag.es', 'wss://user.kindpag.es'];
const RELAYS_A_PERSON = 2;
const RELAYS_A_ROUND = 8;

/** A stranger's list may name any address: only public hosts over TLS are asked, never a neighbour in one's own network. */
export const isPublicRelay = (address: string): boolean => {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, port } = new URL(address);
  const named = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$/i.test(hostname);
  return (
    protocol === 'wss:' &&
    named &&
    username === '' &&
    port === '' &&
    !/\.(local|localhost|internal|lan|home|onion|arpa|test|invalid)$/i.test(hostname)
  );
};

const unknownAmong = async (city: City, pubkeys: readonly string[]): Promise<string[]> => {
  const rows = await city.getMany(people, pubkeys);
  return pubkeys.filter((_, index) => rows[index] === undefined);
};

const ask = (city: City, authors: readonly string[], relay?: string) =>
  city.fetch({
    ...(relay === undefined ? {} : { relay }),
    filters: [{ kinds: [kinds.PROFILE, kinds.RELAY_LIST], authors, limit: 2 * authors.length }],
  });

/** Relay → whom to ask it about, by each person's own list. */
const homesOf = async (city: City, pubkeys: readonly string[]): Promise<Map<string, string[]>> => {
  const lists = await city.getMany(relayLists, pubkeys);
  const homes = new Map<string, string[]>();
  pubkeys.forEach((pubkey, index) => {
    const theirs = lists[index]?.write.filter((url) => url !== city.relay && isPublicRelay(url)) ?? [];
    for (const url of theirs.slice(0, RELAYS_A_PERSON)) homes.set(url, [...(homes.get(url) ?? []), pubkey]);
  });
  return homes;
};

const askHomes = async (city: City, pubkeys: readonly string[]): Promise<string[]> => {
  const homes = [...(await homesOf(city, pubkeys))].sort((a, b) => b[1].length - a[1].length);
  await Promise.all(homes.slice(0, RELAYS_A_ROUND).map(([relay, authors]) => ask(city, authors, relay)));
  return unknownAmong(city, pubkeys);
};

/** Asks for these people (≤ 100) until they are found or nobody is left to ask; what comes lands in the rows. */
export const lookUp = async (city: City, pubkeys: readonly string[], reach: () => Reach): Promise<void> => {
  await ask(city, pubkeys);
  let unknown = await unknownAmong(city, pubkeys);
  if (unknown.length === 0 || reach() === 'city') return;
  unknown = await askHomes(city, unknown);
  for (const indexer of INDEXERS) {
    if (unknown.length === 0 || reach() === 'city') return;
    await ask(city, unknown, indexer);
    unknown = await unknownAmong(city, unknown);
  }
  if (unknown.length > 0) await askHomes(city, unknown);
};

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SyncRequest } from '#client/engine/engine.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { FakeCity, fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import { INDEXERS, isPublicRelay } from './lookup.ts';
import { PeopleBook } from './people.svelte.ts';
import type { PeopleBookOptions } from './people.svelte.ts';
import { peopleProjection } from './projection.ts';

const alice = fakeKey('a1');
const bob = fakeKey('b2');

const profile = (pubkey: string, name: string, created_at = 10): NostrEvent =>
  fakeEvent({
    kind: kinds.PROFILE,
    content: JSON.stringify({ name, about: `I am ${name}` }),
    created_at,
    pubkey,
  });
const relayList = (pubkey: string, ...relays: string[]): NostrEvent =>
  fakeEvent({ kind: kinds.RELAY_LIST, tags: relays.map((relay) => ['r', relay]), pubkey });

/** Relays that each hold some events; the city's is `''`. */
const holding = (events: Readonly<Record<string, readonly NostrEvent[]>>) => (request: SyncRequest) =>
  (events[request.relay ?? ''] ?? []).filter((event) =>
    request.filters.some((filter) => filter.authors?.includes(event.pubkey)),
  );

const open = (
  options: PeopleBookOptions = {},
  events: Readonly<Record<string, readonly NostrEvent[]>> = {},
): { city: FakeCity; book: PeopleBook } => {
  const city = new FakeCity({ projections: [peopleProjection] });
  city.onFetch = holding(events);
  return { city, book: new PeopleBook(city, { reach: () => 'city', ...options }) };
};
const askedRelays = (city: FakeCity) => city.fetches.map((request) => request.relay ?? '');
const gather = () => vi.advanceTimersByTimeAsync(200);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('somebody unknown has a short name until the city tells', async () => {
  const { book } = open({}, { '': [profile(alice, 'Alice')] });
  expect(book.name(alice)).toContain('a1a1');
  expect(book.isKnown(alice)).toBe(false);
  await gather();
  expect(book.name(alice)).toBe('Alice');
  expect(book.about(alice)).toBe('I am Alice');
  expect(book.isKnown(alice)).toBe(true);
});

test('names read together are asked for in one question, a hundred at most', async () => {
  const { city, book } = open();
  const keys = Array.from({ length: 150 }, (_, index) => index.toString(16).padStart(64, '0'));
  for (const key of keys) book.name(key);
  for (const key of keys) book.name(key);
  await gather();
  expect(city.fetches.map(({ filters }) => filters[0]?.authors?.length)).toEqual([100, 50]);
});

test('who is in the rows already is not asked for', async () => {
  const { city, book } = open();
  await city.deliver(profile(alice, 'Alice'));
  book.name(alice);
  await gather();
  expect(book.name(alice)).toBe('Alice');
  expect(city.fetches).toEqual([]);
});

test('nobody is asked for twice within ten minutes, and again afterwards', async () => {
  const clock = { time: 1000, now: () => clock.time };
  const { city, book } = open({ clock });
  book.name(alice);
  await gather();
  book.name(alice);
  await gather();
  expect(city.fetches).toHaveLength(1);
  clock.time += 600;
  book.name(alice);
  await gather();
  expect(city.fetches).toHaveLength(2);
});

test('a new profile changes the name that is shown', async () => {
  const { city, book } = open({}, { '': [profile(alice, 'Alice')] });
  book.name(alice);
  await gather();
  await city.deliver(profile(alice, 'Alice of the Harbour', 20));
  await vi.advanceTimersByTimeAsync(1);
  expect(book.name(alice)).toBe('Alice of the Harbour');
});

test('whoever was read is followed, known or not, until the book is stopped', async () => {
  const { city, book } = open();
  await city.deliver(profile(alice, 'Alice'));
  book.name(alice);
  book.name(bob);
  await gather();
  const authors = [alice, bob];
  expect([...city.subscriptions]).toEqual([
    {
      filters: [
        { kinds: [kinds.PROFILE], authors },
        { kinds: [kinds.STATUS], '#d': ['general'], authors },
      ],
    },
  ]);
  book.stop();
  expect(city.subscriptions.size).toBe(0);
});

test('“this city only” asks nobody else', async () => {
  const { city, book } = open({ reach: () => 'city' }, { [INDEXERS[0] ?? '']: [profile(alice, 'Alice')] });
  book.name(alice);
  await gather();
  expect(askedRelays(city)).toEqual(['']);
  expect(book.isKnown(alice)).toBe(false);
});

test('a stranger is looked up on their own relays first, and then no indexer hears of them', async () => {
  const { city, book } = open(
    { reach: () => 'everywhere' },
    { '': [relayList(alice, 'wss://alice.example')], 'wss://alice.example': [profile(alice, 'Alice')] },
  );
  book.name(alice);
  await gather();
  expect(book.name(alice)).toBe('Alice');
  expect(askedRelays(city)).toEqual(['', 'wss://alice.example']);
});

test('an indexer that knows only the relay list leads to the relay that knows the name', async () => {
  const { book } = open(
    { reach: () => 'everywhere' },
    {
      [INDEXERS[0] ?? '']: [relayList(bob, 'wss://bob.example')],
      'wss://bob.example': [profile(bob, 'Bob')],
    },
  );
  book.name(bob);
  await gather();
  expect(book.name(bob)).toBe('Bob');
});

test('a choice made while looking holds from the next step on', async () => {
  let reach: 'city' | 'everywhere' = 'everywhere';
  const { city, book } = open({ reach: () => reach }, {});
  const answer = city.onFetch;
  city.onFetch = (request) => {
    if (request.relay !== undefined) reach = 'city';
    return answer(request);
  };
  book.name(alice);
  await gather();
  expect(askedRelays(city)).toEqual(['', INDEXERS[0]]);
});

test('a stranger’s list cannot send us into somebody’s own network', () => {
  for (const address of [
    'ws://plain.example',
    'wss://localhost',
    'wss://127.0.0.1',
    'wss://[::1]',
    'wss://192.168.1.10',
    'wss://0x7f000001',
    'wss://printer.local',
    'wss://router.lan',
    'wss://user@relay.example',
    'wss://relay.example:8443',
    'https://relay.example',
    'nonsense',
  ])
    expect(isPublicRelay(address), address).toBe(false);
  expect(isPublicRelay('wss://relay.example')).toBe(true);
  expect(isPublicRelay('wss://nostr.münchen.example')).toBe(true);
});

test('an unreachable city leaves the short name and throws nothing', async () => {
  const { city, book } = open({ reach: () => 'everywhere' });
  city.onFetch = () => ({ code: 'unreachable', message: 'offline' });
  book.name(alice);
  await gather();
  expect(book.name(alice)).toContain('a1a1');
});

test('completion finds known people by the start of their names', async () => {
  const { city, book } = open();
  await city.deliver(profile(alice, 'Álice'), profile(bob, 'Bob Alison'));
  book.search('', [alice, bob]);
  await gather();
  expect(book.search('ali', [alice, bob])).toEqual([
    { pubkey: alice, name: 'Álice' },
    { pubkey: bob, name: 'Bob Alison' },
  ]);
  expect(book.search('ali', [bob])).toHaveLength(1);
});

test('a stopped book asks no more', async () => {
  const { city, book } = open();
  book.name(alice);
  book.stop();
  await gather();
  expect(city.fetches).toEqual([]);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Filter } from '#protocol/filters.ts';
import { matchesFilter } from '#protocol/filters.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { groupsProjection } from '../projection.ts';
import { groups } from '../model/tables.ts';
import { Places } from './places.svelte.ts';
import type { SyncMemory } from './sync.ts';

const me = fakeKey('a1');
const NOW = 1_800_000_000;
const relayKey = fakeKey('ce');

const place = (id: string, created_at: number, name = `Place ${id}`): NostrEvent =>
  fakeEvent({
    kind: kinds.GROUP_METADATA,
    pubkey: relayKey,
    created_at,
    tags: [
      ['d', id],
      ['name', name],
      ['g', 'u33d'],
    ],
  });
const memberList = (id: string, created_at: number, ...people: string[]): NostrEvent =>
  fakeEvent({
    kind: kinds.GROUP_MEMBERS,
    pubkey: relayKey,
    created_at,
    tags: [['d', id], ...people.map((pubkey) => ['p', pubkey])],
  });

/** Answers as a relay does: newest first, at most 500. */
const relayWith = (stored: readonly NostrEvent[]) => (request: { filters: readonly Filter[] }) =>
  request.filters.flatMap((filter) =>
    stored
      .filter((event) => matchesFilter(filter, event))
      .sort((a, b) => b.created_at - a.created_at)
      .slice(0, Math.min(500, filter.limit ?? 500)),
  );

const memory = (value?: unknown): SyncMemory & { value: unknown } => {
  const kept = {
    value,
    read: () => Promise.resolve(kept.value),
    write: (next: unknown) => Promise.resolve(void (kept.value = next)),
  };
  return kept;
};

const begin = (stored: readonly NostrEvent[] = [], kept = memory(), account = true) => {
  const city = new FakeCity({
    projections: [groupsProjection],
    account: account ? fakeAccount(me) : undefined,
  });
  city.onFetch = relayWith(stored);
  const places = new Places(city, {
    memory: kept,
    clock: { now: () => NOW },
    gather: 10,
    quiet: 500,
    retry: 1000,
  });
  return { city, places, kept };
};
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const ids = (places: Places) => places.all.map(({ id }) => id).sort();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first start reads all places, page by page, and remembers having done so', async () => {
  const stored = Array.from({ length: 1201 }, (_, index) => place(`p${index}`, NOW - 10 * index));
  const { city, places, kept } = begin(stored);
  places.start();
  await pass(2000);
  expect(places.all).toHaveLength(1201);
  expect(places.isReading).toBe(false);
  expect(kept.value).toEqual({ relayKey, upTo: NOW });
  expect(city.fetches.length).toBeLessThanOrEqual(5);
});

test('places of one second do not stop the reading', async () => {
  const stored = [
    ...Array.from({ length: 500 }, (_, index) => place(`same${index}`, NOW - 50)),
    place('older', NOW - 60),
  ];
  const { places } = begin(stored);
  places.start();
  await pass(1000);
  expect(places.isReading).toBe(false);
  expect(ids(places)).toContain('older');
});

test('a later start asks only for what is newer', async () => {
  const { city, places } = begin(
    [place('old', NOW - 9000), place('new', NOW - 10)],
    memory({ relayKey, upTo: NOW - 100 }),
  );
  places.start();
  await pass(100);
  expect(city.fetches.every(({ filters }) => (filters[0]?.since ?? 0) > NOW - 1000)).toBe(true);
  expect(ids(places)).toEqual(['new']);
});

test('what was remembered of another city, or is nonsense, counts for nothing', async () => {
  for (const kept of [{ relayKey: fakeKey('00'), upTo: NOW }, { relayKey, upTo: 'yesterday' }, 7, null]) {
    const { places } = begin([place('old', NOW - 9000)], memory(kept));
    places.start();
    await pass(100);
    expect(ids(places)).toEqual(['old']);
  }
});

test('an unreachable city is asked again until it answers', async () => {
  const { city, places } = begin();
  city.onFetch = () => ({ code: 'unreachable', message: 'offline' });
  places.start();
  await pass(500);
  expect(places.isReading).toBe(true);
  city.onFetch = relayWith([place('late', NOW - 10)]);
  await pass(2000);
  expect(places.isReading).toBe(false);
  expect(ids(places)).toEqual(['late']);
});

test('new, changed and ended places show without everything being read again', async () => {
  const { city, places } = begin([place('one', NOW - 100), place('two', NOW - 90)]);
  places.start();
  await pass(1000);
  const all = vi.spyOn(city.rows, 'all');
  await city.deliver(place('three', NOW), place('one', NOW + 1, 'Renamed'));
  await pass(50);
  expect(places.all.find(({ id }) => id === 'one')?.name).toBe('Renamed');
  expect(ids(places)).toEqual(['one', 'three', 'two']);
  await city.deliver(fakeEvent({ kind: kinds.DELETE_GROUP, created_at: NOW + 2, tags: [['h', 'two']] }));
  await pass(50);
  expect(ids(places)).toEqual(['one', 'three']);
  expect(all.mock.calls.filter(([table]) => table.name === groups.name)).toEqual([]);
});

test('a place whose news comes late, behind newer ones, is not missed', async () => {
  const { city, places } = begin();
  places.start();
  await pass(1000);
  await city.deliver(place('newest', NOW));
  await pass(50);
  await city.deliver(place('hours-ago', NOW - 7200));
  await pass(2000);
  expect(ids(places)).toEqual(['hours-ago', 'newest']);
});

test('one burst of news is one new array', async () => {
  const { city, places } = begin();
  places.start();
  await pass(1000);
  const before = places.all;
  for (let index = 0; index < 200; index++) await city.deliver(place(`p${index}`, NOW + index));
  expect(places.all).toBe(before);
  await pass(30);
  expect(places.all).toHaveLength(200);
});

test('mine are those whose list has me, and I hear of being taken off', async () => {
  const { city, places } = begin([place('one', NOW - 100), place('two', NOW - 90)]);
  places.start();
  await pass(1000);
  await city.deliver(memberList('one', NOW, me, fakeKey('b2')), memberList('two', NOW, fakeKey('b2')));
  await pass(50);
  expect(places.mine.map(({ id, members }) => [id, members])).toEqual([['one', 2]]);
  const filters = [...city.subscriptions].flatMap((request) => request.filters);
  expect(filters.some((filter) => filter['#d']?.includes('one'))).toBe(true);
  await city.deliver(memberList('one', NOW + 5, fakeKey('b2')));
  await pass(50);
  expect(places.mine).toEqual([]);
});

test('signing out makes nothing mine, and stops asking for my lists', async () => {
  const { city, places } = begin([place('one', NOW - 100)]);
  places.start();
  await city.deliver(memberList('one', NOW, me));
  await pass(1000);
  expect(places.mine).toHaveLength(1);
  city.account = undefined;
  places.follow(undefined);
  await pass(50);
  expect(places.mine).toEqual([]);
  expect([...city.subscriptions].flatMap(({ filters }) => filters).some((filter) => filter['#p'])).toBe(
    false,
  );
});

test('stopping releases every subscription', async () => {
  const { city, places } = begin([place('one', NOW - 100)]);
  const stop = places.start();
  await pass(100);
  expect(city.subscriptions.size).toBeGreaterThan(0);
  stop();
  expect(city.subscriptions.size).toBe(0);
});

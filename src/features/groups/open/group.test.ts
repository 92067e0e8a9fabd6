import { expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import { makeDeleteEvent, makeJoinRequest, makePutUser, makeRemoveUser } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { decline, joinGroup, leaveGroup } from '../model/commands.ts';
import { groupsProjection } from '../projection.ts';
import { GroupController } from './group.svelte.ts';

const me = fakeKey('a1');
const bob = fakeKey('b2');
const relayKey = fakeKey('ce');
const id = 'harbour';
let time = 1_800_000_000;

const metadata = (...flags: string[]): NostrEvent =>
  fakeEvent({
    kind: kinds.GROUP_METADATA,
    pubkey: relayKey,
    created_at: time++,
    tags: [['d', id], ['name', 'Harbour'], ...flags.map((flag) => [flag])],
  });
const list = (...people: string[]): NostrEvent =>
  fakeEvent({
    kind: kinds.GROUP_MEMBERS,
    pubkey: relayKey,
    created_at: time++,
    tags: [['d', id], ...people.map((pubkey) => ['p', pubkey])],
  });
const admins = (...people: string[]): NostrEvent =>
  fakeEvent({
    kind: kinds.GROUP_ADMINS,
    pubkey: relayKey,
    created_at: time++,
    tags: [['d', id], ...people.map((pubkey) => ['p', pubkey, 'admin'])],
  });

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

const open = async (stored: readonly NostrEvent[], account: string | null = me) => {
  const city = new FakeCity({
    projections: [groupsProjection],
    account: account === null ? undefined : fakeAccount(account),
  });
  city.onFetch = () => stored;
  const group = new GroupController(city, id);
  await settle();
  return { city, group };
};
const visitor = (stored: readonly NostrEvent[]) => open(stored, null);
const filtersOf = (city: FakeCity) => [...city.subscriptions].flatMap(({ filters }) => filters);

test('a place loads, and is here', async () => {
  const city = new FakeCity({ projections: [groupsProjection] });
  city.onFetch = () => [metadata()];
  const group = new GroupController(city, id);
  expect(group.presence).toBe('loading');
  await settle();
  expect(group.presence).toBe('here');
  expect(group.group?.name).toBe('Harbour');
});

test('a place that the city does not show is unknown; one that cannot be asked for is unreachable', async () => {
  expect((await open([])).group.presence).toBe('unknown');
  const { city, group } = await open([metadata()]);
  city.onFetch = () => ({ code: 'unreachable', message: 'offline' });
  group.retry();
  await settle();
  expect(group.presence).toBe('here');
  const fresh = new GroupController(new FakeCity({ projections: [groupsProjection] }), 'other');
  await settle();
  expect(fresh.presence).toBe('unknown');
});

test('offline and never seen: the person hears that the city does not answer, and it comes once it does', async () => {
  const city = new FakeCity({ projections: [groupsProjection] });
  city.onFetch = () => ({ code: 'unreachable', message: 'offline' });
  const group = new GroupController(city, id);
  await settle();
  expect(group.presence).toBe('unreachable');
  await city.deliver(metadata());
  await settle();
  expect(group.presence).toBe('here');
});

test('a place that ends while open is deleted, and nobody writes there', async () => {
  const { city, group } = await open([metadata(), list(me)]);
  expect(group.canWrite).toBe(true);
  await city.deliver(fakeEvent({ kind: kinds.DELETE_GROUP, tags: [['h', id]] }));
  await settle();
  expect(group.presence).toBe('deleted');
  expect(group.whyNotWrite).toBe('gone');
});

test('a visitor reads an open place and needs an account to write', async () => {
  const { group } = await visitor([metadata(), list(bob)]);
  expect(group.canRead).toBe(true);
  expect(group.whyNotWrite).toBe('no-account');
  expect(group.standing.is).toBe('visitor');
});

test('an account may write in an open place, but not where only members write', async () => {
  expect((await open([metadata()])).group.canWrite).toBe(true);
  expect((await open([metadata('restricted')])).group.whyNotWrite).toBe('visitor');
  const closed = (await open([metadata('private', 'restricted', 'closed')])).group;
  expect(closed.canRead).toBe(false);
});

test('asking, waiting, being let in', async () => {
  const { city, group } = await open([metadata('restricted', 'closed'), list(bob)]);
  city.answers = () => 'wait';
  const joining = joinGroup(city, { id }, { patience: 50 });
  await settle();
  expect(group.standing).toMatchObject({ is: 'asked', settled: false });
  await city.refuse(city.published[0]?.id ?? '', 'restricted: pending: an admin will look at it');
  await settle();
  expect(await joining).toMatchObject({ ok: true, value: { outcome: 'pending' } });
  expect(group.standing).toMatchObject({ is: 'asked', settled: true });
  await city.deliver(list(bob, me));
  await settle();
  expect(group.standing.is).toBe('member');
  expect(group.canWrite).toBe(true);
});

test('a request that an admin takes away is a no, with the admin’s words', async () => {
  const { city, group } = await open([metadata('restricted', 'closed')]);
  await joinGroup(city, { id });
  await settle();
  const ask = city.published[0]?.id ?? '';
  expect(filtersOf(city).some((filter) => filter['#e']?.includes(ask))).toBe(true);
  await city.deliver(fakeEvent({ ...makeDeleteEvent(id, ask, 'We are full'), pubkey: bob }));
  await settle();
  expect(group.standing).toMatchObject({ is: 'refused', by: 'admin', reason: 'We are full' });
});

test('being removed while reading is told, leaving is not a refusal', async () => {
  const { city, group } = await open([metadata('restricted'), list(me, bob)]);
  await city.deliver(
    list(bob),
    fakeEvent({ ...makeRemoveUser(id, me, 'spam'), pubkey: bob, created_at: time }),
  );
  await settle();
  expect(group.standing).toMatchObject({ is: 'refused', reason: 'spam' });
  const other = await open([metadata(), list(me, bob)]);
  await leaveGroup(other.city, id);
  await other.city.deliver(
    list(bob),
    fakeEvent({ ...makeRemoveUser(id, me), pubkey: relayKey, created_at: other.city.now + 1 }),
  );
  await settle();
  expect(other.group.standing.is).toBe('visitor');
});

test('an admin sees who waits, oldest first, until somebody decides', async () => {
  const { city, group } = await open([metadata('closed'), list(me), admins(me)]);
  expect(group.isAdmin).toBe(true);
  expect(group.isLastAdmin).toBe(true);
  const carol = fakeKey('c3');
  const first = fakeEvent({ ...makeJoinRequest(id, undefined, 'Hello'), pubkey: bob, created_at: 10 });
  const second = fakeEvent({ ...makeJoinRequest(id), pubkey: carol, created_at: 20 });
  await city.deliver(second, first);
  await settle();
  expect(group.requests.map(({ pubkey }) => pubkey)).toEqual([bob, carol]);
  await city.deliver(fakeEvent({ ...makePutUser(id, carol), created_at: 21 }));
  await settle();
  expect(group.requests.map(({ pubkey }) => pubkey)).toEqual([bob]);
  await decline(city, id, first.id, 'no');
  await city.deliver(...city.published);
  await settle();
  expect(group.requests).toEqual([]);
});

test('nobody else sees requests, nor asks the city for them', async () => {
  const { city, group } = await open([metadata('closed'), list(me, bob), admins(bob)]);
  await city.deliver(fakeEvent({ ...makeJoinRequest(id), pubkey: fakeKey('c3') }));
  await settle();
  expect(group.requests).toEqual([]);
  expect(
    filtersOf(city).some(
      (filter) => filter.kinds?.includes(kinds.JOIN_REQUEST) && filter.authors === undefined,
    ),
  ).toBe(false);
});

test('signing in changes the standing and asks the city again', async () => {
  const { city, group } = await visitor([metadata(), list(me)]);
  const before = city.fetches.length;
  city.account = fakeAccount(me);
  group.follow(me);
  await settle();
  expect(group.standing.is).toBe('member');
  expect(city.fetches.length).toBe(before + 1);
});

test('stopping releases every subscription, for good', async () => {
  const { city, group } = await open([metadata(), list(me)]);
  expect(city.subscriptions.size).toBeGreaterThan(0);
  group.stop();
  await city.deliver(list(me, bob));
  await settle();
  expect(city.subscriptions.size).toBe(0);
});

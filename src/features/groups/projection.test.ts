import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalEvent } from '#client/store/local-events.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { makeDeleteEvent, makeJoinRequest, makePutUser } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { FakeCity, fakeAccount, fakeEvent, fakeKey, refusal } from '../../../tests/support/fake-city.ts';
import { MemoryRows } from '../../../tests/support/memory-rows.ts';
import { anyEvent } from '../../../tests/support/wire-arbitraries.ts';
import { groupsProjection } from './projection.ts';
import { isHere, peopleOf } from './model/standing.ts';
import {
  groups,
  members,
  memberships,
  ownActionsPart,
  requestId,
  requests,
  takenAway,
} from './model/tables.ts';

const me = fakeKey('a1');
const bob = fakeKey('b2');
const group = 'harbour';

const seen = (event: NostrEvent): LocalEvent => ({
  type: 'RelayEventSeen',
  v: 1,
  event,
  relay: 'wss://city.test',
});
const rowsOf = async (...events: readonly NostrEvent[]): Promise<MemoryRows> => {
  const rows = new MemoryRows([groupsProjection]);
  await rows.apply(...events.map(seen));
  return rows;
};
const metadata = (created_at: number, ...tags: string[][]): NostrEvent =>
  fakeEvent({ kind: kinds.GROUP_METADATA, created_at, tags: [['d', group], ...tags] });
const list = (kind: number, created_at: number, ...people: string[][]): NostrEvent =>
  fakeEvent({ kind, created_at, tags: [['d', group], ...people.map((person) => ['p', ...person])] });

test('the newest metadata of a place counts, and its longest cell is its cell', async () => {
  const older = metadata(10, ['name', 'Old harbour']);
  const newer = metadata(20, ['name', 'Harbour'], ['about', 'Boats'], ['g', 'u3'], ['g', 'u33d'], ['closed']);
  for (const order of [
    [older, newer],
    [newer, older],
  ]) {
    const row = await (await rowsOf(...order)).get(groups, group);
    expect(row).toMatchObject({ name: 'Harbour', about: 'Boats', geohash: 'u33d', eventId: newer.id });
    expect(row?.modes).toEqual({ private: false, restricted: false, closed: true, hidden: false });
  }
});

test('a name with tricks comes out as one honest line', async () => {
  const row = await (await rowsOf(metadata(1, ['name', 'Har\u202ebour\n\u200b x']))).get(groups, group);
  expect(row?.name).toBe('Harbour x');
});

test('the end of a place is final, whichever comes first', async () => {
  const end = fakeEvent({ kind: kinds.DELETE_GROUP, created_at: 15, tags: [['h', group]] });
  const before = metadata(10, ['name', 'Harbour']);
  const late = metadata(20, ['name', 'Back again']);
  for (const order of [
    [before, end, late],
    [end, late, before],
  ]) {
    const row = await (await rowsOf(...order)).get(groups, group);
    expect(row?.deletedAt).toBe(15);
    expect(row && isHere(row)).toBe(false);
  }
});

test('members and admins are one list, admins first, each list replaced by its newer one', async () => {
  const rows = await rowsOf(
    list(kinds.GROUP_MEMBERS, 20, [bob], [me]),
    list(kinds.GROUP_ADMINS, 10, [me, 'admin', 'gardener']),
    list(kinds.GROUP_MEMBERS, 10, [fakeKey('c3')]),
  );
  expect(peopleOf(await rows.get(members, group))).toEqual([
    { pubkey: me, roles: ['admin', 'gardener'] },
    { pubkey: bob, roles: [] },
  ]);
});

test('requests, decisions and farewells are kept side by side, the newest of each', async () => {
  const ask = fakeEvent({ ...makeJoinRequest(group, undefined, 'I sail'), created_at: 10, pubkey: bob });
  const yes = fakeEvent({ ...makePutUser(group, bob), created_at: 20, pubkey: me });
  const bye = fakeEvent({ kind: kinds.LEAVE_REQUEST, created_at: 30, pubkey: bob, tags: [['h', group]] });
  const out = fakeEvent({
    kind: kinds.REMOVE_USER,
    created_at: 31,
    tags: [
      ['h', group],
      ['p', bob],
    ],
  });
  const row = await (await rowsOf(out, ask, bye, yes)).get(requests, requestId(group, bob));
  expect(row?.asked).toEqual({ id: ask.id, created_at: 10, text: 'I sail' });
  expect(row?.left?.created_at).toBe(30);
  expect(row?.decided).toMatchObject({ created_at: 31, as: 'out' });
});

test('seed 000: a request that names somebody else is a decision about them', async () => {
  const add = fakeEvent({
    kind: kinds.JOIN_REQUEST,
    pubkey: me,
    tags: [
      ['h', group],
      ['p', bob],
    ],
  });
  const rows = await rowsOf(add);
  expect((await rows.get(requests, requestId(group, bob)))?.decided?.as).toBe('in');
  expect(await rows.get(requests, requestId(group, me))).toBeUndefined();
});

test('a line of an admin taking events away is remembered with its words', async () => {
  const rows = await rowsOf(
    fakeEvent({ ...makeDeleteEvent(group, fakeKey('e5'), 'not now'), created_at: 5 }),
  );
  expect(await rows.part(takenAway, { part: group })).toEqual([
    { id: fakeKey('e5'), group, text: 'not now', at: 5 },
  ]);
});

const asMe = (answer: string | undefined) => {
  const city = new FakeCity({ projections: [groupsProjection], account: fakeAccount(me) });
  if (answer !== undefined) city.answers = () => refusal(answer);
  return city;
};
const ownAction = async (city: FakeCity) =>
  (await city.part(memberships, { part: ownActionsPart(me, group) }))[0];

test('my request is sending, then sent', async () => {
  const city = asMe(undefined);
  city.answers = () => 'wait';
  await city.publish(makeJoinRequest(group));
  expect(await ownAction(city)).toMatchObject({ what: 'join', state: 'sending' });
  await city.accept(city.published[0]?.id ?? '');
  expect(await ownAction(city)).toMatchObject({ what: 'join', state: 'sent' });
});

test('a refusal keeps the city’s words; “pending” and “duplicate” are no refusals', async () => {
  const refused = asMe('restricted: this invitation is not valid any more');
  await refused.publish(makeJoinRequest(group, 'old'));
  expect(await ownAction(refused)).toMatchObject({
    state: 'refused',
    reason: 'restricted: this invitation is not valid any more',
  });
  for (const words of ['restricted: pending: an admin will look at it', 'duplicate: you are a member']) {
    const city = asMe(words);
    await city.publish(makeJoinRequest(group));
    expect((await ownAction(city))?.state, words).toBe('sent');
  }
});

test('a later try that is taken clears the refusal, and a late refusal does not undo what was taken', async () => {
  const city = asMe('rate-limited: slow down');
  await city.publish(makeJoinRequest(group));
  const id = city.published[0]?.id ?? '';
  await city.accept(id);
  expect(await ownAction(city)).toEqual(
    expect.not.objectContaining({ reason: expect.anything() as unknown }),
  );
  await city.refuse(id, 'blocked: other relay');
  expect((await ownAction(city))?.state).toBe('sent');
});

test('a request given up is gone', async () => {
  const city = asMe('blocked: no');
  await city.publish(makeJoinRequest(group));
  await city.discard(city.published[0]?.id ?? '');
  expect(await ownAction(city)).toBeUndefined();
});

test('a place that I deleted ends when the city agrees', async () => {
  const city = asMe(undefined);
  city.answers = () => 'wait';
  await city.deliver(metadata(10, ['name', 'Harbour']));
  await city.publish({ kind: kinds.DELETE_GROUP, tags: [['h', group]], content: '' });
  expect((await city.get(groups, group))?.deletedAt).toBeUndefined();
  await city.accept(city.published[0]?.id ?? '');
  expect((await city.get(groups, group))?.deletedAt).toBe(city.published[0]?.created_at);
});

const groupKinds = [39000, 39001, 39002, 9000, 9001, 9005, 9008, 9021, 9022];
const groupEvent = fc
  .record({
    event: anyEvent,
    kind: fc.constantFrom(...groupKinds),
    group: fc.constantFrom('harbour', 'market', ''),
    subject: fc.option(fc.constantFrom(me, bob)),
    pubkey: fc.constantFrom(me, bob),
    target: fc.constantFrom(fakeKey('e5'), fakeKey('e6')),
    created_at: fc.nat({ max: 3 }),
  })
  .map(({ event, kind, group, subject, pubkey, target, created_at }) => ({
    ...event,
    kind,
    pubkey,
    created_at,
    tags: [['d', group], ['h', group], ['e', target], ...(subject ? [['p', subject]] : []), ...event.tags],
  }));

test('whatever order a relay delivers in, the rows are the same, and nothing throws', async () => {
  const shuffled = fc
    .array(groupEvent, { maxLength: 14 })
    .chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([events, other]) => {
      expect((await rowsOf(...other)).dump()).toEqual((await rowsOf(...events)).dump());
    }),
    { numRuns: 150 },
  );
});

import { expect, test } from 'vitest';
import { identityProjection } from '#features/identity/projection.ts';
import { MY_GROUPS, RELAY_LIST } from '#protocol/kinds.ts';
import { makeMyGroups, parseMyGroups } from '#protocol/lists.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { fakeAccount, fakeEvent, FakeCity } from '../../../tests/support/fake-city.ts';
import { ownKeysTable } from './lists-table.ts';
import { publishMerged } from './merge.ts';

const account = fakeAccount();
const { pubkey } = account;
const now = 1_800_000_000;
const clock = { now: () => now };
const unreachable = { code: 'unreachable', message: 'no answer' } as const;
const makeCity = () => new FakeCity({ projections: [identityProjection], account, now });
const join = (city: FakeCity, group: string) => (previous: NostrEvent | undefined) =>
  makeMyGroups({ group, relay: city.relay, member: true }, previous);
const groupsOf = (event: NostrEvent | undefined) =>
  event ? parseMyGroups(event).map(({ group }) => group) : [];

test('a write holds what the relay holds, which this device did not know', async () => {
  const city = makeCity();
  city.onFetch = () => [
    fakeEvent({
      kind: MY_GROUPS,
      pubkey,
      created_at: now - 50,
      tags: [
        ['group', 'old', 'wss://elsewhere.test'],
        ['foreign', 'x'],
      ],
    }),
  ];
  const result = await publishMerged(city, MY_GROUPS, join(city, 'new'), { clock });
  expect(result.ok).toBe(true);
  expect(groupsOf(city.published[0])).toEqual(['old', 'new']);
  expect(city.published[0]?.tags).toContainEqual(['foreign', 'x']);
});

test('without an answer nothing is written', async () => {
  const city = makeCity();
  city.onFetch = () => unreachable;
  const result = await publishMerged(city, MY_GROUPS, join(city, 'new'), { clock });
  expect(result).toMatchObject({ ok: false, error: { code: 'unreachable' } });
  expect(city.published).toEqual([]);
});

test('a key born here within the hour may write its first version unanswered, but not its second', async () => {
  const city = makeCity();
  city.rows.put(ownKeysTable, { pubkey, bornAt: now - 60 });
  city.onFetch = () => unreachable;
  expect((await publishMerged(city, MY_GROUPS, join(city, 'one'), { clock })).ok).toBe(true);
  expect(await publishMerged(city, MY_GROUPS, join(city, 'two'), { clock })).toMatchObject({ ok: false });
});

test('an hour later the newborn must be answered too', async () => {
  const city = makeCity();
  city.rows.put(ownKeysTable, { pubkey, bornAt: now - 3600 });
  city.onFetch = () => unreachable;
  expect((await publishMerged(city, MY_GROUPS, join(city, 'one'), { clock })).ok).toBe(false);
});

test('the person’s own write relays are asked and written to; one of them must answer', async () => {
  const city = makeCity();
  await city.deliver(
    fakeEvent({
      kind: RELAY_LIST,
      pubkey,
      tags: [
        ['r', 'wss://mine.test'],
        ['r', city.relay],
      ],
    }),
  );
  city.onFetch = ({ relay }) => (relay === 'wss://mine.test' ? unreachable : []);
  expect((await publishMerged(city, MY_GROUPS, join(city, 'one'), { clock })).ok).toBe(false);
  city.onFetch = () => [];
  expect((await publishMerged(city, MY_GROUPS, join(city, 'one'), { clock })).ok).toBe(true);
  expect(city.options[0]?.relays).toEqual([city.relay, 'wss://mine.test']);
});

test('two changes at once follow each other, the second one later in time', async () => {
  const city = makeCity();
  const results = await Promise.all([
    publishMerged(city, MY_GROUPS, join(city, 'one'), { clock }),
    publishMerged(city, MY_GROUPS, join(city, 'two'), { clock }),
  ]);
  expect(results.every((result) => result.ok)).toBe(true);
  expect(groupsOf(city.published[1])).toEqual(['one', 'two']);
  expect(city.published[1]?.created_at).toBeGreaterThan(city.published[0]?.created_at ?? Infinity);
});

test('a version that the relay refused is not built upon', async () => {
  const city = makeCity();
  city.answers = () => ({ ok: false, error: { code: 'refused', message: 'blocked: no' } });
  await publishMerged(city, MY_GROUPS, join(city, 'one'), { clock });
  await publishMerged(city, MY_GROUPS, join(city, 'two'), { clock });
  expect(groupsOf(city.published[1])).toEqual(['two']);
});

test('a failure of one write does not stop the next', async () => {
  const city = makeCity();
  const broken = publishMerged(city, MY_GROUPS, () => {
    throw new Error('bug');
  });
  await expect(broken).rejects.toThrow('bug');
  expect((await publishMerged(city, MY_GROUPS, join(city, 'one'), { clock })).ok).toBe(true);
});

test('a visitor is told to join first', async () => {
  const city = new FakeCity({ projections: [identityProjection] });
  const result = await publishMerged(city, MY_GROUPS, join(city, 'one'), { clock });
  expect(result).toMatchObject({ ok: false, error: { code: 'no-account' } });
});

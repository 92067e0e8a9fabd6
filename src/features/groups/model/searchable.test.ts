import { expect, test } from 'vitest';
import type { Table } from '#client/store/table.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { makeJoinRequest, makePutUser } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { MemoryRows } from '../../../../tests/support/memory-rows.ts';
import { groupsProjection } from '../projection.ts';
import { groups, requests } from './tables.ts';

const group = 'harbour';
const bob = fakeKey('b2');
const wordsOf = async <Row>(table: Table<Row>, ...events: readonly NostrEvent[]) => {
  const rows = new MemoryRows([groupsProjection]);
  for (const event of events)
    await rows.apply({ type: 'RelayEventSeen', v: 1, event, relay: 'wss://city.test' });
  const searchable = groupsProjection.searchable?.find((one) => one.table === table.name);
  expect(searchable).toBeDefined();
  return (await rows.all(table)).flatMap((row) => searchable?.words(row) ?? []);
};
const metadata = (created_at: number, name: string, about = ''): NostrEvent =>
  fakeEvent({
    kind: kinds.GROUP_METADATA,
    created_at,
    tags: [
      ['d', group],
      ['name', name],
      ['about', about],
    ],
  });
const end = fakeEvent({ kind: kinds.DELETE_GROUP, created_at: 50, tags: [['h', group]] });
const ask = (created_at: number, reason: string) =>
  fakeEvent({ ...makeJoinRequest(group, undefined, reason), pubkey: bob, created_at });

test('a place is found by its newest name and description, and stands in itself', async () => {
  expect(await wordsOf(groups, metadata(20, 'Harbour', 'Boats'), metadata(10, 'Old name'))).toEqual([
    { text: 'Harbour\nBoats', group, at: 20 },
  ]);
});

test('a place that has ended is not found, nor one of which only the end is known', async () => {
  expect(await wordsOf(groups, metadata(20, 'Harbour'), end)).toEqual([]);
  expect(await wordsOf(groups, end)).toEqual([]);
});

test('a wish to join is found by its words until it is decided', async () => {
  expect(await wordsOf(requests, ask(5, 'I mend nets'))).toEqual([
    { text: 'I mend nets', group, author: bob, at: 5 },
  ]);
  const welcome = fakeEvent({ ...makePutUser(group, bob), created_at: 9 });
  expect(await wordsOf(requests, ask(5, 'I mend nets'), welcome)).toEqual([]);
  expect(await wordsOf(requests, ask(5, ''))).toEqual([]);
});

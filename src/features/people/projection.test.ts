import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import { newestFirst } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import { MemoryRows } from '../../../tests/support/memory-rows.ts';
import { anyEvent, eventOfKind } from '../../../tests/support/wire-arbitraries.ts';
import { peopleProjection } from './projection.ts';
import { people, relayLists } from './tables.ts';

const profile = (name: string, created_at: number, pubkey = fakeKey('a1')): NostrEvent =>
  fakeEvent({ kind: kinds.PROFILE, content: JSON.stringify({ name }), created_at, pubkey });

const seen = (event: NostrEvent) =>
  ({ type: 'RelayEventSeen', v: 1, event, relay: 'wss://city.test' }) as const;

const rowsOf = async (events: readonly NostrEvent[]): Promise<MemoryRows> => {
  const rows = new MemoryRows([peopleProjection]);
  await rows.apply(...events.map(seen));
  return rows;
};

test('the newest profile of a person counts, whichever comes last', async () => {
  const older = profile('Ada', 10);
  const newer = profile('Ada Lovelace', 20);
  for (const order of [
    [older, newer],
    [newer, older],
  ]) {
    const row = await (await rowsOf(order)).get(people, older.pubkey);
    expect(row?.profile.name).toBe('Ada Lovelace');
    expect(row?.id).toBe(newer.id);
  }
});

test('of two profiles of one second the lower id counts (NIP-01)', async () => {
  const [first, second] = [profile('One', 10), profile('Two', 10)].sort(newestFirst);
  const rows = await rowsOf([second, first] as NostrEvent[]);
  expect((await rows.get(people, fakeKey('a1')))?.id).toBe(first?.id);
});

test('my own profile counts as soon as I have signed it', async () => {
  const rows = new MemoryRows([peopleProjection]);
  const event = profile('Mine', 10);
  await rows.apply({ type: 'EventSigned', v: 1, event, relays: ['wss://city.test'] });
  expect((await rows.get(people, event.pubkey))?.profile.name).toBe('Mine');
});

test('what is no profile is passed over and hides no earlier one', async () => {
  const broken = fakeEvent({
    kind: kinds.PROFILE,
    content: '{"name":',
    created_at: 99,
    pubkey: fakeKey('a1'),
  });
  const rows = await rowsOf([profile('Ada', 10), broken]);
  expect((await rows.get(people, fakeKey('a1')))?.profile.name).toBe('Ada');
});

test('a relay list says where somebody reads and writes', async () => {
  const event = fakeEvent({
    kind: kinds.RELAY_LIST,
    tags: [
      ['r', 'wss://both.example/'],
      ['r', 'wss://in.example', 'read'],
      ['r', 'nonsense'],
    ],
  });
  const row = await (await rowsOf([event])).get(relayLists, event.pubkey);
  expect(row?.write).toEqual(['wss://both.example']);
  expect(row?.read).toEqual(['wss://both.example', 'wss://in.example']);
});

test('whatever order strangers send in, the rows are the same, and nothing throws', async () => {
  const stranger = fc.oneof(eventOfKind(kinds.PROFILE), eventOfKind(kinds.RELAY_LIST), anyEvent);
  const few = fc
    .tuple(stranger, fc.constantFrom('a1', 'b2'), fc.nat({ max: 3 }))
    .map(([event, key, time]) => ({
      ...event,
      pubkey: fakeKey(key),
      created_at: time,
      content: event.content.length % 3 === 0 ? '{"name":"Somebody"}' : event.content,
    }));
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(few, { maxLength: 12 })
        .chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
      async ([events, shuffled]) => {
        expect((await rowsOf(shuffled)).dump()).toEqual((await rowsOf(events)).dump());
      },
    ),
    { numRuns: 100 },
  );
});

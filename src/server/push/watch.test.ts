import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import { matchesFilter } from '#protocol/filters.ts';
import * as kinds from '#protocol/kinds.ts';
import type { PushWant } from '#protocol/push.ts';
import type { GroupState } from '../groups/state.ts';
import type { Device } from './register.ts';
import { PushWatch } from './watch.ts';

const NOW = 1_800_000_000;
const places = ['open', 'private'];

const state = (id: string, members: readonly string[]): GroupState => ({
  id,
  createdBy: 'anna',
  createdAt: 0,
  updatedAt: 0,
  profile: {
    name: id,
    about: '',
    modes: { private: id === 'private', closed: false, hidden: false, restricted: false },
  } as GroupState['profile'],
  members: new Map(members.map((key) => [key, { roles: [], joinedAt: 0, addedBy: '' }])),
  invites: new Map(),
  pins: [],
  parent: undefined,
  childOrder: [],
  deleted: false,
});

/** A watch over two places; the private one has Anna and Ben in it. */
const setUp = () => {
  const states = new Map(places.map((id) => [id, state(id, ['anna', 'ben'])]));
  const time = { now: NOW };
  const woken: string[][] = [];
  const watch = new PushWatch({
    access: { places: states, operators: new Set() },
    clock: { now: () => time.now },
    wake: (devices) => woken.push(devices.map(({ pubkey }) => pubkey)),
  });
  return { watch, woken, time, states };
};

const device = (pubkey: string, ...wants: PushWant[]): Device => ({
  pubkey,
  address: { endpoint: `https://push.example/${pubkey}`, keys: { p256dh: '', auth: '' } },
  tag: '',
  wants,
  createdAt: 0,
  lastOk: 0,
  failures: 0,
});
const event = (place: string, by: string, more: Partial<NostrEvent> = {}): NostrEvent => ({
  ...{ id: '', sig: '', content: '', created_at: NOW, kind: kinds.NOTE, pubkey: by, tags: [['h', place]] },
  ...more,
});
const inPlace = (place: string, after?: number): PushWant => ({
  filter: { '#h': [place] },
  ...(after === undefined ? {} : { after }),
});

test('wakes whoever wants it and may read it, once each, all at once; never the author', () => {
  const { watch, woken } = setUp();
  for (const name of ['anna', 'ben', 'cleo'])
    watch.watch(device(name, inPlace('open'), inPlace('private'), { filter: { authors: ['anna'] } }));
  watch.deliver([event('open', 'anna'), event('private', 'anna'), event('private', 'ben')]);
  expect(woken).toEqual([['ben', 'cleo'], ['ben'], ['anna']]);
});

test('who left reads no more, and is woken no more', () => {
  const { watch, woken, states } = setUp();
  watch.watch(device('ben', inPlace('private')));
  watch.deliver([event('private', 'anna')]);
  states.set('private', state('private', ['anna']));
  watch.deliver([event('private', 'anna')]);
  expect(woken).toEqual([['ben']]);
});

test('after: from that second on, by the city’s clock, each want for itself', () => {
  const { watch, woken, time } = setUp();
  watch.watch(device('ben', inPlace('open', NOW + 10)));
  watch.watch(device('cleo', inPlace('open', NOW + 10), { filter: { '#h': ['open'], kinds: [9] } }));
  watch.deliver([event('open', 'anna')]);
  watch.deliver([event('open', 'anna', { kind: 9 })]);
  time.now = NOW + 10;
  watch.deliver([event('open', 'anna')]);
  expect(woken).toEqual([['cleo'], ['ben', 'cleo']]);
});

test('ephemeral events and those of long ago wake nobody; letters that are two days off do', () => {
  const { watch, woken } = setUp();
  watch.watch(device('ben', { filter: { '#p': ['ben'] } }));
  const letter = (kind: number, created_at = NOW) =>
    event('', 'x', { kind, created_at, tags: [['p', 'ben']] });
  watch.deliver([letter(kinds.EPHEMERAL_GIFT_WRAP), letter(kinds.GIFT_WRAP, NOW - 8 * 86_400)]);
  expect(woken).toEqual([]);
  watch.deliver([letter(kinds.GIFT_WRAP, NOW - 2 * 86_400)]);
  expect(woken).toEqual([['ben']]);
});

test('watching again replaces what was wanted; unwatching ends it, and twice is once', () => {
  const { watch, woken } = setUp();
  const ben = device('ben', inPlace('open'));
  watch.watch(ben);
  ben.wants = [inPlace('private')];
  watch.watch(ben);
  watch.deliver([event('open', 'anna'), event('private', 'anna')]);
  expect(woken).toEqual([['ben']]);
  watch.unwatch(ben);
  watch.unwatch(ben);
  watch.deliver([event('private', 'anna')]);
  expect(woken).toHaveLength(1);
});

test('the index wakes exactly those whom asking everybody would find', () => {
  const name = fc.constantFrom('anna', 'ben', 'cleo', 'dora');
  const want = fc.record(
    {
      filter: fc.record(
        {
          '#h': fc.array(fc.constantFrom(...places)),
          kinds: fc.array(fc.constantFrom(1, 7)),
          authors: fc.array(name),
        },
        { requiredKeys: [] },
      ),
      after: fc.integer({ min: NOW - 1, max: NOW + 1 }),
    },
    { requiredKeys: ['filter'] },
  ) as fc.Arbitrary<PushWant>;
  const happening = fc
    .tuple(fc.constantFrom(...places), name, fc.constantFrom(1, 7))
    .map(([place, by, kind]) => event(place, by, { kind }));
  let wakes = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, fc.array(want, { maxLength: 4 })), { maxLength: 6 }),
      happening,
      (all, one) => {
        const { watch, woken, states } = setUp();
        const devices = all.map(([pubkey, wants]) => device(pubkey, ...wants));
        for (const each of devices) watch.watch(each);
        watch.deliver([one]);
        const place = one.tags[0]?.[1] ?? '';
        const expected = devices.filter(
          ({ pubkey, wants }) =>
            pubkey !== one.pubkey &&
            (place === 'open' || states.get(place)?.members.has(pubkey)) &&
            wants.some(({ filter, after = 0 }) => NOW >= after && matchesFilter(filter, one)),
        );
        wakes += expected.length;
        expect(woken.flat().sort()).toEqual(expected.map(({ pubkey }) => pubkey).sort());
      },
    ),
    { numRuns: 1000 },
  );
  expect(wakes).toBeGreaterThan(100);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Geohash } from '#shared/geohash.ts';
import { GroupDirectory } from '../groups/directory.ts';
import type { GroupState } from '../groups/state.ts';
import { audienceOf, canRead, refusalOf } from './access.ts';

const [ADMIN, MEMBER, OUTSIDER, OPERATOR, MODERATOR] = ['a', 'b', 'c', 'd', 'e'] as const;

const place = (modes: Partial<GroupState['profile']['modes']>, deleted = false): GroupState => ({
  id: 'well',
  createdBy: ADMIN,
  createdAt: 1,
  updatedAt: 1,
  profile: {
    name: 'Well',
    about: '',
    geohash: 'u33' as Geohash,
    modes: { private: false, restricted: false, closed: false, hidden: false, ...modes },
  },
  members: new Map([
    [ADMIN, { roles: ['admin'], joinedAt: 1, addedBy: ADMIN }],
    [MEMBER, { roles: [], joinedAt: 1, addedBy: ADMIN }],
    [MODERATOR, { roles: ['moderator'], joinedAt: 1, addedBy: ADMIN }],
  ]),
  invites: new Map(),
  pins: [],
  parent: undefined,
  childOrder: [],
  deleted,
});

const event = (kind: number, pubkey: string = MEMBER): NostrEvent => ({
  id: '',
  pubkey,
  kind,
  tags: [[kinds.isGroupState(kind) ? 'd' : 'h', 'well']],
  content: '',
  created_at: 1,
  sig: '',
});

const may = (state: GroupState, who: string | undefined, what: NostrEvent): boolean => {
  const places = new GroupDirectory();
  places.put(state);
  return canRead(what, new Set(who ? [who] : []), { places, operators: new Set([OPERATOR]) });
};

test('a moderator reads requests, but no codes: neither of an invitation nor of who used one', () => {
  const request = event(kinds.JOIN_REQUEST);
  const withCode = { ...request, tags: [...request.tags, ['code', 'sesame']] };
  const seen = (what: NostrEvent) => [MODERATOR, ADMIN].map((who) => may(place({}), who, what));
  expect(seen(request)).toEqual([true, true]);
  expect(seen(withCode)).toEqual([false, true]);
  expect(seen(event(kinds.CREATE_INVITE))).toEqual([false, true]);
});

test.each([
  ['a public place’s line', {}, kinds.NOTE, [true, true, true]],
  ['a private place’s line', { private: true }, kinds.NOTE, [false, true, true]],
  ['a private place’s description', { private: true }, kinds.GROUP_METADATA, [true, true, true]],
  ['a private place’s people', { private: true }, kinds.GROUP_MEMBERS, [false, true, true]],
  ['a hidden place’s description', { hidden: true }, kinds.GROUP_METADATA, [false, true, true]],
  ['an invitation', {}, kinds.CREATE_INVITE, [false, false, true]],
  ['somebody’s request', {}, kinds.JOIN_REQUEST, [false, true, true]],
])('%s: stranger, member, admin', (_, modes, kind, expected) => {
  const state = place(modes);
  expect([undefined, MEMBER, ADMIN].map((who) => may(state, who, event(kind)))).toEqual(expected);
  expect(may(state, OUTSIDER, event(kind))).toBe(expected[0]);
});

test('of a deleted place only its end is read, by those who could read it', () => {
  const open = place({}, true);
  expect(may(open, undefined, event(kinds.DELETE_GROUP))).toBe(true);
  expect(may(open, ADMIN, event(kinds.PUT_USER))).toBe(false);
  expect(may(place({ private: true }, true), OUTSIDER, event(kinds.DELETE_GROUP))).toBe(false);
});

test('operators see what members see, but no codes', () => {
  const state = place({ private: true, hidden: true });
  expect(may(state, OPERATOR, event(kinds.NOTE))).toBe(true);
  expect(may(state, OPERATOR, event(kinds.CREATE_INVITE))).toBe(false);
});

test('a question that names a private place is refused, one that names a hidden place is just empty', () => {
  const places = new GroupDirectory();
  const ask = (state: GroupState, ...keys: string[]) => {
    places.put(state);
    return refusalOf([{ '#h': ['well'] }], new Set(keys), { places, operators: new Set() })?.code;
  };
  expect(ask(place({ private: true }))).toBe('auth-required');
  expect(ask(place({ private: true }), OUTSIDER)).toBe('restricted');
  expect(ask(place({ private: true }), MEMBER)).toBe(undefined);
  expect(ask(place({ private: true, hidden: true }))).toBe(undefined);
});

test('the audience for SQL shuts the same places as live delivery', () => {
  const flags = fc.record({
    private: fc.boolean(),
    hidden: fc.boolean(),
    restricted: fc.boolean(),
    closed: fc.boolean(),
  });
  fc.assert(
    fc.property(
      flags,
      fc.boolean(),
      fc.constantFrom(ADMIN, MEMBER, OUTSIDER, OPERATOR),
      (modes, deleted, who) => {
        const state = place(modes, deleted);
        const places = new GroupDirectory();
        places.put(state);
        const keys = new Set([who]);
        const audience = audienceOf(places, keys, new Set([OPERATOR]));
        const shut = (kind: number) =>
          audience.hiddenPlaces.includes('well') ||
          audience.deletedPlaces.includes('well') ||
          (audience.closedPlaces.includes('well') && kind !== kinds.GROUP_METADATA);
        for (const kind of [kinds.NOTE, kinds.GROUP_METADATA, kinds.GROUP_MEMBERS])
          expect(may(state, who, event(kind))).toBe(!shut(kind));
      },
    ),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvent, eventOfKind, hex64 } from '../../tests/support/wire-arbitraries.ts';
import { geohashPrefixes } from '#shared/geohash.ts';
import type { Geohash } from '#shared/geohash.ts';
import type { Draft, NostrEvent } from './event.ts';
import { matchesFilter } from './filters.ts';
import * as groups from './groups.ts';
import * as kinds from './kinds.ts';
import { groupOf } from './tags.ts';

const open = { private: false, restricted: false, closed: false, hidden: false };
const event = (kind: number, tags: string[][]): NostrEvent => ({
  kind,
  tags,
  content: '',
  created_at: 1,
  pubkey: 'a'.repeat(64),
  id: '0'.repeat(64),
  sig: 'b'.repeat(128),
});
const signed = (draft: Draft): NostrEvent =>
  event(
    draft.kind,
    draft.tags.map((tag) => [...tag]),
  );

test('parseGroupMetadata never throws and tells only what is fit to be shown', () => {
  fc.assert(
    fc.property(fc.oneof(anyEvent, eventOfKind(kinds.GROUP_METADATA)), (event) => {
      const result = groups.parseGroupMetadata(event);
      if (!result.ok) return void expect(result.error.code).toBe('group');
      const { name, geohash, supportedKinds } = result.value;
      expect(name).not.toBe('');
      if (geohash !== undefined) expect(geohash).toMatch(/^[0-9b-hjkmnp-z]{1,6}$/);
      for (const kind of supportedKinds ?? []) expect(Number.isInteger(kind) && kind >= 0).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

const profile: fc.Arbitrary<groups.GroupProfile> = fc.record({
  name: fc.string({ minLength: 3, maxLength: 40, unit: fc.constantFrom(...'aé城ح-') }),
  about: fc.string({ maxLength: 60, unit: fc.constantFrom(...'aé城ح.') }),
  geohash: fc.constantFrom('u33dc0' as Geohash, '9q8' as Geohash),
  modes: fc.record({
    private: fc.boolean(),
    restricted: fc.boolean(),
    closed: fc.boolean(),
    hidden: fc.boolean(),
  }),
});

test('what creates or edits a group is what its metadata says back', () => {
  fc.assert(
    fc.property(profile, (profile) => {
      for (const draft of [groups.makeCreateGroup('g1', profile), groups.makeEditGroup('g1', profile)]) {
        expect(groupOf(draft)).toBe('g1');
        const prefixes = geohashPrefixes(profile.geohash as Geohash).map((cell) => ['g', cell]);
        const state = event(kinds.GROUP_METADATA, [
          ['d', 'g1'],
          ...draft.tags.map((tag) => [...tag]),
          ...prefixes,
        ]);
        expect(groups.parseGroupMetadata(state)).toMatchObject({ ok: true, value: { id: 'g1', ...profile } });
      }
    }),
  );
});

test('metadata: tricks in names are gone, an empty name falls back to the id, odd fields are left out', () => {
  const read = (...tags: string[][]) => {
    const result = groups.parseGroupMetadata(event(kinds.GROUP_METADATA, [['d', 'g1'], ...tags]));
    return result.ok ? result.value : undefined;
  };
  expect(read(['name', 'Quay\u202e\n<b>'])?.name).toBe('Quay <b>');
  expect(read(['name', '\u200b \u2066'])?.name).toBe('g1');
  expect(read(['name', 'x'.repeat(5000)])?.name).toHaveLength(groups.GROUP_NAME_MAX);
  expect(read(['g', 'NOPE'], ['g', 'u33'], ['g', 'u33dc0'], ['g', 'u'])?.geohash).toBe('u33dc0');
  expect(read(['supported_kinds', '1', '', ' ', '0x9', '-1', '9', '1e3'])?.supportedKinds).toEqual([1, 9]);
  expect(read(['supported_kinds'])?.supportedKinds).toEqual([]);
  expect(read()?.supportedKinds).toBeUndefined();
  expect(read(['private'], ['closed', 'whatever'])?.modes).toEqual({ ...open, private: true, closed: true });
  expect(groups.parseGroupMetadata(event(kinds.GROUP_METADATA, [])).ok).toBe(false);
  expect(groups.parseGroupMetadata(event(kinds.GROUP_ADMINS, [['d', 'g1']])).ok).toBe(false);
});

test('parseGroupPeople: right keys, each once, the first roles win', () => {
  fc.assert(
    fc.property(anyEvent, hex64, (event, key) => {
      const odd = {
        ...event,
        tags: [...event.tags, ['p', key, 'admin'], ['p', key], ['p'], ['p', 'nobody']],
      };
      const people = groups.parseGroupPeople(odd);
      expect(people.filter(({ pubkey }) => pubkey === key)).toHaveLength(1);
      expect(people.every(({ pubkey }) => /^[0-9a-f]{64}$/.test(pubkey))).toBe(true);
    }),
  );
  const key = 'c'.repeat(64);
  expect(
    groups.parseGroupPeople(
      event(kinds.GROUP_ADMINS, [
        ['p', key, 'admin', 'host'],
        ['p', key],
      ]),
    ),
  ).toEqual([{ pubkey: key, roles: ['admin', 'host'] }]);
});

test.each([
  ['two letters', { name: 'ab' }, 'name'],
  ['white space', { name: '      ' }, 'name'],
  ['101 letters', { name: 'x'.repeat(101) }, 'name'],
  ['501 letters of description', { about: 'x'.repeat(501) }, 'about'],
])('checkGroupProfile refuses %s', (_name, change, code) => {
  const result = groups.checkGroupProfile({ name: 'Quay', about: '', modes: open, ...change });
  expect(result.ok || result.error.code).toBe(code);
});

test('checkGroupProfile counts characters, not code units', () => {
  expect(groups.checkGroupProfile({ name: '🌊'.repeat(100), about: '🌊'.repeat(500), modes: open }).ok).toBe(
    true,
  );
  expect(groups.checkGroupProfile({ name: '東京城', about: '', modes: open }).ok).toBe(true);
});

test.each(['a', 'A-z_9', 'x'.repeat(64)])('%j is a group id', (id) =>
  expect(groups.isGroupId(id)).toBe(true),
);
test.each(['', 'a b', 'é', 'x'.repeat(65), "a'b", 'a\n', '../a'])('%j is no group id', (id) => {
  expect(groups.isGroupId(id)).toBe(false);
});

test('each hand of an admin carries its kind, its group and its target', () => {
  const key = 'c'.repeat(64);
  const table: [Draft, number, string[]][] = [
    [groups.makePutUser('g', key, ['admin']), kinds.PUT_USER, ['p', key, 'admin']],
    [groups.makePutUser('g', key), kinds.PUT_USER, ['p', key]],
    [groups.makeRemoveUser('g', key, 'why'), kinds.REMOVE_USER, ['p', key]],
    [groups.makeDeleteEvent('g', key), kinds.DELETE_EVENT, ['e', key]],
    [groups.makeInvite('g', 'code'), kinds.CREATE_INVITE, ['code', 'code']],
    [groups.makeJoinRequest('g', 'code'), kinds.JOIN_REQUEST, ['code', 'code']],
    [groups.makeLeaveRequest('g'), kinds.LEAVE_REQUEST, ['h', 'g']],
    [groups.makeDeleteGroup('g'), kinds.DELETE_GROUP, ['h', 'g']],
  ];
  for (const [draft, kind, tag] of table) {
    expect(draft.kind).toBe(kind);
    expect(groupOf(draft)).toBe('g');
    expect(draft.tags).toContainEqual(tag);
  }
  const limited = groups.makeInvite('g', 'code', { expiration: 5, uses: 3 });
  expect(limited.tags.slice(2)).toEqual([
    ['expiration', '5'],
    ['uses', '3'],
  ]);
});

test('an edit says all that a place said of itself, so that nothing is unset by the way', () => {
  const said: groups.GroupProfile = {
    name: 'Fountain',
    about: '',
    banner: 'https://city.example/banner.png',
    modes: { private: false, restricted: true, closed: false, hidden: false },
    supportedKinds: [1, 7],
    livekit: true,
    parent: 'square',
    children: ['rim', 'basin'],
  };
  const { tags } = groups.makeEditGroup('fountain', said);
  const heard = groups.parseGroupMetadata(
    event(kinds.GROUP_METADATA, [['d', 'fountain'], ...tags.slice(1).map((tag) => [...tag])]),
  );
  expect(heard).toMatchObject({ ok: true, value: said });
});

test('a line is kind 1 where the group lists it, 9 elsewhere', () => {
  expect(groups.lineKindFor({ supportedKinds: [7, 1] })).toBe(kinds.NOTE);
  expect(groups.lineKindFor({ supportedKinds: [9] })).toBe(kinds.CHAT_LINE);
  expect(groups.lineKindFor({})).toBe(kinds.CHAT_LINE);
});

test('the filters find what the makers make, and only of that group', () => {
  const request = signed(groups.makeJoinRequest('g'));
  expect(matchesFilter(groups.groupRequestsFilter('g'), request)).toBe(true);
  expect(matchesFilter(groups.groupRequestsFilter('other'), request)).toBe(false);
  const line = event(kinds.NOTE, [['h', 'g']]);
  expect(matchesFilter(groups.groupTalkFilter('g'), line)).toBe(true);
  expect(matchesFilter(groups.groupTalkFilter('g', { since: 2 }), line)).toBe(false);
  const state = event(kinds.GROUP_MEMBERS, [['d', 'g']]);
  expect(matchesFilter(groups.groupStateFilter('g', state.pubkey), state)).toBe(true);
  expect(matchesFilter(groups.groupStateFilter('g', 'f'.repeat(64)), state)).toBe(false);
});

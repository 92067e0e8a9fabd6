import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Geohash } from '#shared/geohash.ts';
import { applyGroupEvent } from './apply.ts';
import { announceChanges } from './announce.ts';
import { GroupDirectory, replay } from './directory.ts';
import { isCanonical } from './evolve.ts';
import { adminsOf, isAdmin } from './state.ts';
import type { GroupContext, GroupState } from './state.ts';

const key = (name: number): string => name.toString(16).padStart(64, '0');
const SELF = key(999);
const [ANNA, BEN, CARL] = [key(1), key(2), key(3)];
const OPEN = { private: false, restricted: false, closed: false, hidden: false };

let count = 0;
const by = (pubkey: string, draft: Draft, created_at = 1000): NostrEvent => ({
  ...draft,
  created_at,
  pubkey,
  id: (++count).toString(16).padStart(64, 'a'),
  sig: '0'.repeat(128),
});
const profile = (name = 'Fountain', modes: Partial<typeof OPEN> = {}): groups.GroupProfile => ({
  name,
  about: '',
  geohash: 'u33db' as Geohash,
  modes: { ...OPEN, ...modes },
});
const context: GroupContext = {
  self: SELF,
  operators: new Set(),
  now: 2000,
  find: () => undefined,
  places: new GroupDirectory(),
};

/** A place after events that must all be accepted; the relay's answers are applied as well. */
const after = (...events: readonly NostrEvent[]): GroupState => {
  let state: GroupState | undefined;
  for (const event of events) state = step(state, event, () => undefined);
  if (!state) throw new Error('no place');
  return state;
};

const step = (
  state: GroupState | undefined,
  event: NostrEvent,
  accepted: (event: NostrEvent) => void,
): GroupState => {
  const applied = applyGroupEvent(state, event, context);
  if (!applied.ok) throw new Error(`${applied.error.code}: ${applied.error.message}`);
  accepted(event);
  let next = applied.value.state;
  for (const effect of applied.value.effects)
    if (effect.type === 'issue') next = step(next, by(SELF, effect.draft), accepted);
  return next;
};

const moment = (state: GroupState) => ({ state, places: new GroupDirectory() });

const refusal = (state: GroupState | undefined, event: NostrEvent, given = context): string => {
  const applied = applyGroupEvent(state, event, given);
  return applied.ok ? 'accepted' : `${applied.error.code}: ${applied.error.message}`;
};

const fountain = (modes: Partial<typeof OPEN> = {}) =>
  by(ANNA, groups.makeCreateGroup('fountain', profile('Fountain', modes)));

describe('creating', () => {
  test('makes the creator the admin', () => {
    const state = after(fountain());
    expect(adminsOf(state)).toEqual([ANNA]);
    expect(state.profile.name).toBe('Fountain');
  });

  test.each([
    ['a name too short', profile('ab'), /3 to 100/],
    ['a name too long', profile('x'.repeat(101)), /3 to 100/],
    ['no cell', { ...profile(), geohash: undefined as never }, /g tag/],
    ['a cell that is none', { ...profile(), geohash: 'abc' as Geohash }, /geohash/],
    ['a cell too fine', { ...profile(), geohash: 'u33dbcd' as Geohash }, /geohash/],
    ['a picture that is no address', { ...profile(), picture: 'javascript:alert(1)' }, /picture/],
  ])('refuses %s', (_, bad, words) => {
    const event = by(ANNA, groups.makeCreateGroup('fountain', bad));
    expect(refusal(undefined, event)).toMatch(words);
  });

  test('refuses two cells and odd ids', () => {
    const draft = groups.makeCreateGroup('fountain', profile());
    const two = by(ANNA, { ...draft, tags: [...draft.tags, ['g', 'ezs42']] });
    expect(refusal(undefined, two)).toMatch(/one cell/);
    expect(refusal(undefined, by(ANNA, groups.makeCreateGroup('a b', profile())))).toMatch(/place id/);
  });

  test('an id is used once, even after its place was deleted', () => {
    const again = by(BEN, groups.makeCreateGroup('fountain', profile()));
    expect(refusal(after(fountain()), again)).toMatch(/^blocked: .*already there/);
    const gone = after(fountain(), by(ANNA, groups.makeDeleteGroup('fountain')));
    expect(refusal(gone, again)).toMatch(/^blocked: .*deleted/);
  });
});

describe('joining and leaving', () => {
  const join = (who: string, code?: string) => by(who, groups.makeJoinRequest('fountain', code));

  test('an open place takes everybody at once', () => {
    expect(after(fountain(), join(BEN)).members.has(BEN)).toBe(true);
  });

  test('a member cannot join again', () => {
    expect(refusal(after(fountain()), join(ANNA))).toMatch(/^duplicate:/);
  });

  test('a closed place keeps the request for its admins', () => {
    const applied = applyGroupEvent(after(fountain({ closed: true })), join(BEN), context);
    expect(applied.ok && applied.value.effects).toMatchObject([{ type: 'hold-request', author: BEN }]);
    expect(applied.ok && applied.value.state.members.has(BEN)).toBe(false);
  });

  test('a code opens a closed place until it ends or is taken back', () => {
    const invite = by(ANNA, groups.makeInvite('fountain', 'abc', { expiration: 5000 }));
    const state = after(fountain({ closed: true }), invite);
    expect(refusal(state, join(BEN, 'wrong'))).toMatch(/^restricted: .*invitation/);
    expect(refusal(state, join(BEN, 'abc'), { ...context, now: 5000 })).toMatch(/not valid any more/);
    const back = after(
      fountain({ closed: true }),
      invite,
      by(ANNA, groups.makeDeleteEvent('fountain', invite.id)),
    );
    expect(refusal(back, join(BEN, 'abc'))).toMatch(/not valid any more/);
    expect(after(fountain({ closed: true }), invite, join(BEN, 'abc')).members.has(BEN)).toBe(true);
  });

  test('an admin adds and removes others in the seed’s form; others may not', () => {
    const add = (who: string) =>
      by(who, {
        kind: kinds.JOIN_REQUEST,
        tags: [
          ['h', 'fountain'],
          ['p', CARL],
        ],
        content: '',
      });
    const remove = by(ANNA, {
      kind: kinds.LEAVE_REQUEST,
      tags: [
        ['h', 'fountain'],
        ['p', CARL],
      ],
      content: '',
    });
    expect(after(fountain({ closed: true }), add(ANNA)).members.has(CARL)).toBe(true);
    expect(after(fountain(), add(ANNA), remove).members.has(CARL)).toBe(false);
    expect(refusal(after(fountain(), join(BEN)), add(BEN))).toMatch(/only an admin/);
  });

  test('the last admin can neither leave, nor be removed, nor lose the role', () => {
    const state = after(fountain(), join(BEN));
    const demote = {
      kind: kinds.DEMOTE_ADMIN,
      tags: [
        ['h', 'fountain'],
        ['p', ANNA],
      ],
      content: '',
    };
    for (const event of [
      by(ANNA, groups.makeLeaveRequest('fountain')),
      by(ANNA, groups.makeRemoveUser('fountain', ANNA)),
      by(ANNA, groups.makePutUser('fountain', ANNA)),
      by(ANNA, demote),
    ])
      expect(refusal(state, event)).toMatch(/needs an admin/);
  });

  test('promoting and demoting', () => {
    const rank = (kind: number, who: string) =>
      by(ANNA, {
        kind,
        tags: [
          ['h', 'fountain'],
          ['p', who],
        ],
        content: '',
      });
    const both = after(fountain(), join(BEN), rank(kinds.PROMOTE_ADMIN, BEN));
    expect(isAdmin(both, BEN)).toBe(true);
    expect(
      isAdmin(
        step(both, rank(kinds.DEMOTE_ADMIN, BEN), () => undefined),
        BEN,
      ),
    ).toBe(false);
    expect(refusal(both, rank(kinds.PROMOTE_ADMIN, CARL))).toMatch(/not a member/);
  });
});

describe('an admin’s hand', () => {
  test('editing keeps the cell and the name where a client sends none, and unsets the rest', () => {
    const bare = by(ANNA, {
      kind: kinds.EDIT_METADATA,
      tags: [
        ['h', 'fountain'],
        ['about', 'new'],
      ],
      content: '',
    });
    const state = after(fountain({ closed: true }), bare);
    expect(state.profile).toEqual({ ...profile(), about: 'new' });
  });

  test('a 39000 sent back, with every prefix of g, is one cell', () => {
    const tags = [
      ['h', 'fountain'],
      ['name', 'Well'],
      ...['u33db', 'u33d', 'u33', 'u3', 'u'].map((g) => ['g', g]),
    ];
    const state = after(fountain(), by(ANNA, { kind: kinds.EDIT_METADATA, tags, content: '' }));
    expect(state.profile.geohash).toBe('u33db');
  });

  test('only admins and the operators may', () => {
    const edit = by(BEN, groups.makeEditGroup('fountain', profile('Mine now')));
    expect(refusal(after(fountain()), edit)).toMatch(/^restricted: only an admin/);
    expect(refusal(after(fountain()), edit, { ...context, operators: new Set([BEN]) })).toBe('accepted');
  });

  test('lines of other places and admins’ actions stay', () => {
    const find =
      (tags: string[][], kind = kinds.NOTE) =>
      () => ({ kind, pubkey: BEN, tags });
    const remove = by(ANNA, groups.makeDeleteEvent('fountain', key(7)));
    const state = after(fountain());
    expect(refusal(state, remove, { ...context, find: find([['h', 'well']]) })).toMatch(/another place/);
    const action = { ...context, find: find([['h', 'fountain']], kinds.PUT_USER) };
    expect(refusal(state, remove, action)).toMatch(/cannot be taken away/);
  });

  test('an action nobody knows is unsupported, a place nobody knows is restricted', () => {
    const odd = by(ANNA, { kind: 9015, tags: [['h', 'fountain']], content: '' });
    expect(refusal(after(fountain()), odd)).toMatch(/^unsupported:/);
    expect(refusal(undefined, odd)).toMatch(/^restricted: there is no such place/);
  });
});

describe('what the city says of a place', () => {
  test('39000 carries the cell and every prefix, flags and kinds', () => {
    const drafts = announceChanges(undefined, moment(after(fountain({ restricted: true }))));
    expect(drafts.map((draft) => draft.kind)).toEqual([
      kinds.GROUP_METADATA,
      kinds.GROUP_ADMINS,
      kinds.GROUP_MEMBERS,
      kinds.GROUP_ROLES,
    ]);
    const tags = drafts[0]?.tags ?? [];
    expect(tags.filter(([name]) => name === 'g').map(([, g]) => g)).toEqual([
      'u33db',
      'u33d',
      'u33',
      'u3',
      'u',
    ]);
    expect(tags).toContainEqual(['restricted']);
    expect(tags.find(([name]) => name === 'supported_kinds')).toEqual(
      expect.arrayContaining(['1', '5', '7', '9', '11', '1010', '1111']),
    );
  });

  test('only what changed is said anew, nothing of a deleted place', () => {
    const before = after(fountain());
    const joined = step(before, by(BEN, groups.makeJoinRequest('fountain')), () => undefined);
    expect(announceChanges(moment(before), moment(joined)).map((draft) => draft.kind)).toEqual([
      kinds.GROUP_MEMBERS,
    ]);
    const gone = step(joined, by(ANNA, groups.makeDeleteGroup('fountain')), () => undefined);
    expect(announceChanges(moment(joined), moment(gone))).toEqual([]);
  });
});

describe('properties', () => {
  const person = fc.integer({ min: 1, max: 5 }).map(key);
  const toPerson = (kind: number, roles: readonly string[] = []) =>
    person.map((pubkey): Draft => ({
      kind,
      tags: [
        ['h', 'fountain'],
        ['p', pubkey, ...roles],
      ],
      content: '',
    }));
  const draft: fc.Arbitrary<Draft> = fc.oneof(
    fc.constant(groups.makeCreateGroup('fountain', profile())),
    fc
      .record({ name: fc.string(), closed: fc.boolean() })
      .map(({ name, closed }) => groups.makeEditGroup('fountain', profile(name, { closed }))),
    fc.constantFrom('one', 'two').map((code) => groups.makeInvite('fountain', code)),
    fc
      .option(fc.constantFrom('one', 'two', 'three'))
      .map((code) => groups.makeJoinRequest('fountain', code ?? undefined)),
    fc.constant(groups.makeLeaveRequest('fountain')),
    ...[kinds.PUT_USER, kinds.REMOVE_USER, kinds.JOIN_REQUEST, kinds.LEAVE_REQUEST].map((kind) =>
      toPerson(kind),
    ),
    toPerson(kinds.PUT_USER, ['admin']),
    toPerson(kinds.PROMOTE_ADMIN),
    toPerson(kinds.DEMOTE_ADMIN),
    fc
      .array(fc.array(fc.string(), { minLength: 1 }))
      .chain((tags) =>
        fc
          .integer({ min: 9000, max: 9024 })
          .map((kind) => ({ kind, tags: [['h', 'fountain'], ...tags], content: '' })),
      ),
  );
  const deeds = fc.array(fc.tuple(person, draft), { maxLength: 40 });

  const run = (list: readonly (readonly [string, Draft])[]) => {
    let state: GroupState | undefined;
    const accepted: NostrEvent[] = [];
    const create = by(ANNA, groups.makeCreateGroup('fountain', profile()));
    for (const event of [create, ...list.map(([who, what]) => by(who, what))])
      if (applyGroupEvent(state, event, context).ok)
        state = step(state, event, (each) => accepted.push(each));
    return { state, accepted };
  };

  test('replaying what was accepted, in its order, gives the same state', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const { state, accepted } = run(list);
        const canonical = accepted.filter((event) => isCanonical(event.kind));
        expect(replay(canonical, () => 'fountain').get('fountain')).toEqual(state);
      }),
      { numRuns: 300 },
    );
  });

  test('a living place always has an admin', () => {
    fc.assert(fc.property(deeds, (list) => adminsOf(run(list).state ?? after(fountain())).length > 0));
  });
});

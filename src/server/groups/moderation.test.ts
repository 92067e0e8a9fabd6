/** Roles, invitations with limits, subgroups, kinds: first of all what must not work. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Draft, Tag } from '#protocol/event.ts';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { makeLine, makePlace } from '../../../tests/support/places.ts';
import { keyOf, Town } from '../../../tests/support/town.ts';
import { checkTalk } from '../ledger/judge.ts';
import { announceAll } from './announce.ts';
import { GroupDirectory, replay } from './directory.ts';
import { isCanonical } from './evolve.ts';
import { isAdmin, isTrusted } from './state.ts';

const [ANNA, BEN, CARL, DORA, EVE] = ['anna', 'ben', 'carl', 'dora', 'eve'].map(keyOf) as [
  string,
  string,
  string,
  string,
  string,
];

const action = (kind: number, ...tags: readonly Tag[]): Draft => ({ kind, tags, content: '' });
const edit = (id: string, ...tags: readonly Tag[]): Draft => ({
  kind: kinds.EDIT_METADATA,
  tags: [['h', id], ['name', `Place ${id}`], ...tags],
  content: '',
});
const ROLELESS = /^restricted: only an admin of this place gives roles/;
const ADMINS = /^restricted: only an admin of this place may do this/;

let town: Town;
beforeEach(() => {
  town = new Town();
  town.must(ANNA, makePlace('well'));
});

const expectReplayed = (): void => {
  const canonical = town.accepted.filter(({ kind }) => isCanonical(kind));
  const states = replay(canonical, (event) => event.tags.find(([name]) => name === 'h')?.[1]);
  expect([...states.values()]).toEqual([...town.places.all()]);
};

describe('a moderator', () => {
  beforeEach(() => {
    town.must(ANNA, groups.makePutUser('well', BEN, ['moderator']));
    town.must(ANNA, groups.makePutUser('well', CARL, ['admin']));
    town.must(ANNA, groups.makePutUser('well', DORA));
  });

  test('raises nobody and brings nobody down', () => {
    town.must(ANNA, groups.makePutUser('well', EVE, ['gardener']));
    for (const draft of [
      groups.makePutUser('well', BEN, ['admin']),
      groups.makePutUser('well', BEN, ['moderator', 'admin']),
      groups.makePutUser('well', DORA, ['admin']),
      groups.makePutUser('well', DORA, ['moderator']),
      groups.makePutUser('well', DORA, ['gardener']),
      groups.makePutUser('well', keyOf('nobody'), ['moderator']),
      groups.makePutUser('well', EVE),
      groups.makePutUser('well', ANNA),
      groups.makePutUser('well', BEN),
      action(kinds.PUT_USER, ['h', 'well'], ['p', DORA], ['p', DORA, 'admin']),
      action(kinds.PUT_USER, ['h', 'well'], ['p', DORA], ['p', CARL]),
      groups.makeRemoveUser('well', ANNA),
      groups.makeRemoveUser('well', CARL),
      groups.makeRemoveUser('well', BEN),
      action(kinds.REMOVE_USER, ['h', 'well'], ['p', DORA], ['p', ANNA]),
      action(kinds.LEAVE_REQUEST, ['h', 'well'], ['p', CARL]),
    ])
      expect(town.does(BEN, draft)).toMatch(ROLELESS);
    for (const draft of [
      action(kinds.PROMOTE_ADMIN, ['h', 'well'], ['p', BEN]),
      action(kinds.PROMOTE_ADMIN, ['h', 'well'], ['p', DORA]),
      action(kinds.DEMOTE_ADMIN, ['h', 'well'], ['p', CARL]),
      action(kinds.DEMOTE_ADMIN, ['h', 'well'], ['p', ANNA], ['p', BEN]),
      edit('well'),
      groups.makeDeleteGroup('well'),
      groups.makeInvite('well', 'code'),
    ])
      expect(town.does(BEN, draft)).toMatch(ADMINS);
    expect(isAdmin(town.state('well'), BEN)).toBe(false);
  });

  test('lets plain members in and out, takes lines away, pins', () => {
    const line = town.event(DORA, makeLine('well', 'rude'));
    for (const draft of [
      groups.makePutUser('well', EVE),
      groups.makeRemoveUser('well', EVE),
      action(kinds.JOIN_REQUEST, ['h', 'well'], ['p', EVE]),
      action(kinds.LEAVE_REQUEST, ['h', 'well'], ['p', EVE]),
      groups.makeDeleteEvent('well', line.id),
      action(kinds.UPDATE_PINS, ['h', 'well'], ['e', line.id]),
      groups.makeRemoveUser('well', DORA),
    ])
      expect(town.does(BEN, draft)).toBe('accepted');
    expect([...town.state('well').members.keys()]).toEqual([ANNA, BEN, CARL]);
  });

  test('takes no invitation back, not even one that the store has lost', () => {
    const invite = town.must(ANNA, groups.makeInvite('well', 'code'));
    expect(town.does(BEN, groups.makeDeleteEvent('well', invite.id))).toMatch(ADMINS);
    town.accepted.splice(town.accepted.indexOf(invite), 1);
    expect(town.does(BEN, groups.makeDeleteEvent('well', invite.id))).toMatch(ADMINS);
    expect(town.does(ANNA, groups.makeDeleteEvent('well', invite.id))).toBe('accepted');
  });

  test('loses the power with the role, and is no admin elsewhere', () => {
    town.must(ANNA, groups.makePutUser('well', BEN));
    expect(town.does(BEN, groups.makePutUser('well', EVE))).toMatch(ADMINS);
    town.must(CARL, makePlace('other'));
    town.must(CARL, groups.makePutUser('other', EVE, ['moderator']));
    expect(town.does(EVE, groups.makeRemoveUser('well', DORA))).toMatch(ADMINS);
  });

  test('is listed with the admins; 39003 says what each may do', () => {
    const drafts = announceAll(new GroupDirectory(), town.places, ['well'])[0]?.drafts ?? [];
    const tagsOf = (kind: number) => drafts.find((draft) => draft.kind === kind)?.tags.slice(1);
    expect(tagsOf(kinds.GROUP_ADMINS)).toEqual([
      ['p', ANNA, 'admin'],
      ['p', CARL, 'admin'],
      ['p', BEN, 'moderator'],
    ]);
    const roles = tagsOf(kinds.GROUP_ROLES) ?? [];
    expect(roles.map(([, name]) => name)).toEqual(['admin', 'moderator']);
    expect(roles.every(([, , words]) => (words ?? '').length > 10)).toBe(true);
    expect(isTrusted(town.state('well'), DORA)).toBe(false);
  });
});

describe('an invitation', () => {
  const join = (who: string, code: string) => town.does(who, groups.makeJoinRequest('well', code));
  beforeEach(() => {
    town.must(ANNA, edit('well', ['closed']));
  });

  test('lets in as many as it says, counted anew from the events alone', () => {
    town.must(ANNA, groups.makeInvite('well', 'two', { uses: 2 }));
    town.must(ANNA, groups.makeInvite('well', 'other', { uses: 1 }));
    expect([join(BEN, 'two'), join(CARL, 'two')]).toEqual(['accepted', 'accepted']);
    expect(join(DORA, 'two')).toMatch(/^restricted: this invitation is not valid any more/);
    expect(join(DORA, 'other')).toBe('accepted');
    expectReplayed();
    expect(town.state('well').invites.get('two')).toMatchObject({ uses: 2, used: 2 });
  });

  test('is used up by who leaves and comes again, not by who needs none', () => {
    town.must(ANNA, groups.makeInvite('well', 'one', { uses: 1 }));
    expect(join(BEN, 'one')).toBe('accepted');
    town.must(BEN, groups.makeLeaveRequest('well'));
    expect(join(BEN, 'one')).toMatch(/not valid any more/);
    town.must(ANNA, edit('well'));
    town.must(ANNA, groups.makeInvite('well', 'spare', { uses: 1 }));
    expect(join(CARL, 'spare')).toBe('accepted');
    expect(town.state('well').invites.get('spare')?.used).toBe(0);
  });

  test('shows neither its code nor a hash of it in what others may read', () => {
    const invite = town.must(ANNA, groups.makeInvite('well', 'sesame', { uses: 5 }));
    const request = town.must(BEN, groups.makeJoinRequest('well', 'sesame'));
    const answer = town.accepted.at(-1);
    expect(answer).toMatchObject({ kind: kinds.PUT_USER, pubkey: town.self });
    const text = JSON.stringify(answer);
    for (const secret of ['sesame', invite.id, request.id]) expect(text).not.toContain(secret);
  });

  test.each(['0', '-1', '1.5', 'x', '', '1e3', '99999999'])('refuses %j uses', (uses) => {
    const draft = groups.makeInvite('well', 'code');
    expect(town.does(ANNA, { ...draft, tags: [...draft.tags, ['uses', uses]] })).toMatch(/^invalid: .*uses/);
  });

  test('nobody but the city says that one was used, or took one over', () => {
    const own = groups.makePutUser('well', BEN);
    const ref = ['invite', '0123456789abcdef'];
    const invite = groups.makeInvite('well', 'code');
    for (const draft of [
      { ...own, tags: [...own.tags, ref] },
      { ...invite, tags: [...invite.tags, ref] },
      { ...makePlace('odd'), tags: [...makePlace('odd').tags, ['vanished', '1']] },
    ])
      expect(town.does(ANNA, draft)).toBe('restricted: only the city itself says this');
  });

  test('a code that has ended may be given again', () => {
    town.must(ANNA, groups.makeInvite('well', 'code', { expiration: 3000 }));
    expect(town.does(ANNA, groups.makeInvite('well', 'code'))).toMatch(/already in use/);
    town.now = 3000;
    expect(join(BEN, 'code')).toMatch(/not valid/);
    expect(town.does(ANNA, groups.makeInvite('well', 'code'))).toBe('accepted');
    expect(join(BEN, 'code')).toBe('accepted');
  });
});

describe('parts of a place', () => {
  const found = (who: string, id: string, ...tags: readonly Tag[]) => {
    const draft = makePlace(id);
    return town.does(who, { ...draft, tags: [...draft.tags, ...tags] });
  };
  const parent = (id: string): Tag => ['parent', id];

  test('are founded and moved by who is an admin on both sides; both say so', () => {
    expect(found(ANNA, 'rim', parent('well'))).toBe('accepted');
    town.now += 1;
    expect(found(ANNA, 'basin')).toBe('accepted');
    town.must(ANNA, edit('basin', parent('well')));
    expect(town.said('well', 'child')).toEqual(['rim', 'basin']);
    expect(town.said('basin', 'parent')).toEqual(['well']);
    town.must(ANNA, edit('well', ['child', 'basin'], ['child', 'rim']));
    expect(town.said('well', 'child')).toEqual(['basin', 'rim']);
    found(ANNA, 'square');
    town.must(ANNA, edit('rim', parent('square')));
    expect([town.said('well', 'child'), town.said('square', 'child')]).toEqual([['basin'], ['rim']]);
    town.must(ANNA, edit('rim'));
    expect([town.said('rim', 'parent'), town.said('square', 'child')]).toEqual([[], []]);
    expectReplayed();
  });

  test('a newcomer goes behind what an admin has put in order', () => {
    for (const id of ['one', 'two']) found(ANNA, id, parent('well'));
    town.must(ANNA, edit('well', ['child', 'two'], ['child', 'one']));
    town.now += 1;
    found(ANNA, 'aaa', parent('well'));
    expect(town.said('well', 'child')).toEqual(['two', 'one', 'aaa']);
  });

  test('who is no admin of the parent is refused: members, moderators, operators, on every later edit too', () => {
    town.operators.add(EVE);
    town.must(ANNA, groups.makePutUser('well', BEN));
    town.must(ANNA, groups.makePutUser('well', CARL, ['moderator']));
    for (const who of [BEN, CARL, DORA, EVE]) {
      expect(found(who, 'rim', parent('well'))).toMatch(/^restricted: only an admin of the parent/);
      expect(found(who, `of${who.slice(0, 8)}`)).toBe('accepted');
      expect(town.does(who, edit(`of${who.slice(0, 8)}`, parent('well')))).toMatch(
        /^restricted: only an admin/,
      );
    }
    found(ANNA, 'rim', parent('well'));
    town.must(ANNA, groups.makePutUser('rim', BEN, ['admin']));
    expect(town.does(BEN, edit('rim', parent('well')))).toMatch(/^restricted: only an admin of the parent/);
    expect(town.does(BEN, edit('rim'))).toBe('accepted');
  });

  test('neither nothing, nor itself, nor a part of it is a parent', () => {
    found(ANNA, 'rim', parent('well'));
    found(ANNA, 'drop', parent('rim'));
    expect(town.does(ANNA, edit('well', ['child', 'rim'], parent('well')))).toMatch(/^invalid: .*itself/);
    expect(town.does(ANNA, edit('well', ['child', 'rim'], parent('rim')))).toMatch(
      /^invalid: .*part of this/,
    );
    expect(town.does(ANNA, edit('well', ['child', 'rim'], parent('drop')))).toMatch(
      /^invalid: .*part of this/,
    );
    expect(found(ANNA, 'self', parent('self'))).toMatch(/^invalid: .*itself/);
    expect(found(ANNA, 'lost', parent('nowhere'))).toMatch(/^restricted: there is no such parent/);
    expect(found(ANNA, 'lost', ['parent'])).toMatch(/^restricted: there is no such parent/);
    expect(found(ANNA, 'lost', parent('well'), parent('rim'))).toMatch(/^invalid: .*one parent/);
  });

  test('no circle comes about by way of a place that was hidden meanwhile', () => {
    found(ANNA, 'rim', parent('well'));
    town.must(ANNA, edit('well', ['hidden']));
    expect(town.does(ANNA, edit('well', parent('rim'), ['child', 'rim']))).toMatch(
      /^invalid: .*part of this/,
    );
  });

  test('an edit of a parent names all its parts and no others', () => {
    found(ANNA, 'rim', parent('well'));
    found(ANNA, 'basin', parent('well'));
    found(ANNA, 'other');
    expect(town.does(ANNA, edit('well'))).toMatch(/^invalid: child tags .*missing/);
    expect(town.does(ANNA, edit('well', ['child', 'rim']))).toMatch(/"basin" is missing/);
    const all: Tag[] = [
      ['child', 'rim'],
      ['child', 'basin'],
    ];
    expect(town.does(ANNA, edit('well', ...all, ['child', 'other']))).toMatch(/^invalid: "other" is no part/);
    expect(found(ANNA, 'new', ['child', 'other'])).toMatch(/^invalid: "other" is no part/);
    expect(town.does(ANNA, edit('well', ...all))).toBe('accepted');
  });

  test('the end of a parent makes its parts roots, the end of a part takes it off the list', () => {
    found(ANNA, 'rim', parent('well'));
    found(ANNA, 'basin', parent('well'));
    town.must(ANNA, groups.makeDeleteGroup('rim'));
    expect(town.said('well', 'child')).toEqual(['basin']);
    expect(town.does(ANNA, edit('well', ['child', 'basin']))).toBe('accepted');
    town.must(ANNA, groups.makeDeleteGroup('well'));
    expect(town.said('basin', 'parent')).toEqual([]);
    expect(town.does(ANNA, edit('basin', parent('well')))).toMatch(/^restricted: there is no such parent/);
    expectReplayed();
  });

  test('a hidden place stands alone, and nobody outside finds out by naming it', () => {
    found(ANNA, 'rim', parent('well'));
    expect(found(ANNA, 'secret', ['hidden'], parent('well'))).toMatch(/^invalid: a hidden place is no part/);
    expect(found(ANNA, 'secret', ['hidden'])).toBe('accepted');
    expect(found(ANNA, 'open', parent('secret'))).toMatch(/^restricted: a hidden place has no parts/);
    expect(found(EVE, 'spy', parent('secret'))).toBe(found(EVE, 'spy', parent('nowhere')));
    town.must(ANNA, edit('rim', ['hidden']));
    expect([town.said('well', 'child'), town.said('rim', 'parent')]).toEqual([[], []]);
    expect(town.does(ANNA, edit('well', ['child', 'rim']))).toMatch(/^invalid: "rim" is no part/);
    expect(town.does(ANNA, edit('well'))).toBe('accepted');
  });

  test('a parent that hides lets its parts go, and has them again when it is shown', () => {
    found(ANNA, 'rim', parent('well'));
    town.must(ANNA, edit('well', ['hidden']));
    expect([town.said('well', 'child'), town.said('rim', 'parent')]).toEqual([[], []]);
    town.must(ANNA, edit('well'));
    expect([town.said('well', 'child'), town.said('rim', 'parent')]).toEqual([['rim'], ['well']]);
  });

  test('membership and office stay each place’s own', () => {
    town.must(ANNA, groups.makePutUser('well', BEN, ['admin']));
    found(ANNA, 'rim', parent('well'));
    expect(town.state('rim').members.has(BEN)).toBe(false);
    expect(town.does(BEN, groups.makePutUser('rim', EVE))).toMatch(ADMINS);
  });

  test('have their number', () => {
    for (let i = 0; i < 100; i++) expect(found(ANNA, `part${i}`, parent('well'))).toBe('accepted');
    expect(found(ANNA, 'more', parent('well'))).toMatch(/^restricted: a place has at most 100 parts/);
    expect(town.does(ANNA, edit('part7', parent('well')))).toBe('accepted');
  });

  test('what changes here is said there: parents, former parents, parts', () => {
    const before = new GroupDirectory();
    found(ANNA, 'square');
    found(ANNA, 'rim', parent('well'));
    for (const state of town.places.all()) before.put(state);
    const concerned = (id: string) =>
      announceAll(before, town.places, [id])
        .filter(({ drafts }) => drafts.length > 0)
        .map(({ place }) => place);
    town.must(ANNA, edit('rim', parent('square')));
    expect(concerned('rim')).toEqual(['rim', 'well', 'square']);
    before.put(town.state('rim'));
    town.must(ANNA, groups.makeDeleteGroup('square'));
    expect(concerned('square')).toEqual(['rim']);
  });
});

describe('what a place takes', () => {
  const talk = (kind: number) => {
    const event = town.event(ANNA, { kind, tags: [['h', 'well']], content: '' });
    const checked = checkTalk(town.state('well'), event, { operators: new Set() });
    return checked.ok || checked.error.message;
  };

  test('is the city’s list until it says otherwise, and nothing where it says nothing', () => {
    expect([talk(kinds.NOTE), talk(30023)]).toEqual([true, 'this place takes no events of kind 30023']);
    town.must(ANNA, edit('well', ['supported_kinds', '9', '30023']));
    expect([talk(30023), talk(kinds.NOTE)]).toEqual([true, 'this place takes no events of kind 1']);
    town.must(ANNA, edit('well', ['supported_kinds']));
    expect(talk(9)).toBe('this place takes no events of kind 9');
    expect(talk(20015)).toBe(true);
    expect(town.said('well', 'supported_kinds')).toEqual(['']);
    town.must(ANNA, edit('well'));
    expect(talk(kinds.NOTE)).toBe(true);
  });

  test('the city’s own list sent back is no choice', () => {
    const said = announceAll(new GroupDirectory(), town.places, ['well'])[0]?.drafts[0];
    const [name = '', ...listed] = said?.tags.find(([tag]) => tag === 'supported_kinds') ?? [];
    town.must(ANNA, edit('well', [name, ...listed.reverse()]));
    expect(town.state('well').profile.supportedKinds).toBeUndefined();
  });

  test.each([
    '9000',
    '9021',
    '39000',
    '0',
    '10002',
    '20001',
    '1059',
    '62',
    '4',
    '30078',
    'x',
    '',
    '-1',
    '1e3',
  ])('kind %j is nobody’s to choose', (kind) => {
    expect(town.does(ANNA, edit('well', ['supported_kinds', '9', kind]))).toMatch(/^invalid: a place cannot/);
  });

  test('a banner is shown; livekit is not, without a server for it', () => {
    const banner = 'https://city.example/banner.png';
    town.must(ANNA, edit('well', ['banner', banner], ['livekit']));
    expect(town.said('well', 'banner')).toEqual([banner]);
    expect(town.said('well', 'livekit')).toEqual([]);
    expect(town.does(ANNA, edit('well', ['banner', 'javascript:alert(1)']))).toMatch(/^invalid: a banner/);
  });
});

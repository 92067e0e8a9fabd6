import { expect, test } from 'vitest';
import { fakeKey } from '../../../../tests/support/fake-city.ts';
import { FULL_LIST, isWaiting, mayRead, mayWrite, peopleOf, standingOf } from './standing.ts';
import type { StandingFacts } from './standing.ts';
import type { OwnActionRow, RequestRow, Said } from './tables.ts';

const me = fakeKey('a1');
const group = 'harbour';
const said = (created_at: number, text = '', id = `id${created_at}`): Said => ({ id, created_at, text });
const action = (
  what: OwnActionRow['what'],
  at: number,
  state: OwnActionRow['state'] = 'sent',
  reason?: string,
): OwnActionRow => ({
  id: `own${at}`,
  group,
  pubkey: me,
  what,
  at,
  state,
  ...(reason === undefined ? {} : { reason }),
});
const request = (parts: Partial<RequestRow>): RequestRow => ({ group, pubkey: me, ...parts });
const standing = (facts: Partial<StandingFacts>) =>
  standingOf({ me, people: [], own: [], request: undefined, declined: new Map(), ...facts });

test('without an account everybody is a visitor', () => {
  const people = [{ pubkey: me, roles: [] }];
  expect(standing({ me: undefined, people }).is).toBe('visitor');
});

test('the list of members decides before anything I asked', () => {
  const own = [action('join', 10, 'refused', 'blocked: no')];
  expect(standing({ people: [{ pubkey: me, roles: [] }], own }).is).toBe('member');
  expect(standing({ people: [{ pubkey: me, roles: ['gardener', 'admin'] }], own }).is).toBe('admin');
  expect(standing({ people: [{ pubkey: me, roles: ['gardener'] }] }).is).toBe('member');
});

test('leaving is under way until the list says so', () => {
  const people = [{ pubkey: me, roles: [] }];
  expect(standing({ people, own: [action('leave', 10, 'sending')] })).toMatchObject({
    is: 'member',
    settled: false,
  });
  expect(standing({ own: [action('leave', 10), action('join', 5)] }).is).toBe('visitor');
});

test('a request is on its way, then waits', () => {
  expect(standing({ own: [action('join', 10, 'sending')] })).toMatchObject({ is: 'asked', settled: false });
  expect(standing({ own: [action('join', 10)] })).toMatchObject({ is: 'asked', settled: true });
});

test('a request from another device waits too', () => {
  expect(standing({ request: request({ asked: said(10) }) })).toMatchObject({ is: 'asked', settled: true });
});

test('the city’s refusal keeps its words', () => {
  expect(standing({ own: [action('join', 10, 'refused', 'blocked: not you')] })).toMatchObject({
    is: 'refused',
    by: 'city',
    reason: 'blocked: not you',
  });
});

test('an admin’s no, by removing the person or the request, says why', () => {
  const decided = { ...said(20, 'full'), as: 'out' as const };
  expect(standing({ own: [action('join', 10)], request: request({ decided }) })).toMatchObject({
    is: 'refused',
    by: 'removal',
    reason: 'full',
  });
  const declined = new Map([['own10', 'not now']]);
  expect(standing({ own: [action('join', 10)], declined })).toMatchObject({
    is: 'refused',
    by: 'admin',
    reason: 'not now',
  });
});

test('asking anew after a no waits again', () => {
  const decided = { ...said(20), as: 'out' as const };
  const own = [action('join', 30), action('join', 10)];
  expect(standing({ own, request: request({ decided }), declined: new Map([['own10', '']]) }).is).toBe(
    'asked',
  );
});

test('who left is a visitor, though the relay took them off the list with a 9001', () => {
  const decided = { ...said(11), as: 'out' as const };
  expect(standing({ own: [action('leave', 10), action('join', 5)], request: request({ decided }) }).is).toBe(
    'visitor',
  );
  expect(standing({ request: request({ asked: said(5), left: said(10), decided }) }).is).toBe('visitor');
});

test('a leave that was refused changes nothing', () => {
  const own = [action('leave', 20, 'refused', 'restricted: a place needs an admin'), action('join', 10)];
  expect(standing({ own, people: [{ pubkey: me, roles: ['admin'] }] })).toMatchObject({
    is: 'admin',
    settled: true,
  });
});

test('on a list that is cut off, a decision about me is enough', () => {
  const people = Array.from({ length: FULL_LIST }, (_, n) => ({
    pubkey: n.toString(16).padStart(64, '0'),
    roles: [],
  }));
  const decided = { ...said(20), as: 'in' as const };
  expect(standing({ people, request: request({ decided }) }).is).toBe('member');
  expect(standing({ people: people.slice(1), request: request({ decided }) }).is).toBe('visitor');
});

test('a request waits until somebody decides, takes it away, or it is taken back', () => {
  const none = new Map<string, string>();
  expect(isWaiting(request({ asked: said(10) }), none)).toBe(true);
  expect(isWaiting(request({}), none)).toBe(false);
  expect(isWaiting(request({ asked: said(10), decided: { ...said(10), as: 'out' } }), none)).toBe(false);
  expect(isWaiting(request({ asked: said(10), decided: { ...said(9), as: 'out' } }), none)).toBe(true);
  expect(isWaiting(request({ asked: said(10), left: said(11) }), none)).toBe(false);
  expect(isWaiting(request({ asked: said(10) }), new Map([['id10', '']]))).toBe(false);
});

test('roles of both lists are joined, without repeats', () => {
  const signed = (people: { pubkey: string; roles: string[] }[]) => ({ id: '', created_at: 0, people });
  const row = {
    group,
    members: signed([
      { pubkey: 'x', roles: [] },
      { pubkey: me, roles: ['gardener', 'admin'] },
    ]),
    admins: signed([{ pubkey: me, roles: ['admin'] }]),
  };
  expect(peopleOf(row)).toEqual([
    { pubkey: me, roles: ['admin', 'gardener'] },
    { pubkey: 'x', roles: [] },
  ]);
  expect(peopleOf(undefined)).toEqual([]);
});

test.each([
  ['open to all', {}, 'visitor', true, true],
  ['members write', { restricted: true }, 'visitor', true, false],
  ['members write', { restricted: true }, 'asked', true, false],
  ['members write', { restricted: true }, 'member', true, true],
  ['private', { private: true }, 'visitor', false, false],
  ['private', { private: true, restricted: true }, 'admin', true, true],
] as const)('%s %o: a %s reads %s, writes %s', (_name, flags, name, reads, writes) => {
  const modes = { private: false, restricted: false, closed: false, hidden: false, ...flags };
  expect(mayRead(modes, name)).toBe(reads);
  expect(mayWrite(modes, name)).toBe(writes);
});

import { expect, test } from 'vitest';
import type { ConversationRow } from '#features/chat/index.ts';
import type { Place } from '#features/groups/index.ts';
import type { PersonRow } from '#features/people/index.ts';
import { personChoices, personTargets, placeChoices, placeTargets } from './targets.ts';

const place = (id: string, own: boolean): Place => ({
  id,
  name: `The ${id}`,
  about: `About ${id}`,
  geohash: undefined,
  modes: { private: false, closed: false, hidden: false, restricted: false },
  members: 2,
  own,
  admin: false,
});
const talk = (id: string, lastAt: number, lastAuthor = 'ab', unread = 0): ConversationRow => ({
  id,
  lastId: 'x',
  lastAt,
  lastText: 'see you',
  lastAuthor,
  lines: 1,
  unread,
  readUpTo: 0,
  draft: '',
});
const person = (pubkey: string, name?: string): PersonRow => ({
  pubkey,
  profile: name === undefined ? {} : { name },
  id: pubkey,
  created_at: 1,
});
const nameOf = (pubkey: string) => pubkey.toUpperCase();

test('own places come with their talk, others with what they are for', () => {
  const activity = { harbor: talk('harbor', 9, 'ab', 3), far: talk('far', 8) };
  expect(
    placeTargets([place('harbor', true), place('quiet', true), place('far', false)], activity, nameOf),
  ).toEqual([
    {
      kind: 'conversation',
      id: 'harbor',
      label: 'The harbor',
      detail: 'AB: see you',
      unread: 3,
      at: 9,
    },
    { kind: 'conversation', id: 'quiet', label: 'The quiet', detail: 'About quiet' },
    { kind: 'place', id: 'far', label: 'The far', detail: 'About far' },
  ]);
});

test('people without a name are nowhere to go to', () => {
  expect(personTargets([person('ab', 'Zofia'), person('cd')])).toEqual([
    { kind: 'person', id: 'ab', label: 'Zofia' },
  ]);
});

test('to narrow a search: my places first, then the liveliest', () => {
  const activity = { old: talk('old', 1), new: talk('new', 9) };
  const places = [place('still', false), place('old', false), place('new', false), place('mine', true)];
  expect(placeChoices(places, activity).map(({ id }) => id)).toEqual(['mine', 'new', 'old', 'still']);
});

test('to narrow a search: who spoke last first, then by name', () => {
  const activity = { a: talk('a', 5, 'zz'), b: talk('b', 2, 'zz'), c: talk('c', 4, 'yy') };
  const rows = [person('bb', 'Ben'), person('yy', 'Yara'), person('aa', 'Anna'), person('zz', 'Zofia')];
  expect(personChoices(rows, activity).map(({ label }) => label)).toEqual(['Zofia', 'Yara', 'Anna', 'Ben']);
});

import { expect, test } from 'vitest';
import type { ConversationRow } from '#features/chat/index.ts';
import type { Place } from '#features/groups/index.ts';
import { wakePlaces } from './wake-places.ts';

const open = { private: false, restricted: false, closed: false, hidden: false };
const place = (id: string, parts: Partial<Place> = {}): Place => ({
  id,
  name: `The ${id}`,
  about: '',
  geohash: undefined,
  modes: open,
  members: 2,
  own: true,
  admin: false,
  ...parts,
});
const talk = (id: string, lastAt: number, readUpTo: number): ConversationRow => ({
  id,
  lastId: '',
  lastAt,
  lastText: '',
  lastAuthor: '',
  lines: 1,
  unread: 0,
  readUpTo,
  draft: '',
});
const usual = { level: 'mentions', mutedUntil: 0, isOwn: false } as const;
const chosen = new Map([
  ['tower', { level: 'all', mutedUntil: 9, isOwn: true } as const],
  ['visited', { level: 'all', mutedUntil: 0, isOwn: true } as const],
]);
const notices = { of: (id: string) => chosen.get(id) ?? usual };

test('my places and those I chose for, the liveliest first, with what may be told and was read', () => {
  const places = [
    place('pier'),
    place('tower'),
    place('visited', { own: false }),
    place('passed by', { own: false }),
  ];
  const activity = { pier: talk('pier', 5, 3), tower: talk('tower', 7, 7) };
  expect(wakePlaces(places, notices, activity)).toEqual([
    { id: 'tower', name: 'The tower', level: 'all', mutedUntil: 9, isClosed: false, readUpTo: 7 },
    { id: 'pier', name: 'The pier', level: 'mentions', mutedUntil: 0, isClosed: false, readUpTo: 3 },
    { id: 'visited', name: 'The visited', level: 'all', mutedUntil: 0, isClosed: false, readUpTo: 0 },
  ]);
});

test.each(['private', 'hidden'] as const)('a %s place is closed to a look without a key', (mode) => {
  const [told] = wakePlaces([place('attic', { modes: { ...open, [mode]: true } })], notices, {});
  expect(told?.isClosed).toBe(true);
});

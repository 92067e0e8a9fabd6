import { expect, test } from 'vitest';
import type { ConversationRow } from '#features/chat/index.ts';
import { withRows } from './activity.svelte.ts';

const row = (id: string, lines = 1): ConversationRow => ({
  id,
  lastId: '',
  lastAt: 0,
  lastText: '',
  lastAuthor: '',
  lines,
  unread: 0,
  readUpTo: 0,
  draft: '',
});

test('rows that have not changed stay the very same, so that nobody draws them anew', () => {
  const known = withRows({}, [row('a'), row('b')]);
  const next = withRows(known, [row('a', 2), row('b')]);
  expect(next['a']?.lines).toBe(2);
  expect(next['b']).toBe(known['b']);
});

test('nothing new is nothing new; what is gone is gone', () => {
  const known = withRows({}, [row('a'), row('b')]);
  expect(withRows(known, [row('b'), row('a')])).toBe(known);
  expect(Object.keys(withRows(known, [row('b')]))).toEqual(['b']);
});

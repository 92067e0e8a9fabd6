import { expect, test } from 'vitest';
import { talkOf } from '#protocol/direct/rumors.ts';
import { nextUnread } from './next-unread.ts';

const talk = talkOf(['b'.repeat(64)], 'a'.repeat(64));
const row = (id: string, unread: number, lastAt: number) => ({ id, unread, lastAt });
const isMine = (place: string): boolean => place !== 'strange';

test('what was said last comes first, in my places and in private talk', () => {
  const rows = [row('quay', 2, 10), row(talk, 1, 30), row('mill', 1, 20), row('strange', 9, 99)];
  expect(nextUnread(rows, isMine, undefined)).toBe(talk);
  expect(nextUnread(rows, isMine, talk)).toBe('mill');
});

test('what is read, and what is open, is not gone to', () => {
  expect(nextUnread([row('quay', 0, 10)], isMine, undefined)).toBeUndefined();
  expect(nextUnread([row('quay', 3, 10)], isMine, 'quay')).toBeUndefined();
  expect(nextUnread([], isMine, undefined)).toBeUndefined();
});

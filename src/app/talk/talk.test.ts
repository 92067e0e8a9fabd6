import { expect, test } from 'vitest';
import { pathOf } from './conversation-path.ts';
import { unreadOf } from './unread.ts';

const [anna, ben] = ['a'.repeat(64), 'b'.repeat(64)];

test('places and private talks have addresses of their own', () => {
  expect(pathOf('the square')).toBe('/g/the%20square');
  expect(pathOf(`~${anna},${ben}`)).toBe(`/messages/${anna},${ben}`);
  expect(pathOf('~x')).toBe('/messages/');
});

test('unread is what is new in my places and in private talk, not elsewhere', () => {
  const row = (id: string, unread: number) => ({ [id]: { id, unread } });
  const rows = { ...row('mine', 2), ...row('other', 5), ...row(`~${anna}`, 3) };
  expect(unreadOf(rows, [{ id: 'mine' }, { id: 'silent' }])).toBe(5);
});

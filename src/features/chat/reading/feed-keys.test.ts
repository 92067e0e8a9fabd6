import { expect, test } from 'vitest';
import { feedMoveOf } from './feed-keys.ts';
import type { FeedPress } from './feed-keys.ts';

const press = (key: string, more: Partial<FeedPress> = {}): FeedPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
});

test.each([
  ['ArrowUp', 'up'],
  ['PageDown', 'pageDown'],
  ['Home', 'first'],
  ['End', 'last'],
  ['Enter', 'enter'],
  ['ContextMenu', 'enter'],
  ['Escape', 'write'],
  ['r', 'reply'],
  ['E', 'reword'],
  ['n', 'unread'],
])('%s means %s', (key, move) => {
  expect(feedMoveOf(press(key))).toBe(move);
});

test('a keyboard of another script has its letters at the same places', () => {
  expect(feedMoveOf(press('к', { code: 'KeyR' }))).toBe('reply');
  expect(feedMoveOf(press('ى', { code: 'KeyN' }))).toBe('unread');
});

test('keys with a companion are the browser’s, but for the one that opens menus', () => {
  for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }])
    for (const key of ['r', 'Home', 'ArrowUp']) expect(feedMoveOf(press(key, more))).toBeUndefined();
  expect(feedMoveOf(press('F10', { shiftKey: true }))).toBe('enter');
  expect(feedMoveOf(press('R', { shiftKey: true }))).toBeUndefined();
});

test.each(['a', 'Tab', ' ', 'constructor', '__proto__', '?', '/'])('%j is left alone', (key) => {
  expect(feedMoveOf(press(key))).toBeUndefined();
});

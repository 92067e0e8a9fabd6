import { expect, test } from 'vitest';
import { shortcutOf } from './shortcuts.ts';
import type { Press } from './shortcuts.ts';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: /^[a-z]$/.test(key) ? `Key${key.toUpperCase()}` : '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  repeat: false,
  defaultPrevented: false,
  ...more,
});
const [here, typing, apple] = [
  { isTyping: false, isApple: false },
  { isTyping: true, isApple: false },
  { isTyping: false, isApple: true },
];
const ctrl = { ctrlKey: true };

test('Ctrl+F finds and Ctrl+K switches, while typing too', () => {
  expect(shortcutOf(press('f', ctrl), here)).toBe('find');
  expect(shortcutOf(press('k', ctrl), typing)).toBe('switch');
  expect(shortcutOf(press('F', ctrl), here)).toBe('find');
});

test('on Apple keyboards Cmd is the key, and Ctrl keeps its own meaning', () => {
  expect(shortcutOf(press('k', { metaKey: true }), apple)).toBe('switch');
  expect(shortcutOf(press('k', ctrl), apple)).toBeUndefined();
  expect(shortcutOf(press('k', { metaKey: true }), here)).toBeUndefined();
});

test('a keyboard of another script has the keys at the same places', () => {
  expect(shortcutOf(press('л', { ...ctrl, code: 'KeyK' }), here)).toBe('switch');
  expect(shortcutOf(press('ب', { ...ctrl, code: 'KeyF' }), here)).toBe('find');
});

test('a keyboard whose letters are moved about is taken by its letters', () => {
  expect(shortcutOf(press('t', { ...ctrl, code: 'KeyK' }), here)).toBeUndefined();
  expect(shortcutOf(press('k', { ...ctrl, code: 'KeyV' }), here)).toBe('switch');
});

test('a slash finds, wherever it lies, but is a sign in a text', () => {
  expect(shortcutOf(press('/'), here)).toBe('find');
  expect(shortcutOf(press('/', { shiftKey: true, code: 'Digit7' }), here)).toBe('find');
  expect(shortcutOf(press('/'), typing)).toBeUndefined();
  expect(shortcutOf(press('/', ctrl), here)).toBeUndefined();
});

test('F6 goes through the parts of the screen, while typing too', () => {
  expect(shortcutOf(press('F6'), typing)).toBe('region');
  expect(shortcutOf(press('F6', { shiftKey: true }), here)).toBe('back');
  expect(shortcutOf(press('F6', ctrl), here)).toBeUndefined();
});

test('n leads to what is new and ? to the keys, but both are signs in a text', () => {
  expect(shortcutOf(press('n'), here)).toBe('next');
  expect(shortcutOf(press('т', { code: 'KeyN' }), here)).toBe('next');
  expect(shortcutOf(press('?', { shiftKey: true }), here)).toBe('keys');
  for (const key of ['n', '?']) expect(shortcutOf(press(key), typing)).toBeUndefined();
});

test('who has no use for single letters has none of them', () => {
  const quiet = { ...here, letters: false };
  for (const key of ['n', '?', '/']) expect(shortcutOf(press(key), quiet)).toBeUndefined();
  expect(shortcutOf(press('k', ctrl), quiet)).toBe('switch');
  expect(shortcutOf(press('F6'), quiet)).toBe('region');
});

test.each([
  press('f'),
  press('k', { ctrlKey: true, shiftKey: true }),
  press('k', { ctrlKey: true, altKey: true }),
  press('k', { ctrlKey: true, isComposing: true }),
  press('k', { ctrlKey: true, repeat: true }),
  press('k', { ctrlKey: true, defaultPrevented: true }),
  press('x', { ctrlKey: true }),
])('anything else is left alone: %j', (other) => {
  expect(shortcutOf(other, here)).toBeUndefined();
});

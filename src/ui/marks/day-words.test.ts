import { expect, test } from 'vitest';
import { dayWords } from './day-words.ts';

const near = { today: 'Today', yesterday: 'Yesterday' };
const now = new Date(2026, 2, 16, 0, 5);

test.each([
  [new Date(2026, 2, 16, 23, 59), 'Today'],
  [new Date(2026, 2, 15, 23, 59), 'Yesterday'],
  [new Date(2026, 2, 13, 12), 'Friday 13 March'],
  [new Date(2025, 11, 31, 12), 'Wednesday 31 December 2025'],
  [new Date(2026, 2, 17, 12), 'Tuesday 17 March'],
])('%s is %s', (at, words) => {
  expect(dayWords(at, now, 'en-GB', near).replace(',', '')).toBe(words);
});

test('yesterday holds over the night the clocks change', () => {
  expect(dayWords(new Date(2026, 2, 28, 23, 30), new Date(2026, 2, 29, 4), 'en', near)).toBe('Yesterday');
});

test('speaks the language it is given', () => {
  expect(dayWords(new Date(2026, 2, 13), now, 'de', near)).toBe('Freitag, 13. März');
});

test('an impossible date has no words', () => {
  expect(dayWords(new Date(Number.NaN), now, 'en', near)).toBe('');
});

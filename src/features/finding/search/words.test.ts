import { expect, test } from 'vitest';
import { filterWords, fullWords, machineTime, totalWords, whenWords } from './words.ts';

const seconds = (text: string) => Math.floor(new Date(text).getTime() / 1000);
const now = new Date('2026-11-22T14:30:00');

test('a time says as much as one needs', () => {
  expect(whenWords(seconds('2026-11-22T09:05:00'), now, 'en-GB')).toBe('09:05');
  expect(whenWords(seconds('2026-03-14T09:05:00'), now, 'en-GB')).toBe('14 Mar');
  expect(whenWords(seconds('2024-03-14T09:05:00'), now, 'en-GB')).toBe('14 Mar 2024');
});

test('times no calendar has are left out', () => {
  expect([whenWords(1e15, now), fullWords(1e15), machineTime(1e15)]).toEqual(['', '', '']);
});

test('a filter of time in words', () => {
  expect(filterWords({ kind: 'any' })).toBe('Any time');
  expect(filterWords({ kind: 'month' })).toBe('Last month');
  const words = (from: string, to: string) => filterWords({ kind: 'range', from, to }, 'en-GB');
  expect(words('2026-03-01', '2026-03-04')).toBe('1 Mar 2026 to 4 Mar 2026');
  expect(words('2026-03-01', '')).toBe('Since 1 Mar 2026');
  expect(words('', '2026-03-04')).toBe('Until 4 Mar 2026');
});

test('a total in words', () => {
  expect(totalWords(1)).toBe('1 result');
  expect(totalWords(2345, 'en')).toBe('2,345 results');
});

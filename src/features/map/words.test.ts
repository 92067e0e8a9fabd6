import { expect, test } from 'vitest';
import { activityInWords, countryInWords, membersInWords } from './words.ts';

test('members are counted in words', () => {
  expect([0, 1, 34].map(membersInWords)).toEqual(['', '1 member', '34 members']);
});

test('activity is told in the largest unit that fits', () => {
  const now = 1_800_000_000;
  expect(activityInWords(undefined, now, 'en')).toBe('quiet so far');
  expect(activityInWords(now - 300, now, 'en')).toBe('active 5 minutes ago');
  expect(activityInWords(now - 7300, now, 'en')).toBe('active 2 hours ago');
  expect(activityInWords(now - 90_000, now, 'en')).toBe('active yesterday');
  expect(activityInWords(now + 500, now, 'en')).toBe('active this minute');
});

test('countries are named in the reader’s language', () => {
  expect(countryInWords('PT', 'de')).toBe('Portugal');
  expect(countryInWords('DE', 'en')).toBe('Germany');
  expect(countryInWords('not a code', 'en')).toBe('not a code');
});

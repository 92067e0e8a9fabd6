import { expect, test } from 'vitest';
import { FOR_GOOD } from '#client/wake/wants.ts';
import { mutedWords, muteUntil, MUTES, muteWords } from './mute.ts';

const at = (text: string): Date => new Date(text);
const until = (...args: Parameters<typeof muteUntil>): Date => new Date(muteUntil(...args) * 1000);

test('hours and a week are counted from now', () => {
  const now = at('2026-11-22T15:20:30');
  expect(until('hour', now)).toEqual(at('2026-11-22T16:20:30'));
  expect(until('hours', now)).toEqual(at('2026-11-22T23:20:30'));
  expect(until('week', now).getTime() - now.getTime()).toBe(7 * 86_400_000);
  expect(muteUntil('good', now)).toBe(FOR_GOOD);
});

test.each([
  ['2026-11-22T15:20:30', '2026-11-23T08:00:00'],
  ['2026-11-22T23:59:59', '2026-11-23T08:00:00'],
  ['2026-11-22T00:30:00', '2026-11-22T08:00:00'],
  ['2026-11-22T07:30:00', '2026-11-23T08:00:00'],
  ['2026-12-31T20:00:00', '2027-01-01T08:00:00'],
])('tomorrow morning, said at %s, is %s', (now, morning) => {
  expect(until('morning', at(now))).toEqual(at(morning));
});

test('every silence has words, and ends in the future', () => {
  const now = at('2026-11-22T15:20:30');
  for (const mute of MUTES) {
    expect(muteWords[mute]()).not.toBe('');
    expect(muteUntil(mute, now)).toBeGreaterThan(now.getTime() / 1000);
  }
  expect(mutedWords(muteUntil('hour', now), now)).toMatch(/^Muted until .*20/);
  expect(mutedWords(FOR_GOOD, now)).toBe('Muted');
});

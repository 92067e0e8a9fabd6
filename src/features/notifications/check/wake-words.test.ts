import { expect, test } from 'vitest';
import { endWords, timeWords, whyWords } from './wake-words.ts';

const now = new Date('2026-11-22T15:20:00Z');
const ago = (seconds: number): string => timeWords(now.getTime() / 1000 - seconds, now);

test('times are told as people tell them', () => {
  expect([ago(0), ago(59), ago(60), ago(3599), ago(3600), ago(86_399)]).toEqual([
    'now',
    'now',
    '1 minute ago',
    '59 minutes ago',
    '1 hour ago',
    '23 hours ago',
  ]);
  expect(ago(86_400)).toMatch(/Nov/);
  expect(ago(-500)).toBe('now');
});

test('every reason and every end has words of its own', () => {
  for (const words of [endWords, whyWords]) {
    const said = Object.values(words).map((say) => say());
    expect(new Set(said).size).toBe(said.length);
    expect(said).not.toContain('');
  }
});

import { expect, test } from 'vitest';
import type { ClockOffset } from '#client/device/city-clock.ts';
import { DAY, HOUR, YEAR } from '#shared/time.ts';
import { clockWords, keepTime, spanWords, tellClock } from './clock-news.ts';

const followed = (seconds: number): ClockOffset => ({ seconds, isFollowed: true });

test('a span is said in its largest unit', () => {
  expect([90, 600, HOUR, 5 * HOUR, DAY - 60, DAY, 2 * DAY, 400 * DAY].map(spanWords)).toEqual([
    '2 minutes',
    '10 minutes',
    '1 hour',
    '5 hours',
    '1 day',
    '1 day',
    '2 days',
    '400 days',
  ]);
});

test('it says which way the clock is off, and whose time counts', () => {
  expect(clockWords(followed(0))).toBeUndefined();
  expect(clockWords(followed(-DAY))).toMatch(/1 day ahead.*city’s clock|1 day ahead.*city's clock/);
  expect(clockWords(followed(HOUR))).toContain('1 hour behind');
  const far = clockWords({ seconds: -5 * YEAR, isFollowed: false });
  expect(far).toContain('1,825 days');
  expect(far).not.toBe(clockWords({ seconds: 5 * YEAR, isFollowed: false }));
});

test('each difference is said once, also after a reload; once it is gone it may be said again', () => {
  const kept = new Map<string, string>();
  const memory = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  const said: string[] = [];
  const toasts = { show: ({ text }: { text: string }) => said.push(text) };
  let change: (offset: ClockOffset) => void = () => undefined;
  const follow = (changed: (offset: ClockOffset) => void) => void (change = changed);
  tellClock({ follow }, toasts, memory);
  change(followed(0));
  change(followed(-DAY));
  change(followed(-DAY + 100));
  expect(said).toHaveLength(1);
  tellClock({ follow }, toasts, memory);
  change(followed(-DAY));
  expect(said).toHaveLength(1);
  change(followed(0));
  change(followed(-DAY));
  expect(said).toHaveLength(2);
});

test('the city is asked again when somebody comes back, not sooner than after ten minutes', () => {
  const heard: (() => void)[] = [];
  const target = { addEventListener: (_name: string, one: () => void) => void heard.push(one) };
  const clock = { silence: 0 };
  let asked = 0;
  let isSeen = true;
  keepTime(clock, async () => asked++, { page: target, tab: target, isSeen: () => isSeen });
  heard.forEach((one) => one());
  expect(asked).toBe(0);
  clock.silence = 11 * 60_000;
  isSeen = false;
  heard.forEach((one) => one());
  expect(asked).toBe(0);
  isSeen = true;
  heard[0]?.();
  expect(asked).toBe(1);
});

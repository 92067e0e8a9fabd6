import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeCity } from '../../../../tests/support/fake-city.ts';
import { FOR_GOOD } from '#client/wake/wants.ts';
import { notificationsProjection } from '../projection.ts';
import { Notices } from './notices.svelte.ts';

const NOW = 1_800_000_000;
let now: number;
let city: FakeCity;
let all: Notices;

const begin = async (): Promise<Notices> => {
  const begun = new Notices(city, { now: () => now });
  await begun.start();
  return begun;
};

beforeEach(async () => {
  vi.useFakeTimers();
  now = NOW;
  city = new FakeCity({ projections: [notificationsProjection] });
  all = await begin();
});
afterEach(() => {
  all.stop();
  vi.useRealTimers();
});

test('a place without a choice tells the usual, whatever that is now', async () => {
  expect(all.of('pier')).toEqual({ level: 'mentions', mutedUntil: 0, isOwn: false });
  await all.change('noticeDefault', 'nothing');
  expect(all.of('pier').level).toBe('nothing');
  expect(all.isQuiet('pier')).toBe(true);
  expect(all.chosen).toEqual([]);
});

test('a choice is seen at once, outlives the page, and does not follow the usual', async () => {
  const choosing = all.setLevel('pier', 'all');
  expect(all.of('pier')).toMatchObject({ level: 'all', isOwn: true });
  await choosing;
  await all.change('noticeDefault', 'nothing');
  const next = await begin();
  expect(next.of('pier').level).toBe('all');
  expect(next.settings.noticeDefault).toBe('nothing');
  expect(next.chosen).toEqual(['pier']);
  next.stop();
});

test('silence keeps the level and ends by itself', async () => {
  await all.setLevel('pier', 'all');
  await all.mute('pier', NOW + 3600);
  expect(all.of('pier')).toEqual({ level: 'all', mutedUntil: NOW + 3600, isOwn: true });
  expect(all.isQuiet('pier')).toBe(true);
  now = NOW + 3600;
  vi.advanceTimersByTime(30_000);
  expect(all.of('pier')).toMatchObject({ level: 'all', mutedUntil: 0 });
  expect(all.isQuiet('pier')).toBe(false);
});

test('silence for good lasts until it is ended', async () => {
  await all.mute('pier', FOR_GOOD);
  now = NOW + 100_000_000;
  vi.advanceTimersByTime(30_000);
  expect(all.isQuiet('pier')).toBe(true);
  await all.mute('pier', 0);
  expect(all.isQuiet('pier')).toBe(false);
});

test('another tab’s choice arrives, until stopped', async () => {
  vi.useRealTimers();
  const other = await begin();
  await other.setLevel('pier', 'nothing');
  await vi.waitFor(() => expect(all.of('pier').level).toBe('nothing'));
  all.stop();
  await other.setLevel('pier', 'all');
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(all.of('pier').level).toBe('nothing');
  other.stop();
});

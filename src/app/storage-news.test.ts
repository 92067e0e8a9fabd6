import { expect, test, vi } from 'vitest';
import type { StoreHealth, Upkeep } from '#client/engine/upkeep/upkeep.ts';
import { StorageNews } from './storage-news.ts';

const setUp = (health: StoreHealth) => {
  const meta = new Map<string, unknown>();
  let next = 1;
  const toasts = { show: vi.fn((_wish: { text: string }) => next++), dismiss: vi.fn() };
  const engine = {
    upkeep: { health: async () => health } as Upkeep,
    readMeta: async (name: string) => meta.get(name),
    writeMeta: async (name: string, value: unknown) => void meta.set(name, value),
  };
  return { toasts, news: new StorageNews({ engine, toasts, go: () => undefined, now: () => 1_800_000_000 }) };
};

test('a full disk is said once, and taken back when there is space again', () => {
  const { news, toasts } = setUp({ events: 0, losses: [] });
  for (const isFull of [false, true, true, false, false]) news.setFull(isFull);
  expect(toasts.show).toHaveBeenCalledTimes(1);
  expect(toasts.dismiss).toHaveBeenCalledExactlyOnceWith(1);
});

test('an eviction is said; without one there is nothing to say', async () => {
  const well = setUp({ events: 0, losses: [] });
  await well.news.tellEviction();
  expect(well.toasts.show).not.toHaveBeenCalled();
  const ill = setUp({ events: 0, losses: [], eviction: { events: 5, at: 1 } });
  await ill.news.tellEviction();
  expect(ill.toasts.show).toHaveBeenCalledTimes(1);
});

test('a reminder comes once, not with every page', async () => {
  const { news, toasts } = setUp({ events: 5, losses: [] });
  await news.remind(false);
  expect(toasts.show).not.toHaveBeenCalled();
  await news.remind(true);
  await news.remind(true);
  expect(toasts.show).toHaveBeenCalledTimes(1);
});

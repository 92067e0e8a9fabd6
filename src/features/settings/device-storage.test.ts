import { expect, test } from 'vitest';
import { coreChoices, DeviceStorage, sizeWords } from './device-storage.svelte.ts';

test('tells use and promise', async () => {
  const storage = new DeviceStorage({
    estimate: () => Promise.resolve({ usage: 1234 }),
    persisted: () => Promise.resolve(true),
  });
  await storage.refresh();
  expect([storage.used, storage.isPersisted]).toEqual([1234, true]);
});

test('a browser that says nothing, or fails, is unknown', async () => {
  const silent = new DeviceStorage({});
  await silent.refresh();
  expect([silent.used, silent.isPersisted]).toEqual([undefined, undefined]);
  const broken = new DeviceStorage({
    estimate: () => Promise.reject(new Error('no')),
    persisted: () => Promise.reject(new Error('no')),
  });
  await broken.refresh();
  expect([broken.used, broken.isPersisted]).toEqual([undefined, undefined]);
});

test('asking to keep is remembered as promised or denied', async () => {
  let kept = false;
  const willing = new DeviceStorage({
    persist: () => Promise.resolve((kept = true)),
    persisted: () => Promise.resolve(kept),
  });
  await willing.keep();
  expect([willing.isPersisted, willing.isDenied]).toEqual([true, false]);
  const unwilling = new DeviceStorage({ persist: () => Promise.resolve(false) });
  await unwilling.keep();
  expect(unwilling.isDenied).toBe(true);
});

test('sizes have fitting units', () => {
  expect(sizeWords(0, 'en')).toBe('0 bytes');
  expect(sizeWords(999, 'en')).toBe('999 bytes');
  expect(sizeWords(3_440_000, 'en')).toBe('3.44 MB');
  expect(sizeWords(5e12, 'en')).toContain('GB');
});

test('cores are offered once each, half always among them', () => {
  expect(coreChoices(1)).toEqual([{ kind: 'half', count: 1 }]);
  expect(coreChoices(2).map(({ count }) => count)).toEqual([1, 2]);
  expect(coreChoices(8).map(({ kind, count }) => [kind, count])).toEqual([
    ['one', 1],
    ['half', 4],
    ['all', 8],
  ]);
});

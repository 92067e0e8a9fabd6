import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { anyJson } from '../../../tests/support/wire-arbitraries.ts';
import { MemoryCaches } from '../../../tests/support/memory-caches.ts';
import { noteWake, readWakes, WAKES } from './wakes.ts';
import type { Wake } from './wakes.ts';

const wake = (at: number): Wake => ({ at, why: 'push', end: 'shown' });

test('the last ten are remembered, the newest first', async () => {
  const caches = new MemoryCaches();
  expect(await readWakes(caches)).toEqual([]);
  for (let at = 1; at <= 13; at++) await noteWake(caches, wake(at));
  expect((await readWakes(caches)).map(({ at }) => at)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4]);
});

test('wakes at the same time are all noted', async () => {
  const caches = new MemoryCaches();
  await Promise.all([1, 2, 3, 4].map((at) => noteWake(caches, wake(at))));
  expect((await readWakes(caches)).map(({ at }) => at).sort()).toEqual([1, 2, 3, 4]);
});

test('whatever lies there, only wakes come back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyJson, fc.array(anyJson)), async (value) => {
      const caches = new MemoryCaches();
      await (await caches.open(WAKES)).put('/wakes/record.json', new Response(JSON.stringify(value)));
      for (const { at, why, end } of await readWakes(caches))
        expect([typeof at, typeof why, typeof end]).toEqual(['number', 'string', 'string']);
    }),
  );
  const caches = new MemoryCaches();
  const put = async (text: string) =>
    (await caches.open(WAKES)).put('/wakes/record.json', new Response(text));
  await put('not json');
  expect(await readWakes(caches)).toEqual([]);
  await put(
    JSON.stringify([{ at: 1, why: 'push', end: 'made up' }, { at: 1.5, why: 'push', end: 'shown' }, wake(2)]),
  );
  expect(await readWakes(caches)).toEqual([wake(2)]);
});

test('a disk that keeps nothing stops nobody', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const caches = new MemoryCaches();
  caches.isBroken = true;
  await noteWake(caches, wake(1));
  expect(await readWakes(caches)).toEqual([]);
  caches.isBroken = false;
  await noteWake(caches, wake(2));
  expect(await readWakes(caches)).toEqual([wake(2)]);
  expect(warned).toHaveBeenCalledOnce();
  warned.mockRestore();
});

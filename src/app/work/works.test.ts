import { expect, test } from 'vitest';
import type { Published } from '#client/city/city.ts';
import { WorkQueue } from '#client/mining/queue/work-queue.ts';
import { fail } from '#shared/result.ts';
import type { ToastWish } from '#ui/notices/toasts.svelte.ts';
import { FakeBrowser, FakeMiner, settle } from '../../../tests/support/work-tabs.ts';
import { Pace } from './pace.svelte.ts';
import { Works } from './works.svelte.ts';

const event = { kind: 9007, tags: [['h', 'harbour']], content: '', created_at: 1, pubkey: 'ab'.repeat(32) };

const begin = async () => {
  const browser = new FakeBrowser();
  const miner = new FakeMiner();
  const toasts: ToastWish[] = [];
  const queue = new WorkQueue<Published>({
    miner,
    locks: browser.locks().locks,
    memory: browser.memory(),
    news: browser.news(),
    power: { charging: undefined, watch: () => () => undefined },
    clock: { now: () => browser.now },
    onlyWhileCharging: () => false,
    deliver: () => Promise.resolve(fail('locked', 'locked')),
  });
  const works = new Works(queue, { show: (wish) => toasts.push(wish) });
  void queue.add({ slot: 's', title: 'New place: Harbour', event, bits: 5 });
  await settle();
  return { works, miner, toasts };
};
const only = ({ all }: Works) => {
  const [work] = all;
  if (!work) throw new Error('there is no work');
  return work;
};

test('the list follows the queue, and hands move it', async () => {
  const { works, miner } = await begin();
  miner.last.report(3);
  expect(works.all).toMatchObject([{ hashes: 3, state: 'mining' }]);
  works.pause(only(works).id);
  expect(works.all).toMatchObject([{ state: 'paused' }]);
  works.resume(only(works).id);
  expect(works.all).toMatchObject([{ state: 'mining' }]);
  expect(works.settled(only(works).id)).toBeInstanceOf(Promise);
  expect(works.settled('nothing')).toBeUndefined();
});

test('a little work is stopped without a word', async () => {
  const { works, miner, toasts } = await begin();
  miner.last.report(9000);
  works.cancel(only(works));
  await settle();
  expect(works.all).toEqual([]);
  expect(toasts).toEqual([]);
});

test('more than ten seconds of work can be had back, with all that was done', async () => {
  const { works, miner, toasts } = await begin();
  miner.last.report(11_000);
  works.cancel(only(works));
  await settle();
  expect(works.all).toEqual([]);
  expect(toasts).toMatchObject([{ text: 'Stopped: New place: Harbour' }]);
  toasts[0]?.undo?.();
  await settle();
  expect(works.all).toMatchObject([{ title: 'New place: Harbour', hashes: 11_000 }]);
  expect(miner.last.already).toBe(11_000);
});

test('finished work that waits for its account is never thrown away without a word', async () => {
  const { works, miner, toasts } = await begin();
  miner.last.find();
  await settle();
  expect(works.all).toMatchObject([{ state: 'waiting' }]);
  works.cancel(only(works));
  await settle();
  expect(toasts).toHaveLength(1);
  toasts[0]?.undo?.();
  await settle();
  expect(works.all).toMatchObject([{ state: 'waiting' }]);
  expect(miner.shifts).toHaveLength(1);
});

test('a cost is told once the device is measured', async () => {
  const pace = new Pace({ calibrate: () => Promise.resolve(8_000_000) });
  expect(pace.secondsFor(28)).toBeUndefined();
  expect(pace.secondsFor(0)).toBe(0);
  await pace.measure();
  expect(pace.secondsFor(28)).toBeCloseTo(33.55, 1);
});

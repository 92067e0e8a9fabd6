import { expect, test } from 'vitest';
import { eventId } from '#protocol/event.ts';
import { fail } from '#shared/result.ts';
import { DAY } from '#shared/time.ts';
import { FakeBrowser, openTab, settle } from '../../../../tests/support/work-tabs.ts';
import type { WorkView } from './work.ts';

const event = {
  kind: 9007,
  tags: [
    ['h', 'harbour'],
    ['name', 'Harbour'],
  ],
  content: '',
  created_at: 1_800_000_000,
  pubkey: 'ab'.repeat(32),
};
const wish = { slot: 'harbour', title: 'New place: Harbour', event, bits: 5 };

const begin = async (browser = new FakeBrowser()) => {
  const tab = openTab(browser);
  const ended = tab.queue.add(wish);
  await settle();
  let views: readonly WorkView[] = [];
  tab.queue.watch((now) => (views = now));
  return { browser, tab, ended, views: () => views, id: views[0]?.id ?? '' };
};
/** The next page of the same browser. */
const reopen = async (browser: FakeBrowser) => {
  const tab = openTab(browser);
  let views: readonly WorkView[] = [];
  tab.queue.watch((now) => (views = now));
  await tab.queue.restore();
  await settle();
  return { tab, views: () => views };
};

test('work is written down, mined, delivered and gone', async () => {
  const { tab, ended, views } = await begin();
  expect(tab.kept()).toHaveLength(1);
  expect(views()).toMatchObject([{ state: 'mining', title: 'New place: Harbour', hashes: 0, odds: 0 }]);
  tab.miner.last.find();
  const result = await ended;
  expect(tab.delivered).toHaveLength(1);
  expect(result).toEqual({ ok: true, value: eventId(tab.delivered[0] ?? event) });
  expect(tab.kept()).toEqual([]);
  expect(views()).toEqual([]);
});

test('numbers are shown as they come and kept every few seconds', async () => {
  const { browser, tab, views } = await begin();
  tab.miner.last.report(10);
  expect(views()[0]).toMatchObject({ hashes: 10, progress: { rate: 1000 } });
  await settle();
  expect(tab.kept()[0]?.hashes).toBe(0);
  browser.now += 5;
  tab.miner.last.report(20);
  await settle();
  expect(tab.kept()[0]?.hashes).toBe(20);
  tab.miner.last.report(30);
  await tab.queue.flush();
  expect(tab.kept()[0]?.hashes).toBe(30);
});

test('a pause stops the workers and keeps the count; going on adds to it', async () => {
  const { tab, views, id } = await begin();
  tab.miner.last.report(12);
  await tab.queue.pause(id);
  expect(tab.miner.last.aborted).toBe(true);
  expect(views()[0]).toMatchObject({ state: 'paused', hashes: 12 });
  expect(views()[0]?.progress).toBeUndefined();
  expect(tab.kept()[0]).toMatchObject({ stage: 'paused', hashes: 12 });
  await tab.queue.resume(id);
  expect(tab.miner.shifts).toHaveLength(2);
  expect(tab.miner.last.already).toBe(12);
  tab.miner.last.report(3);
  expect(views()[0]).toMatchObject({ state: 'mining', hashes: 15 });
});

test('the next page goes on by itself, with the time of day', async () => {
  const { browser, tab } = await begin();
  tab.miner.last.report(1000);
  await tab.queue.flush();
  tab.kill();
  browser.now += 600;
  const next = await reopen(browser);
  expect(next.tab.miner.last).toMatchObject({ already: 1000, event: { created_at: event.created_at + 600 } });
  next.tab.miner.last.find();
  await settle();
  expect(next.tab.delivered).toHaveLength(1);
  expect(next.tab.kept()).toEqual([]);
});

test('a clock that was far ahead is not believed after a reload, a time a little ahead is kept', async () => {
  const { browser, tab } = await begin();
  tab.kill();
  browser.now = event.created_at - 10;
  const near = await reopen(browser);
  expect(near.tab.miner.last.event.created_at).toBe(event.created_at);
  near.tab.kill();
  browser.now = event.created_at - DAY;
  const far = await reopen(browser);
  expect(far.tab.miner.last.event.created_at).toBe(browser.now);
});

test('what was paused stays paused over a reload', async () => {
  const { browser, tab, id } = await begin();
  await tab.queue.pause(id);
  tab.kill();
  const next = await reopen(browser);
  expect(next.views()).toMatchObject([{ state: 'paused' }]);
  expect(next.tab.miner.shifts).toEqual([]);
});

test('cancelled work is gone, also for the next page', async () => {
  const { browser, tab, ended, id } = await begin();
  tab.miner.last.report(77);
  expect(await tab.queue.cancel(id)).toMatchObject({ id, hashes: 77 });
  expect(await ended).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(tab.miner.last.aborted).toBe(true);
  tab.kill();
  const next = await reopen(browser);
  expect(next.views()).toEqual([]);
  expect(next.tab.miner.shifts).toEqual([]);
});

test('a note of how far it is does not bring cancelled work back', async () => {
  const { browser, tab, id } = await begin();
  browser.now += 60;
  tab.miner.last.report(5);
  await tab.queue.cancel(id);
  tab.miner.last.report(6);
  await settle();
  expect(tab.kept()).toEqual([]);
});

test('work that is cancelled while it is being written down leaves nothing', async () => {
  const browser = new FakeBrowser();
  const tab = openTab(browser);
  const stop = new AbortController();
  const ended = tab.queue.add({ ...wish, signal: stop.signal });
  const other = tab.queue.add({ ...wish, event: { ...event, content: 'other words' } });
  await settle();
  expect(await ended).toMatchObject({ error: { code: 'cancelled' } });
  expect(tab.kept()).toMatchObject([{ event: { content: 'other words' } }]);
  tab.miner.last.find();
  expect(await other).toMatchObject({ ok: true });
  expect(await tab.queue.add({ ...wish, signal: AbortSignal.abort() })).toMatchObject({ ok: false });
});

test('a signal cancels', async () => {
  const tab = openTab(new FakeBrowser());
  const stop = new AbortController();
  const ended = tab.queue.add({ ...wish, signal: stop.signal });
  await settle();
  stop.abort();
  expect(await ended).toMatchObject({ error: { code: 'cancelled' } });
  expect(tab.kept()).toEqual([]);
});

test('work that is wanted after all goes on from where it was', async () => {
  const { tab, id } = await begin();
  tab.miner.last.report(500);
  const item = await tab.queue.cancel(id);
  void tab.queue.add({ ...wish, hashes: item?.hashes ?? 0 });
  await settle();
  expect(tab.miner.last.already).toBe(500);
});

test('finished work that is wanted after all is not done twice', async () => {
  const { tab, id } = await begin();
  const answer = tab.answer;
  tab.answer = () => Promise.resolve(fail('locked', 'locked'));
  tab.miner.last.find();
  await settle();
  const item = await tab.queue.cancel(id);
  tab.answer = answer;
  expect(await tab.queue.add({ ...wish, event: item?.event ?? event })).toMatchObject({ ok: true });
  expect(tab.miner.shifts).toHaveLength(1);
});

test('the same words again are the same work; other words take its place', async () => {
  const { tab, ended } = await begin();
  const again = tab.queue.add({ ...wish, event: { ...event, created_at: event.created_at + 9 } });
  await settle();
  expect(tab.kept()).toHaveLength(1);
  const newer = tab.queue.add({ ...wish, event: { ...event, content: 'newer' } });
  expect(await ended).toMatchObject({ error: { code: 'cancelled' } });
  expect(await again).toMatchObject({ error: { code: 'cancelled' } });
  await settle();
  tab.miner.last.find();
  expect(await newer).toMatchObject({ ok: true });
  expect(tab.delivered.map(({ content }) => content)).toEqual(['newer']);
});

test('two tabs never work on one item, and the second takes it over when the first ends', async () => {
  const browser = new FakeBrowser();
  const second = await reopen(browser);
  const { tab: first } = await begin(browser);
  await settle();
  expect(second.views()).toEqual([]);
  first.miner.last.report(9);
  await first.queue.flush();
  first.kill();
  await settle();
  expect(second.tab.miner.shifts).toHaveLength(1);
  expect(second.tab.miner.last.already).toBe(9);
  second.tab.miner.last.find();
  await settle();
  expect(second.tab.delivered).toHaveLength(1);
  expect(first.delivered).toEqual([]);
});

test('what the first tab finished is nothing for the second', async () => {
  const browser = new FakeBrowser();
  const second = await reopen(browser);
  const { tab: first, ended } = await begin(browser);
  first.miner.last.find();
  await ended;
  first.kill();
  await settle();
  expect(second.tab.miner.shifts).toEqual([]);
  expect(second.views()).toEqual([]);
});

test('a worker that dies leaves the work paused, with the reason, over a reload', async () => {
  const { browser, tab, views } = await begin();
  tab.miner.last.report(44);
  tab.miner.last.end(fail('worker', 'this browser ended its workers'));
  await settle();
  const trouble = { code: 'worker', message: 'this browser ended its workers' };
  expect(views()).toMatchObject([{ state: 'paused', hashes: 44, trouble }]);
  tab.kill();
  const next = await reopen(browser);
  expect(next.views()).toMatchObject([{ state: 'paused', hashes: 44, trouble }]);
  await next.tab.queue.resume(next.views()[0]?.id ?? '');
  expect(next.views()[0]).toMatchObject({ state: 'mining' });
  expect(next.views()[0]?.trouble).toBeUndefined();
});

test('what is impossible ends at once and is not kept', async () => {
  const { tab, ended } = await begin();
  tab.miner.last.end(fail('impossible', '70 years'));
  expect(await ended).toMatchObject({ error: { code: 'impossible', message: '70 years' } });
  expect(tab.kept()).toEqual([]);
});

test('mined work waits while its account is locked, over a reload, and is the very same event then', async () => {
  const { browser, tab, views } = await begin();
  tab.answer = () => Promise.resolve(fail('locked', 'locked'));
  tab.miner.last.find();
  await settle();
  expect(views()).toMatchObject([{ state: 'waiting', odds: 1 }]);
  const [kept] = tab.kept();
  expect(kept).toMatchObject({ stage: 'mined' });
  tab.kill();
  browser.now += 3600;
  const next = await reopen(browser);
  expect(next.tab.miner.shifts).toEqual([]);
  expect(next.tab.delivered.map(eventId)).toEqual([eventId(kept?.event ?? event)]);
});

test('signing in wakes what waits, also when it happens in the middle of a try', async () => {
  const { tab, views } = await begin();
  let isLocked = true;
  let letGo: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (letGo = resolve));
  const answer = tab.answer;
  tab.answer = async (mined) => {
    const wasLocked = isLocked;
    if (wasLocked) await asked;
    return wasLocked ? fail('locked', 'locked') : answer(mined);
  };
  tab.miner.last.find();
  await settle();
  isLocked = false;
  tab.queue.wake();
  letGo();
  await settle();
  expect(tab.delivered).toHaveLength(1);
  expect(views()).toEqual([]);
});

test('a signer that says no keeps the work: the second try needs no mining', async () => {
  const { tab, ended, views } = await begin();
  const answer = tab.answer;
  tab.answer = () => Promise.resolve(fail('refused', 'The extension said no.'));
  tab.miner.last.find();
  expect(await ended).toMatchObject({ error: { code: 'refused' } });
  expect(views()).toMatchObject([{ trouble: { code: 'refused' } }]);
  tab.queue.wake();
  await settle();
  expect(tab.delivered).toEqual([]);
  tab.answer = answer;
  expect(await tab.queue.add(wish)).toMatchObject({ ok: true });
  expect(tab.miner.shifts).toHaveLength(1);
  expect(tab.delivered).toHaveLength(1);
});

test('cancelled during the signature, nothing is sent', async () => {
  const { tab, id, ended } = await begin();
  let sign: () => void = () => undefined;
  const answer = tab.answer;
  tab.answer = async (mined) => {
    await new Promise<void>((resolve) => (sign = resolve));
    return answer(mined);
  };
  tab.miner.last.find();
  await settle();
  await tab.queue.cancel(id);
  sign();
  await settle();
  expect(await ended).toMatchObject({ error: { code: 'cancelled' } });
  expect(tab.delivered).toEqual([]);
});

test('only while charging: held without the cable, going on with it', async () => {
  const { tab, views } = await begin();
  tab.miner.last.report(8);
  tab.onlyWhileCharging = true;
  tab.queue.look();
  expect(views()[0]?.state).toBe('mining');
  tab.power.charging = false;
  tab.power.changed();
  expect(views()[0]).toMatchObject({ state: 'held', hashes: 8 });
  expect(tab.miner.last.aborted).toBe(true);
  tab.power.charging = true;
  tab.power.changed();
  expect(views()[0]?.state).toBe('mining');
  expect(tab.miner.shifts).toHaveLength(2);
  expect(tab.miner.last.already).toBe(8);
});

test('other workers begin where the former stood', async () => {
  const { tab, id } = await begin();
  tab.miner.last.report(21);
  tab.queue.restart();
  expect(tab.miner.shifts).toHaveLength(2);
  expect(tab.miner.last.already).toBe(21);
  await tab.queue.pause(id);
  tab.queue.restart();
  expect(tab.miner.shifts).toHaveLength(2);
});

test('once closed for a device that is being emptied, nothing comes back to the disk', async () => {
  const { browser, tab, id } = await begin();
  const cancelling = tab.queue.cancel(id);
  const late = tab.queue.add({ ...wish, slot: 'late' });
  await tab.queue.close();
  browser.disk = undefined;
  tab.miner.last.report(99);
  tab.miner.last.find();
  await Promise.all([cancelling, settle()]);
  void late;
  expect(browser.disk).toBeUndefined();
  expect(tab.delivered).toEqual([]);
});

test('a full disk is said before any work is done; a count that cannot be kept is no fault', async () => {
  const browser = new FakeBrowser();
  browser.fault = new Error('QuotaExceededError');
  const tab = openTab(browser);
  expect(await tab.queue.add(wish)).toMatchObject({ error: { code: 'storage' } });
  expect(tab.miner.shifts).toEqual([]);
  browser.fault = undefined;
  const ended = tab.queue.add(wish);
  await settle();
  browser.fault = new Error('QuotaExceededError');
  browser.now += 60;
  tab.miner.last.report(5);
  await settle();
  tab.miner.last.find();
  expect(await ended).toMatchObject({ ok: true });
});

test('a disk that cannot be read restores nothing', async () => {
  const browser = new FakeBrowser();
  browser.disk = { v: 1, items: 'what' };
  const { views } = await reopen(browser);
  expect(views()).toEqual([]);
});

test('mined work that waited for many days is dated anew', async () => {
  const { browser, tab } = await begin();
  tab.answer = () => Promise.resolve(fail('locked', 'locked'));
  tab.miner.last.find();
  await settle();
  tab.kill();
  browser.now += 6 * DAY;
  const next = await reopen(browser);
  expect(next.views()).toMatchObject([{ state: 'mining' }]);
  expect(next.tab.miner.last.event.created_at).toBe(browser.now);
});

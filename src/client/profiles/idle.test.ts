import { expect, test, vi } from 'vitest';
import { FakeHands } from '../../../tests/support/fake-hands.ts';
import { ProfileBrowser } from '../../../tests/support/profile-browser.ts';
import { IdleWatch, isTooLong } from './idle.ts';

const watch = (seconds = 60) => {
  const hands = new FakeHands();
  const due = vi.fn();
  const touched = vi.fn();
  return { hands, due, touched, idle: new IdleWatch(hands, seconds, { due, touched }) };
};

test('it is due after so many seconds without a hand, once', () => {
  const { hands, due } = watch();
  hands.pass(59);
  expect(due).not.toHaveBeenCalled();
  hands.pass(1);
  hands.pass(100);
  expect(due).toHaveBeenCalledTimes(1);
  expect(hands.listeners).toBe(0);
});

test('each touch begins anew, here or in another tab; others are told now and then', () => {
  const { hands, due, touched, idle } = watch();
  for (let i = 0; i < 20; i++) {
    hands.pass(2);
    hands.touch();
  }
  expect(touched.mock.calls.length).toBeGreaterThanOrEqual(6);
  expect(touched.mock.calls.length).toBeLessThanOrEqual(8);
  hands.pass(50);
  idle.touchedElsewhere();
  hands.pass(50);
  expect(due).not.toHaveBeenCalled();
  hands.pass(10);
  expect(due).toHaveBeenCalledOnce();
});

test('after sleep it is due as soon as somebody looks, and the first touch comes too late', () => {
  for (const wake of ['comeBack', 'touch'] as const) {
    const { hands, due, touched } = watch();
    hands.sleep(61);
    hands[wake]();
    expect(due).toHaveBeenCalledOnce();
    expect(touched).not.toHaveBeenCalled();
  }
  const { hands, due, idle } = watch();
  hands.sleep(61);
  idle.touchedElsewhere();
  expect(due).toHaveBeenCalledOnce();
});

test('a clock that is set back keeps nothing open', () => {
  const { hands, due } = watch();
  hands.pass(30);
  hands.wall -= 40_000;
  hands.pass(29);
  expect(due).not.toHaveBeenCalled();
  hands.pass(1);
  expect(due).toHaveBeenCalledOnce();
  const far = watch();
  far.hands.wall -= 3600_000;
  far.hands.comeBack();
  expect(far.due).toHaveBeenCalledOnce();
});

test('a corrected clock of a few seconds is no reason', () => {
  expect(isTooLong(100_000, 95_000, 30)).toBe(false);
  expect(isTooLong(100_000, 130_000, 30)).toBe(true);
  expect(isTooLong(100_000, 39_999, 30)).toBe(true);
});

test('stopped, it is silent', () => {
  const { hands, due, touched, idle } = watch();
  idle.stop();
  hands.pass(100);
  hands.touch();
  expect([due.mock.calls, touched.mock.calls, hands.listeners]).toEqual([[], [], 0]);
});

test('a profile locks itself in all its tabs, when none was touched', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  const second = await browser.tab();
  await second.keeper.openAtOnce();
  expect(await first.keeper.setAutoLock(30)).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(second.keeper.facts.autoLock).toBe(30));
  browser.hands.pass(29);
  expect(first.keeper.facts.isOpen).toBe(true);
  browser.hands.pass(1);
  await vi.waitFor(() => expect([first.heard.at(-1), second.heard.at(-1)]).toEqual(['locked', 'locked']));
  expect(await (await browser.tab()).keeper.openAtOnce()).toBeUndefined();
});

test('locking itself is ended by 0', async () => {
  const browser = new ProfileBrowser();
  const { keeper } = await browser.openTab();
  await keeper.setAutoLock(30);
  await keeper.setAutoLock(0);
  browser.hands.pass(100);
  expect(keeper.facts.isOpen).toBe(true);
});

test('the time counts while no tab is open, too', async () => {
  const start = async (seconds: number, change = (_: ProfileBrowser): void => undefined) => {
    const browser = new ProfileBrowser();
    const { keeper, tab } = await browser.openTab();
    await keeper.setAutoLock(60);
    tab.kill();
    browser.hands.sleep(seconds);
    change(browser);
    return (await (await browser.tab()).keeper.openAtOnce()) !== undefined;
  };
  expect(await start(59)).toBe(true);
  expect(await start(61)).toBe(false);
  expect(await start(-3600)).toBe(false);
  const damaged = ({ register }: ProfileBrowser): void => {
    for (const [id, row] of register.rows)
      register.rows.set(id, { ...(row as object), lastActive: undefined });
  };
  expect(await start(1, damaged)).toBe(false);
});

import { afterEach, expect, test, vi } from 'vitest';
import { ProfileBrowser } from '../../../../tests/support/profile-browser.ts';
import { m } from '#messages/paraglide/messages.js';
import { LockController } from './lock.svelte.ts';

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

/** A tab that waits at the lock screen, beside one that could be unlocked. */
const waiting = async ({ passkey = false } = {}) => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  if (passkey) await first.keeper.addPasskey();
  await first.keeper.setLabel({ name: 'Ada', pubkey: 'a'.repeat(64) });
  await first.keeper.lock();
  const { keeper } = await browser.tab();
  const onopen = vi.fn();
  const lock = new LockController(keeper, onopen);
  stops.push(() => lock.stop());
  return { browser, first, keeper, lock, onopen, profile: first.keys.profile };
};

test('the right passphrase gives the keys out', async () => {
  const { lock, onopen, profile } = await waiting();
  expect(lock.current?.label?.name).toBe('Ada');
  expect(lock.canUsePasskey).toBe(false);
  const tried = lock.tryPassphrase('blue heron');
  expect(lock.busy).toBe('passphrase');
  expect(await tried).toBe(true);
  expect(onopen).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ profile }));
  expect(lock.busy).toBeUndefined();
});

test('a wrong one says so, and the next try says nothing of it', async () => {
  const { lock, onopen } = await waiting();
  expect(await lock.tryPassphrase('x')).toBe(false);
  expect(lock.problem).toBe(m.security_error_wrong());
  const tried = lock.tryPassphrase('blue heron');
  expect(lock.problem).toBeUndefined();
  await tried;
  expect(onopen).toHaveBeenCalledOnce();
});

test('after five wrong ones the wait counts down', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const { browser, lock, onopen } = await waiting();
    for (let i = 0; i < 5; i++) await lock.tryPassphrase('x');
    expect(lock.wait).toBe(5000);
    expect(await lock.tryPassphrase('blue heron')).toBe(false);
    expect(lock.problem).toBeUndefined();
    browser.hands.wall += 2000;
    vi.advanceTimersByTime(250);
    expect(lock.wait).toBe(3000);
    browser.hands.wall += 3000;
    vi.advanceTimersByTime(250);
    expect(lock.wait).toBe(0);
    expect(await lock.tryPassphrase('blue heron')).toBe(true);
    expect(onopen).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});

test('one try at a time', async () => {
  const { lock, onopen } = await waiting();
  const tried = await Promise.all([lock.tryPassphrase('blue heron'), lock.tryPassphrase('blue heron')]);
  expect(tried).toEqual([true, false]);
  expect(onopen).toHaveBeenCalledOnce();
});

test('a passkey opens; turned away from or foreign, it says what happened', async () => {
  const { browser, lock, onopen } = await waiting({ passkey: true });
  expect(lock.canUsePasskey).toBe(true);
  const next = (): number => browser.passkeys.asked + 1;
  browser.passkeys.trouble.set(next(), 'cancelled');
  await lock.tryPasskey();
  expect(lock.problem).toBe(m.security_error_cancelled());
  browser.passkeys.trouble.set(next(), 'another key');
  await lock.tryPasskey();
  expect(lock.problem).toBe(m.security_error_wrong_passkey());
  await lock.tryPasskey();
  expect(onopen).toHaveBeenCalledOnce();
});

test('unlocking another tab opens this one, too', async () => {
  const { first, lock, onopen, profile } = await waiting();
  await first.keeper.unlock({ kind: 'passphrase', passphrase: 'blue heron' });
  await vi.waitFor(() => expect(onopen).toHaveBeenCalledWith(expect.objectContaining({ profile })));
  expect(lock.facts.isOpen || onopen.mock.calls.length > 0).toBe(true);
});

test('erasing is the keeper’s', async () => {
  const { browser, lock } = await waiting();
  await lock.erase();
  expect(browser.done[0]).toBe('bury');
  expect(browser.register.rows.size).toBe(0);
});

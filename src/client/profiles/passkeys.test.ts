import { expect, test } from 'vitest';
import { ProfileBrowser } from '../../../tests/support/profile-browser.ts';

const open = async () => {
  const browser = new ProfileBrowser();
  const opened = await browser.tab();
  await opened.keeper.openAtOnce();
  return { browser, ...opened };
};

test.each([true, false])('a passkey opens what it was made for (secret at once: %s)', async (atOnce) => {
  const { browser, keeper } = await open();
  browser.passkeys.givesSecretAtOnce = atOnce;
  expect(await keeper.addPasskey()).toEqual({ ok: true, value: true });
  expect(browser.passkeys.asked).toBe(atOnce ? 1 : 2);
  expect(keeper.facts).toMatchObject({ canLock: true, hasPassphrase: false });
  await keeper.lock();
  const next = (await browser.tab()).keeper;
  expect(await next.openAtOnce()).toBeUndefined();
  expect(await next.unlock({ kind: 'passkey' })).toMatchObject({ ok: true });
});

test.each([
  ['unsupported', 'unsupported'],
  ['cancelled', 'cancelled'],
  ['another secret', 'failed'],
  ['another key', 'failed'],
] as const)('a passkey whose test ends with "%s" changes nothing', async (trouble, code) => {
  const { browser, keeper } = await open();
  browser.passkeys.givesSecretAtOnce = true;
  browser.passkeys.trouble.set(1, trouble);
  expect(await keeper.addPasskey()).toMatchObject({ error: { code } });
  expect(keeper.facts).toMatchObject({ passkeys: [], canLock: false });
  expect(browser.passkeys.forgotten).toHaveLength(1);
});

test('without passkeys in this browser, or turned away from, nothing is asked further', async () => {
  const { browser, keeper } = await open();
  browser.passkeys.hasSupport = false;
  expect(keeper.canUsePasskeys).toBe(false);
  expect(await keeper.addPasskey()).toMatchObject({ error: { code: 'unsupported' } });
  expect(browser.passkeys.held.size).toBe(0);
});

test('another secret, or another key, opens nothing', async () => {
  const { browser, keeper } = await open();
  await keeper.addPasskey();
  await keeper.lock();
  for (const trouble of ['another secret', 'another key'] as const) {
    browser.passkeys.trouble.set(browser.passkeys.asked + 1, trouble);
    expect(await keeper.unlock({ kind: 'passkey' })).toMatchObject({ error: { code: 'wrong' } });
    expect(keeper.facts.isOpen).toBe(false);
  }
  browser.passkeys.trouble.set(browser.passkeys.asked + 1, 'cancelled');
  expect(await keeper.unlock({ kind: 'passkey' })).toMatchObject({ error: { code: 'cancelled' } });
});

test('a passkey opens while passphrases have to wait, and ends the wait', async () => {
  const { browser, keeper } = await open();
  await keeper.setPassphrase('blue heron');
  await keeper.addPasskey();
  await keeper.lock();
  for (let i = 0; i < 6; i++) await keeper.unlock({ kind: 'passphrase', passphrase: 'x' });
  expect(keeper.wait).toBeGreaterThan(0);
  expect(await keeper.unlock({ kind: 'passkey' })).toMatchObject({ ok: true });
  expect(keeper.wait).toBe(0);
  expect(browser.passkeys.forgotten).toEqual([]);
});

test('a passkey is removed, but not the only way in', async () => {
  const { browser, keeper } = await open();
  await keeper.addPasskey();
  await keeper.setStaying(false);
  const [first = ''] = keeper.facts.passkeys;
  expect(await keeper.removePasskey(first)).toMatchObject({ error: { code: 'needed' } });
  await keeper.addPasskey();
  expect(keeper.facts.passkeys).toHaveLength(2);
  expect(await keeper.removePasskey(first)).toMatchObject({ ok: true });
  expect(keeper.facts.passkeys).toHaveLength(1);
  expect(browser.passkeys.forgotten).toEqual([first]);
});

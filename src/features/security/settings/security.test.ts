import { expect, test } from 'vitest';
import { ProfileBrowser } from '../../../../tests/support/profile-browser.ts';
import { m } from '#messages/paraglide/messages.js';
import { SecurityController } from './security.svelte.ts';

const open = async () => {
  const browser = new ProfileBrowser();
  const { keeper, heard } = await browser.tab();
  await keeper.openAtOnce();
  return { browser, keeper, heard, security: new SecurityController(keeper) };
};

test('a visitor’s profile: nothing to lock before something asks', async () => {
  const { security } = await open();
  expect(security.facts).toMatchObject({ canLock: false, isStaying: true });
  await security.setStaying(false);
  expect(security.problemOf('opening')).toBe(m.security_error_needed());
  expect(security.problemOf('passkeys')).toBeUndefined();
  expect(security.facts.isStaying).toBe(true);
  await security.setPassphrase('blue heron');
  expect(security.problemOf('opening')).toBeUndefined();
  expect(security.facts).toMatchObject({ canLock: true, hasPassphrase: true });
  await security.setStaying(false);
  expect(security.facts.isStaying).toBe(false);
});

test('a passkey is added with a word, a failed one with another', async () => {
  const { browser, security } = await open();
  const adding = security.addPasskey();
  expect(security.busy).toBe('passkeys');
  await adding;
  expect(security.newsOf('passkeys')).toBe(m.security_passkey_added());
  browser.passkeys.trouble.set(browser.passkeys.asked + 1, 'cancelled');
  await security.addPasskey();
  expect(security.newsOf('passkeys')).toBeUndefined();
  expect(security.problemOf('passkeys')).toBe(m.security_error_cancelled());
  expect(security.facts.passkeys).toHaveLength(1);
  await security.removePasskey(security.facts.passkeys[0] ?? '');
  expect(security.facts.passkeys).toEqual([]);
});

test('everything that is set shows, also when another tab has set it', async () => {
  const { keeper, security } = await open();
  await security.setPassphrase('blue heron');
  await security.setAutoLock(300);
  await security.setDuress('fire fire');
  await security.setPanicKey(true);
  expect(security.facts).toMatchObject({ autoLock: 300, hasDuress: true, hasPanicKey: true });
  await security.setDuress(undefined);
  expect(security.newsOf('emergency')).toBe(m.security_duress_removed());
  await keeper.setPanicKey(false);
  expect(security.facts.hasPanicKey).toBe(false);
  security.stop();
  await keeper.setPanicKey(true);
  expect(security.facts.hasPanicKey).toBe(false);
});

test('the two passphrases must differ', async () => {
  const { security } = await open();
  await security.setPassphrase('blue heron');
  expect(await security.setDuress('blue heron')).toMatchObject({ error: { code: 'same' } });
  expect(security.problemOf('emergency')).toBe(m.security_error_same());
});

test('locking now is told to the page', async () => {
  const { heard, security } = await open();
  await security.setPassphrase('blue heron');
  await security.lockNow();
  expect(heard).toEqual(['closing', 'locked']);
  expect(security.busy).toBeUndefined();
});

test('the passphrase changes for the one it has now only, and others are told of the new one', async () => {
  const browser = new ProfileBrowser();
  const { keeper } = await browser.tab();
  await keeper.openAtOnce();
  const told: string[] = [];
  const security = new SecurityController(keeper, (passphrase) => told.push(passphrase));
  await security.setPassphrase('blue heron');
  await security.changePassphrase('grey heron', 'red kite soars');
  expect(security.problemOf('opening')).toBe(m.security_error_wrong());
  expect(told).toEqual(['blue heron']);
  await security.changePassphrase('blue heron', 'red kite soars');
  expect(security.newsOf('opening')).toBe(m.security_passphrase_changed());
  expect(told).toEqual(['blue heron', 'red kite soars']);
  await keeper.lock();
  const { keeper: next } = await browser.tab();
  expect(await next.openAtOnce()).toBeUndefined();
  expect(await next.unlock({ kind: 'passphrase', passphrase: 'blue heron' })).toMatchObject({ ok: false });
  expect(await next.unlock({ kind: 'passphrase', passphrase: 'red kite soars' })).toMatchObject({ ok: true });
});

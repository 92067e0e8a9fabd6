import { expect, test, vi } from 'vitest';
import { ProfileBrowser } from '../../../tests/support/profile-browser.ts';

const words = (passphrase: string) => ({ kind: 'passphrase', passphrase }) as const;

test('the keys go first, the trace of the profile last', async () => {
  const browser = new ProfileBrowser();
  const { keeper, heard, keys } = await browser.openTab();
  await keeper.erase();
  expect(browser.done).toEqual(['bury', 'destroy', 'sweep', 'destroy register', 'sweep tab']);
  expect(heard).toEqual(['closing', 'erased']);
  expect(keys.dataKey).toEqual(new Uint8Array(32));
  expect(browser.register.rows.size).toBe(0);
});

test('of several profiles only this one goes', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  const id = await first.keeper.add();
  await first.keeper.erase();
  expect(browser.done).toEqual(['bury', 'destroy', 'remove', 'sweep tab']);
  expect((await browser.tab()).keeper.profiles).toEqual([{ id, isCurrent: true }]);
});

test('every tab of it lets go, and one that begins anew waits until all is gone', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  const second = await browser.tab();
  const keys = await second.keeper.openAtOnce();
  const order: string[] = [];
  let destroyed = (): void => undefined;
  browser.destroy = () => new Promise((resolve) => (destroyed = resolve));
  const erased = first.keeper.erase().then(() => order.push('erased'));
  await vi.waitFor(() => expect(second.heard).toEqual(['closing', 'erased']));
  expect(keys?.dataKey).toEqual(new Uint8Array(32));
  const anew = browser.tab().then(({ keeper }) => {
    order.push('anew');
    return keeper;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  destroyed();
  await erased;
  expect((await anew).profiles[0]?.id).not.toBe(first.keys.profile);
  expect(order).toEqual(['erased', 'anew']);
});

test('the duress passphrase erases, and what comes then is a first visit', async () => {
  const browser = new ProfileBrowser();
  const { keeper, heard, keys } = await browser.openTab();
  const old = keys.profile;
  expect(await keeper.setDuress('fire')).toMatchObject({ ok: true });
  expect(keeper.facts.hasDuress).toBe(true);
  await keeper.lock();
  expect(await keeper.unlock(words('fire'))).toMatchObject({ error: { code: 'erased' } });
  expect(heard.at(-1)).toBe('erased');
  const next = (await browser.tab()).keeper;
  expect(next.facts).toMatchObject({ canLock: false, hasPassphrase: false });
  expect(await next.openAtOnce()).toBeDefined();
  expect(next.profiles.map(({ id }) => id)).not.toContain(old);
});

test('the two passphrases must differ, whichever comes first', async () => {
  const { keeper } = await new ProfileBrowser().openTab('blue heron');
  expect(await keeper.setDuress('blue heron')).toMatchObject({ error: { code: 'same' } });
  expect(await keeper.setDuress('')).toMatchObject({ error: { code: 'empty' } });
  expect(keeper.facts.hasDuress).toBe(false);
  await keeper.setDuress('fire');
  expect(await keeper.setPassphrase('fire')).toMatchObject({ error: { code: 'same' } });
});

test('a duress passphrase that was taken back is a wrong one', async () => {
  const browser = new ProfileBrowser();
  const { keeper } = await browser.openTab();
  await keeper.setDuress('fire');
  await keeper.setDuress(undefined);
  expect(keeper.facts.hasDuress).toBe(false);
  await keeper.lock();
  expect(await keeper.unlock(words('fire'))).toMatchObject({ error: { code: 'wrong' } });
  expect(browser.done).toEqual([]);
});

test('an erasing that was cut off is finished by the next start; the profile never opens again', async () => {
  const browser = new ProfileBrowser();
  const { keeper, tab, keys } = await browser.openTab();
  const begun = vi.fn(() => new Promise<void>(() => undefined));
  browser.destroy = begun;
  void keeper.erase();
  await vi.waitFor(() => expect(begun).toHaveBeenCalled());
  expect(browser.done).toEqual(['bury']);
  expect(JSON.stringify([...browser.register.rows.values()])).not.toContain('locks');
  tab.kill();
  browser.destroy = async () => undefined;
  const next = (await browser.tab()).keeper;
  expect(browser.done).toEqual(['bury', 'destroy', 'sweep', 'destroy register']);
  expect(next.profiles.map(({ id }) => id)).not.toContain(keys.profile);
});

test('a store that cannot be removed is remembered, and tried again', async () => {
  const browser = new ProfileBrowser();
  const { keeper, keys } = await browser.openTab();
  browser.destroy = () => Promise.reject(new Error('blocked'));
  await keeper.erase();
  expect((await browser.register.read()).buried).toEqual([keys.profile]);
  expect(browser.done).toContain('sweep');
  await browser.tab();
  expect((await browser.register.read()).buried).toEqual([keys.profile]);
  browser.destroy = async () => undefined;
  await browser.tab();
  expect((await browser.register.read()).buried).toEqual([]);
});

test('a profile that another tab erased can be neither opened nor changed', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  await first.keeper.add();
  await first.keeper.lock();
  const { register } = browser;
  await register.bury(first.keys.profile);
  expect(await first.keeper.unlock(words('blue heron'))).toMatchObject({ error: { code: 'erased' } });
  expect(await first.keeper.choose(first.keys.profile)).toBe(false);
});

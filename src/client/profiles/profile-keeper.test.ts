import { expect, test, vi } from 'vitest';
import { ProfileBrowser } from '../../../tests/support/profile-browser.ts';
import type { ProfileRecord } from '../store/profiles/profile-record.ts';

const PUBKEY = 'a'.repeat(64);
const words = (passphrase: string) => ({ kind: 'passphrase', passphrase }) as const;
const recordIn = ({ register }: ProfileBrowser, id: string) => register.rows.get(id) as ProfileRecord;

test('a visitor gets a profile that opens by itself, the same one the next time, and nothing to lock', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.tab();
  const keys = await first.keeper.openAtOnce();
  const data = keys?.dataKey.slice();
  first.tab.kill();
  const again = await (await browser.tab()).keeper.openAtOnce();
  expect(again).toMatchObject({ profile: keys?.profile, dataKey: data });
  expect(keys?.profile).toMatch(/^[0-9a-f]{32}$/);
  expect(first.keeper.facts).toMatchObject({ isOpen: true, canLock: false, isStaying: true, autoLock: 0 });
  await first.keeper.lock();
  expect(first.heard).toEqual([]);
  expect(first.keeper.facts.isOpen).toBe(true);
});

test('two tabs that start a new browser at once have one profile', async () => {
  const browser = new ProfileBrowser();
  const [one, other] = await Promise.all([browser.tab(), browser.tab()]);
  expect(one.keeper.profiles).toEqual(other.keeper.profiles);
  expect(browser.register.rows.size).toBe(1);
});

test('locked, a profile opens for its passphrase only, with the key it always had', async () => {
  const browser = new ProfileBrowser();
  const { keeper, heard, keys } = await browser.openTab();
  const data = keys.dataKey.slice();
  await keeper.lock();
  expect(heard).toEqual(['closing', 'locked']);
  expect(keys.dataKey).toEqual(new Uint8Array(32));
  expect(keeper.facts.isOpen).toBe(false);
  const next = (await browser.tab()).keeper;
  expect(await next.openAtOnce()).toBeUndefined();
  expect(await next.unlock(words('blue bird'))).toMatchObject({ error: { code: 'wrong' } });
  expect(next.facts.isOpen).toBe(false);
  expect(await next.unlock(words('blue heron'))).toMatchObject({ ok: true, value: { dataKey: data } });
});

test('staying signed in, unlocking once is enough until it is locked again', async () => {
  const browser = new ProfileBrowser();
  const { keeper, tab, keys } = await browser.openTab();
  const id = keys.profile;
  await keeper.lock();
  expect(recordIn(browser, id).locks.map(({ kind }) => kind)).toEqual(['passphrase']);
  await keeper.unlock(words('blue heron'));
  tab.kill();
  expect(await (await browser.tab()).keeper.openAtOnce()).toBeDefined();
});

test('not staying signed in, each start asks, unless another tab has it open', async () => {
  const browser = new ProfileBrowser();
  const { keeper, tab, keys } = await browser.openTab();
  expect(await keeper.setStaying(false)).toEqual({ ok: true, value: true });
  const second = await browser.tab();
  expect(await second.keeper.openAtOnce()).toMatchObject({ dataKey: keys.dataKey });
  tab.kill();
  second.tab.kill();
  const third = await browser.tab();
  expect(await third.keeper.openAtOnce()).toBeUndefined();
  await third.keeper.unlock(words('blue heron'));
  third.tab.kill();
  expect(await (await browser.tab()).keeper.openAtOnce()).toBeUndefined();
});

test('staying cannot be ended while nothing else would open it', async () => {
  const { keeper } = await new ProfileBrowser().tab();
  await keeper.openAtOnce();
  expect(await keeper.setStaying(false)).toMatchObject({ error: { code: 'needed' } });
  expect(await keeper.setAutoLock(30)).toMatchObject({ error: { code: 'needed' } });
  expect(await keeper.setDuress('fire')).toMatchObject({ error: { code: 'needed' } });
  expect(keeper.facts.isStaying).toBe(true);
});

test('locking reaches every tab of the profile, and they all forget', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  const second = await browser.tab();
  const keys = await second.keeper.openAtOnce();
  await first.keeper.lock();
  await vi.waitFor(() => expect(second.heard).toEqual(['closing', 'locked']));
  expect(keys?.dataKey).toEqual(new Uint8Array(32));
});

test('a tab that is just opening when the others lock stays closed', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  const second = await browser.tab();
  const opening = second.keeper.openAtOnce();
  const lock = { from: 'x', to: '*', type: 'tell', topic: 'lock', value: null };
  browser.origin.tab().line(`profile ${first.keys.profile}`).say(lock);
  expect(await opening).toBeUndefined();
  expect(second.keeper.facts.isOpen).toBe(false);
});

test('unlocking one tab is told to the others that ask', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  await first.keeper.lock();
  const waiting = await browser.tab();
  expect(await waiting.keeper.openAtOnce()).toBeUndefined();
  await first.keeper.unlock(words('blue heron'));
  await vi.waitFor(() => expect(waiting.heard).toEqual(['open']));
  expect(await waiting.keeper.openAtOnce()).toBeDefined();
});

test('what is set in one tab is known in the others', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  const second = (await browser.tab()).keeper;
  await second.openAtOnce();
  await first.keeper.setDuress('fire');
  await first.keeper.setPanicKey(true);
  await first.keeper.setLabel({ name: 'Ada', pubkey: PUBKEY });
  await vi.waitFor(() => expect(second.facts).toEqual(first.keeper.facts));
  await vi.waitFor(() => expect(second.label).toEqual({ name: 'Ada', pubkey: PUBKEY }));
  expect(second.facts).toMatchObject({ hasDuress: true, hasPanicKey: true });
});

test('a new passphrase takes the place of the old one', async () => {
  const browser = new ProfileBrowser();
  const { keeper } = await browser.openTab();
  expect(await keeper.setPassphrase('')).toMatchObject({ error: { code: 'empty' } });
  await keeper.setPassphrase('grey heron');
  await keeper.lock();
  expect(await keeper.unlock(words('blue heron'))).toMatchObject({ error: { code: 'wrong' } });
  expect((await keeper.unlock(words('grey heron'))).ok).toBe(true);
});

test('nothing is changed while it is locked', async () => {
  const browser = new ProfileBrowser();
  const { keeper, keys } = await browser.openTab();
  await keeper.lock();
  const before = structuredClone(recordIn(browser, keys.profile));
  for (const change of [
    keeper.setPassphrase('x'),
    keeper.setStaying(true),
    keeper.setDuress('x'),
    keeper.addPasskey(),
    keeper.removePasskey('a'),
    keeper.setAutoLock(30),
    keeper.setPanicKey(true),
    keeper.setLabel({ name: 'x', pubkey: PUBKEY }),
  ])
    expect(await change).toMatchObject({ error: { code: 'locked' } });
  expect(recordIn(browser, keys.profile)).toEqual(before);
});

test('profiles: another one is added, is next, and one goes back', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  await first.keeper.setLabel({ name: 'Ada', pubkey: PUBKEY });
  const old = first.keys.profile;
  const id = await first.keeper.add();
  const second = (await browser.tab()).keeper;
  expect(second.profiles).toEqual([
    { id, isCurrent: true },
    { id: old, isCurrent: false, label: { name: 'Ada', pubkey: PUBKEY } },
  ]);
  const keys = await second.openAtOnce();
  expect(keys?.profile).toBe(id);
  expect(keys?.dataKey).not.toEqual(first.keys.dataKey);
  expect(await second.choose('0'.repeat(32))).toBe(false);
  expect(await second.choose(old)).toBe(true);
  expect((await browser.tab()).keeper.profiles[0]).toMatchObject({ id: old, isCurrent: true });
});

test('the tabs of one profile do not lock another', async () => {
  const browser = new ProfileBrowser();
  const first = await browser.openTab();
  await first.keeper.add();
  const second = await browser.openTab('grey heron');
  await first.keeper.lock();
  expect(second.keeper.facts.isOpen).toBe(true);
  expect(second.heard).toEqual([]);
});

test('the register says neither name nor key of anybody, nor when', async () => {
  const browser = new ProfileBrowser();
  const { keeper } = await browser.openTab();
  await keeper.setLabel({ name: 'Ada', pubkey: PUBKEY });
  const short = recordIn(browser, keeper.profiles[0]?.id ?? '').label?.length;
  await keeper.setLabel({ name: 'Ada Lovelace of the long name', pubkey: PUBKEY });
  await keeper.setAutoLock(30);
  const record = recordIn(browser, keeper.profiles[0]?.id ?? '');
  expect(record.label?.length).toBe(short);
  const said = JSON.stringify(record, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  const now = String(browser.hands.now()).slice(0, 6);
  for (const secret of ['Ada', PUBKEY, 'blue heron', now]) expect(said).not.toContain(secret);
});

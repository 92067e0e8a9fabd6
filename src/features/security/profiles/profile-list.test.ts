import { expect, test, vi } from 'vitest';
import { ProfileBrowser } from '../../../../tests/support/profile-browser.ts';
import { ProfileList } from './profile-list.svelte.ts';

const setUp = async () => {
  const browser = new ProfileBrowser();
  const { keeper, keys } = await browser.openTab();
  const onswitch = vi.fn();
  return { browser, keeper, onswitch, profile: keys.profile, list: new ProfileList(keeper, onswitch) };
};

test('the open one is not gone to again', async () => {
  const { list, onswitch, profile } = await setUp();
  expect(list.profiles).toEqual([{ id: profile, isCurrent: true }]);
  await list.choose(profile);
  await list.choose('0'.repeat(32));
  expect(onswitch).not.toHaveBeenCalled();
});

test('a new one is next, and the old one can be gone back to', async () => {
  const { browser, list, onswitch, profile } = await setUp();
  await list.add();
  expect(onswitch).toHaveBeenCalledOnce();
  const next = new ProfileList((await browser.tab()).keeper, onswitch);
  expect(next.profiles.map(({ isCurrent }) => isCurrent)).toEqual([true, false]);
  await next.choose(profile);
  expect(onswitch).toHaveBeenCalledTimes(2);
  expect((await browser.tab()).keeper.profiles[0]?.id).toBe(profile);
});

test('names that come later show', async () => {
  const { keeper, list } = await setUp();
  await keeper.setLabel({ name: 'Ada', pubkey: 'a'.repeat(64) });
  expect(list.profiles[0]?.label?.name).toBe('Ada');
  list.stop();
  await keeper.setLabel(undefined);
  expect(list.profiles[0]?.label?.name).toBe('Ada');
});

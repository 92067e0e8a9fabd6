import { generateSecretKey } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import { identityProjection } from '#features/identity/projection.ts';
import { fakeAccount, FakeCity, fakeKey } from '../../../../tests/support/fake-city.ts';
import { DeviceSigner } from '../../keys/device-signer.ts';
import { OWN_LISTS } from '../addresses.ts';
import { Contacts } from '../contacts.svelte.ts';
import { OwnLists } from '../own-lists.ts';
import { listsProjection } from '../projection.ts';
import { Shunned } from './shunned.svelte.ts';

const NOW = 1_800_000_000;
const [ana, ben] = [fakeKey('a1'), fakeKey('b2')];
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

const make = () => {
  const signer = new DeviceSigner(generateSecretKey());
  const account = fakeAccount(signer.pubkey);
  const city = new FakeCity({ projections: [identityProjection, listsProjection], account, now: NOW });
  const lists = new OwnLists({ city, signer: () => signer, clock: { now: () => NOW }, lists: OWN_LISTS });
  const shunned = new Shunned(city, lists);
  shunned.follow(signer.pubkey);
  const told = () =>
    city.log.flatMap((one) => (one.type === 'SettingChanged' && one.name === 'shunned' ? [one.value] : []));
  return { city, lists, shunned, told, self: signer.pubkey };
};

test('muting is known here at once and to nobody else', async () => {
  const { city, shunned } = make();
  expect((await shunned.mute(ana, true)).ok).toBe(true);
  await settled();
  expect(shunned.isMuted(ana) && shunned.isShunned(ana)).toBe(true);
  expect(JSON.stringify(city.published)).not.toContain(ana);
  await shunned.mute(ana, false);
  await settled();
  expect(shunned.isShunned(ana)).toBe(false);
});

test('blocking is for everybody to see, and keeps the relays of the same list', async () => {
  const { city, shunned } = make();
  await shunned.block(ben, true, 'Block Ben');
  await settled();
  expect(shunned.isBlocked(ben)).toBe(true);
  expect(city.published[0]).toMatchObject({ kind: 10006, tags: [['p', ben]], content: '' });
  expect(city.options[0]?.title).toBe('Block Ben');
});

test('words hide lines of others, never one’s own', async () => {
  const { shunned, self } = make();
  await shunned.muteWord('  DURIAN ');
  await settled();
  expect(shunned.muted.words).toEqual(['durian']);
  expect(shunned.hides({ author: ana, text: 'a durian' })).toBe(true);
  expect(shunned.hides({ author: ana, text: 'durians' })).toBe(false);
  expect(shunned.hides({ author: self, text: 'a durian' })).toBe(false);
  expect(await shunned.muteWord('x')).toMatchObject({ ok: false, error: { code: 'broad' } });
});

test('a place is muted where it is', async () => {
  const { city, shunned } = make();
  await shunned.mutePlace({ id: 'pier', relay: city.relay }, true);
  await shunned.mutePlace({ id: 'tower', relay: 'wss://elsewhere.test' }, true);
  await settled();
  expect([shunned.isPlaceMuted('pier'), shunned.isPlaceMuted('tower')]).toEqual([true, false]);
});

test('somebody whom another app muted openly is muted, and can be let back', async () => {
  const { city, shunned, lists, self } = make();
  await lists.change({ kind: 10000 }, ({ sealed }) => ({ open: [['p', ana]], sealed }));
  await settled();
  expect(shunned.isMuted(ana)).toBe(true);
  expect(await shunned.mute(ana, true)).toEqual({ ok: true, value: undefined });
  await shunned.mute(ana, false);
  await settled();
  expect(shunned.isMuted(ana)).toBe(false);
  expect(city.published.at(-1)).toMatchObject({ pubkey: self, tags: [] });
});

test('the log is told once of each change', async () => {
  const { shunned, told, self } = make();
  await settled();
  expect(told()).toEqual([]);
  await shunned.mute(ana, true);
  await shunned.block(ben, true, 'Block');
  await shunned.muteWord('durian');
  await settled();
  expect(told().at(-1)).toEqual({ of: self, people: [ana, ben], words: ['durian'] });
  const before = told().length;
  shunned.follow(self);
  await settled();
  expect(told()).toHaveLength(before);
});

test('contacts are kept sealed, in the order in which they came', async () => {
  const { city, lists, self } = make();
  const contacts = new Contacts(city, lists);
  contacts.follow(self);
  await contacts.keep(ben, true);
  await contacts.keep(ana, true);
  await settled();
  expect(contacts.all).toEqual([ben, ana]);
  expect(JSON.stringify(city.published)).not.toContain(ben);
  await contacts.keep(ben, false);
  await settled();
  expect([contacts.has(ben), contacts.has(ana)]).toEqual([false, true]);
});

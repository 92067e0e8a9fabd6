import { expect, test } from 'vitest';
import { FakeCity, fakeEvent, fakeKey } from '../../../../tests/support/fake-city.ts';
import { makeRumor, talkOf } from '#protocol/direct/rumors.ts';
import { makeLine } from '#protocol/messages.ts';
import { chatProjection } from '../projection.ts';
import { conversations } from './tables.ts';

const [me, ana, ben] = [fakeKey('a1'), fakeKey('b2'), fakeKey('c3')];
const NOW = 1_800_000_000;
const make = () => new FakeCity({ projections: [chatProjection] });
const says = (pubkey: string, text: string, at: number) =>
  fakeEvent({ ...makeLine({ group: 'pier', kind: 1, text, mentions: [] }), pubkey, created_at: NOW + at });
const shuns = (people: readonly string[], words: readonly string[] = []) =>
  ({ type: 'SettingChanged', v: 1, name: 'shunned', value: { of: me, people, words } }) as const;
const pier = async (city: FakeCity) => {
  const { unread, lastText, lines } = (await city.get(conversations, 'pier')) ?? {};
  return { unread, lastText, lines };
};

test('lines of somebody who is put away neither count as new nor stand in the list', async () => {
  const city = make();
  await city.deliver(says(ana, 'hello', 1), says(ben, 'buy this', 2));
  expect(await pier(city)).toEqual({ unread: 2, lastText: 'buy this', lines: 2 });
  await city.record(shuns([ben]));
  expect(await pier(city)).toEqual({ unread: 1, lastText: 'hello', lines: 2 });
  await city.deliver(says(ben, 'buy more', 3));
  expect(await pier(city)).toEqual({ unread: 1, lastText: 'hello', lines: 3 });
  await city.record(shuns([]));
  expect(await pier(city)).toEqual({ unread: 3, lastText: 'buy more', lines: 3 });
});

test('lines with a muted word do not either, but one’s own do', async () => {
  const city = make();
  await city.record(shuns([], ['durian']));
  await city.deliver(says(ana, 'hello', 1), says(ana, 'A DURIAN!', 2));
  expect(await pier(city)).toMatchObject({ unread: 1, lastText: 'hello' });
  const own = says(me, 'my durian', 3);
  await city.record({ type: 'EventSigned', v: 1, event: own, relays: [city.relay] });
  expect(await pier(city)).toMatchObject({ unread: 1, lastText: 'my durian' });
});

test('a talk begun by somebody who is blocked never appears', async () => {
  const city = make();
  await city.record(shuns([ben]));
  const rumor = makeRumor({ kind: 14, content: 'hi', tags: [] }, { author: ben, to: [me], at: NOW });
  await city.record({ type: 'WrapOpened', v: 1, wrap: fakeKey('0f'), to: me, rumor });
  expect(await city.get(conversations, talkOf([ben], me))).toMatchObject({
    unread: 0,
    lastAt: 0,
    lastText: '',
  });
});

test('it does not matter whether lines come before or after', async () => {
  const [first, later] = [make(), make()];
  const events = [says(ana, 'one', 1), says(ben, 'two', 2), says(ana, 'three durian', 3)];
  await first.record(shuns([ben], ['durian']));
  await first.deliver(...events);
  await later.deliver(...events);
  await later.record(shuns([ben], ['durian']));
  expect(await later.all(conversations)).toEqual(await first.all(conversations));
});

test('a setting that says something else is passed over', async () => {
  const city = make();
  await city.deliver(says(ana, 'hello', 1));
  for (const value of [
    null,
    'x',
    { of: me },
    { of: 'me', people: [], words: [] },
    { of: me, people: {}, words: [] },
  ])
    await city.record({ type: 'SettingChanged', v: 1, name: 'shunned', value });
  expect(await pier(city)).toMatchObject({ unread: 1 });
});

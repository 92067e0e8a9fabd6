import { expect, test, vi } from 'vitest';
import { ownValuesProjection } from '#client/own-values/projection.ts';
import { ownValueId, ownValues } from '#client/own-values/tables.ts';
import type { Shelf } from '#client/own-values/tables.ts';
import type { LocalEvent } from '#client/store/local-events.ts';
import { conversations } from '#features/chat/index.ts';
import { chatProjection } from '#features/chat/projection.ts';
import { notices } from '#features/notifications/index.ts';
import { notificationsProjection } from '#features/notifications/projection.ts';
import { settingsProjection } from '#features/settings/projection.ts';
import { settingsTable } from '#features/settings/index.ts';
import { FakeCity } from '../../../tests/support/fake-city.ts';
import { OwnSync } from './own-sync.ts';
import { appliedHere } from './sources.ts';

const NOW = 1_800_000_000;
type Value = Extract<LocalEvent, { type: 'OwnValueSet' }>;

/** One device; `send` brings what it has set to another one, as `OwnValues` does. */
const device = () => {
  const projections = [chatProjection, notificationsProjection, settingsProjection, ownValuesProjection];
  const city = new FakeCity({ projections });
  let at = NOW;
  const set = async (shelf: Shelf, key: string, value: string | undefined) => {
    const before = await city.get(ownValues, ownValueId(shelf, key));
    if (before?.value === value) return;
    await city.record({
      type: 'OwnValueSet',
      v: 1,
      shelf,
      key,
      at: (at = Math.max(at, before?.at ?? 0) + 1),
      ...(value === undefined ? {} : { value }),
    });
  };
  const sync = new OwnSync({ city, values: { set }, gather: 5 });
  sync.start();
  const own = () => city.log.filter((one): one is Value => one.type === 'OwnValueSet');
  const take = async (from: { own: () => Value[] }) => {
    for (const one of from.own()) {
      const known = await city.get(ownValues, ownValueId(one.shelf, one.key));
      if ((known?.at ?? 0) < one.at) await city.record(one, ...appliedHere(one.shelf, [one], NOW));
    }
  };
  return { city, own, take, ahead: (seconds: number) => (at += seconds) };
};
const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 2_000, interval: 10 });
const rest = () => new Promise((resolve) => setTimeout(resolve, 40));

test('what was read, muted, begun and set on one device is so on the other, and goes no further', async () => {
  const [phone, desk] = [device(), device()];
  await phone.city.record(
    { type: 'ConversationRead', v: 1, conversation: 'quay', upTo: 700 },
    { type: 'ConversationNotice', v: 1, conversation: 'quay', level: 'nothing', mutedUntil: 9 },
    { type: 'DraftKept', v: 1, conversation: 'park', text: 'Half a thou', at: NOW },
    { type: 'SettingChanged', v: 1, name: 'cityOnly', value: true },
    { type: 'SettingChanged', v: 1, name: 'workers', value: 4 },
  );
  await until(() => expect(phone.own()).toHaveLength(4));
  await desk.take(phone);
  expect(await desk.city.get(conversations, 'quay')).toMatchObject({ readUpTo: 700 });
  expect(await desk.city.get(conversations, 'park')).toMatchObject({ draft: 'Half a thou' });
  expect(await desk.city.get(notices, 'quay')).toMatchObject({ level: 'nothing', mutedUntil: 9 });
  expect(await desk.city.all(settingsTable)).toEqual([{ name: 'cityOnly', value: true }]);
  const before = desk.own().length;
  await rest();
  expect(desk.own()).toHaveLength(before);
});

test('of two marks the farther one stays, whichever was set later', async () => {
  const [phone, desk] = [device(), device()];
  await phone.city.record({ type: 'ConversationRead', v: 1, conversation: 'quay', upTo: 900 });
  desk.ahead(60);
  await desk.city.record({ type: 'ConversationRead', v: 1, conversation: 'quay', upTo: 500 });
  await until(() => expect([phone.own().length, desk.own().length]).toEqual([1, 1]));
  await phone.take(desk);
  await until(() => expect(phone.own().at(-1)?.value).toBe('900'));
  await desk.take(phone);
  for (const { city } of [phone, desk])
    expect(await city.get(conversations, 'quay')).toMatchObject({ readUpTo: 900 });
});

test('a draft that was sent away is gone on the other device', async () => {
  const [phone, desk] = [device(), device()];
  await phone.city.record({ type: 'DraftKept', v: 1, conversation: 'park', text: 'Hello', at: NOW });
  await until(() => expect(phone.own()).toHaveLength(1));
  await desk.take(phone);
  await phone.city.record({ type: 'DraftKept', v: 1, conversation: 'park', text: '', at: NOW });
  await until(() => expect(phone.own()).toHaveLength(2));
  await desk.take(phone);
  expect(await desk.city.get(conversations, 'park')).toMatchObject({ draft: '' });
});

test('what another device could never have set does nothing here', () => {
  const odd = [
    { key: 'read:quay', value: 'soon' },
    { key: 'read:', value: '5' },
    { key: 'notice:quay', value: '{"level":"loud","mutedUntil":1}' },
    { key: 'notice:quay', value: '[' },
  ];
  expect(appliedHere('marks', odd, NOW)).toEqual([]);
  const settings = [
    { key: 'workers', value: '64' },
    { key: 'identity.profile-wanted', value: '{}' },
    { key: 'cityOnly', value: '{' },
  ];
  expect(appliedHere('settings', settings, NOW)).toEqual([]);
});

import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import { fakeEvent } from '../../../../tests/support/fake-city.ts';
import { makeProfileKeys, plainCompressor } from '../../../../tests/support/profile-keys.ts';
import { DexieDisk } from '../disk/dexie-disk.ts';
import type { LocalEvent } from '../local-events.ts';
import { isToSend } from '../queue.ts';
import { Packer } from '../seal/packing.ts';
import { deviceSealer, makeDataKey } from '../seal/sealer.ts';
import { makeDeviceKey } from '../seal/lockbox.ts';
import type { ProfileKeys } from '../profiles/profile-keys.ts';
import { Vessel } from '../sealed/vessel.ts';
import { databaseOf } from './destroy-profile.ts';
import { openDeviceQueue } from './device-queue.ts';
import { openProfileStore } from './open-profile.ts';

const RELAY = 'wss://a.test';
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

const line = (content: string) => fakeEvent({ kind: 1, content, tags: [['h', 'well']] });
const signed = (content: string): LocalEvent => ({
  type: 'EventSigned',
  v: 1,
  event: line(content),
  relays: [RELAY],
});
const open = async (keys: ProfileKeys) => {
  const store = await openProfileStore({ keys, projections: [], compressor: plainCompressor });
  closing.push(() => store.close());
  return store;
};
const openClosed = async ({ profile: id, deviceKey }: ProfileKeys) => {
  const { queue, close } = openDeviceQueue({ id, deviceKey });
  closing.push(close);
  await queue.refresh();
  return queue;
};
const contents = async (queue: Awaited<ReturnType<typeof openClosed>>) =>
  (await queue.entries()).map(({ event }) => event.content);
const accepted = (event: LocalEvent): LocalEvent =>
  event.type === 'EventSigned'
    ? { type: 'EventAccepted', v: 1, id: event.event.id, relay: RELAY, note: 'fine' }
    : event;

test('what waits is read without the profile’s key, in the order of signing, long lines too', async () => {
  const keys = await makeProfileKeys();
  const store = await open(keys);
  const words = ['first', 'x'.repeat(20_000), 'last'];
  for (const text of words) await store.append([signed(text)]);
  expect(await contents(await openClosed({ ...keys, dataKey: makeDataKey() }))).toEqual(words);
});

test('answers taken down here come into the log with the next page, and leave the queue', async () => {
  const keys = await makeProfileKeys();
  const [one, two, three] = ['one', 'two', 'three'].map(signed) as [LocalEvent, LocalEvent, LocalEvent];
  const first = await open(keys);
  await first.append([one, two, three]);
  first.close();

  const closed = await openClosed(keys);
  const id = two.type === 'EventSigned' ? two.event.id : '';
  await closed.append([
    accepted(one),
    { type: 'EventRejected', v: 1, id, relay: RELAY, reason: 'blocked: no' },
  ]);
  expect((await closed.entries()).filter(isToSend).map(({ event }) => event.content)).toEqual(['three']);

  const next = await open(keys);
  const answers = await next.queue.answers();
  expect(answers.map(({ type }) => type)).toEqual(['EventAccepted', 'EventRejected']);
  await next.append(answers);
  expect(await next.queue.answers()).toEqual([]);
  const left = await next.queue.entries();
  expect(left.map(({ state, reason }) => [state, reason])).toEqual([
    ['refused', 'blocked: no'],
    ['waiting', ''],
  ]);
  expect(await next.acceptanceOf(one.type === 'EventSigned' ? one.event.id : '')).toBe('fine');
  await next.queue.renew(id);
  expect((await next.queue.entries()).filter(isToSend)).toHaveLength(2);
});

test('what the person gave up meanwhile does not come back with its answer', async () => {
  const keys = await makeProfileKeys();
  const store = await open(keys);
  const one = signed('one');
  await store.append([one]);
  const closed = await openClosed(keys);
  await store.append([{ type: 'EventDiscarded', v: 1, id: one.type === 'EventSigned' ? one.event.id : '' }]);
  await closed.append([accepted(one)]);
  await closed.refresh();
  expect(await closed.entries()).toEqual([]);
});

test('nothing overtakes a record that cannot be read here: an earlier version’s, or a damaged one', async () => {
  const keys = await makeProfileKeys();
  const store = await open(keys);
  for (const text of ['one', 'two', 'three']) await store.append([signed(text)]);
  const disk = new DexieDisk(databaseOf(keys.profile));
  closing.push(() => disk.close());
  const second = (await disk.outbox()).sort((a, b) => a.number - b.number)[1];
  if (!second) throw new Error('no second record');
  const earlier = new Vessel(
    deviceSealer(keys.deviceKey, { profile: keys.profile }),
    new Packer(plainCompressor, 0),
  );
  const place = { table: 'outbox', key: second.number };
  const value = await earlier.take(place, second.sealed);
  if (!value.ok) throw new Error('the record does not open');
  await disk.write({ outbox: [{ ...second, sealed: await earlier.put(place, value.value) }] });
  expect(await contents(await openClosed(keys))).toEqual(['one']);
  expect((await (await open(keys)).queue.entries()).map(({ event }) => event.content)).toEqual([
    'one',
    'two',
    'three',
  ]);
  await disk.write({ outbox: [{ ...second, sealed: new Uint8Array(40) }] });
  expect(await contents(await openClosed(keys))).toEqual(['one']);
});

test('another device’s key reads nothing', async () => {
  const keys = await makeProfileKeys();
  await (await open(keys)).append([signed('secret')]);
  expect(await contents(await openClosed({ ...keys, deviceKey: await makeDeviceKey() }))).toEqual([]);
});

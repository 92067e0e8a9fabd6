import { generateSecretKey } from 'nostr-tools/pure';
import { expect, test, vi } from 'vitest';
import { identityProjection } from '#features/identity/projection.ts';
import { newestFirst } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { fakeAccount, fakeEvent, FakeCity } from '../../../tests/support/fake-city.ts';
import { DeviceSigner } from '../keys/device-signer.ts';
import { OwnLists } from '../lists/own-lists.ts';
import { listsProjection } from '../lists/projection.ts';
import { OWN_DOCUMENTS, OwnValues } from './own-values.ts';
import { ownValuesProjection } from './projection.ts';

const START = 1_800_000_000;

/** One device of a person; `relay` is what their city's relay holds, and is shared by their devices. */
const device = (secret: Uint8Array, relay: NostrEvent[]) => {
  const signer = new DeviceSigner(secret);
  let now = START;
  const projections = [identityProjection, listsProjection, ownValuesProjection];
  const city = new FakeCity({ projections, account: fakeAccount(signer.pubkey), now: START });
  const named = (name: string | undefined) =>
    relay
      .filter(({ tags }) => tags.find(([tag]) => tag === 'd')?.[1] === name)
      .toSorted(newestFirst)
      .slice(0, 1);
  city.onFetch = ({ filters: [filter] }) => named((filter?.['#d'] as readonly string[] | undefined)?.[0]);
  city.answers = (event) => {
    relay.push(event);
    return { ok: true, value: { note: '' } };
  };
  const clock = { now: () => now };
  const lists = new OwnLists({ city, signer: () => signer, clock, lists: OWN_DOCUMENTS });
  const values = new OwnValues({
    ...{ city, lists, clock },
    alone: (_, work) => work(),
    rest: { write: 60, most: 600, again: 120 },
  });
  lists.follow(signer.pubkey);
  values.follow(signer.pubkey);
  const hear = (event: NostrEvent | undefined) => (event ? city.deliver(event) : undefined);
  return { city, values, relay, hear, later: (seconds: number) => (now += seconds), signer };
};
const two = () => {
  const secret = generateSecretKey();
  const relay: NostrEvent[] = [];
  return { phone: device(secret.slice(), relay), desk: device(secret.slice(), relay), relay };
};
const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 3_000, interval: 20 });

test('what is set on one device is known on the other, sealed on the way', async () => {
  const { phone, desk, relay } = two();
  await phone.values.set('people', 'note:ab', 'Owes me a canoe');
  expect(await phone.values.get('people', 'note:ab')).toBe('Owes me a canoe');
  await until(() => expect(relay).toHaveLength(1));
  expect(JSON.stringify(relay)).not.toContain('canoe');
  await desk.hear(relay[0]);
  await until(async () => expect(await desk.values.get('people', 'note:ab')).toBe('Owes me a canoe'));
  expect(relay).toHaveLength(1);
});

test('many changes are one write, at rest', async () => {
  const { phone, relay } = two();
  for (let at = 0; at < 20; at++) await phone.values.set('drafts', 'quay', 'typing'.slice(0, at % 6));
  await until(() => expect(relay).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(relay).toHaveLength(1);
});

test('both wrote without the other: each key has its latest, and what was taken away stays so', async () => {
  const { phone, desk, relay } = two();
  await phone.values.set('people', 'a', 'old');
  await phone.values.set('people', 'b', 'phone');
  desk.later(60);
  await desk.values.set('people', 'a', 'new');
  await desk.values.set('people', 'c', 'desk');
  await desk.values.set('people', 'c', undefined);
  await until(() => expect(relay.length).toBeGreaterThanOrEqual(2));
  const newest = () => relay.toSorted(newestFirst)[0];
  await until(async () => {
    for (const { hear } of [phone, desk]) await hear(newest());
    for (const { values } of [phone, desk])
      expect([
        await values.get('people', 'a'),
        await values.get('people', 'b'),
        await values.get('people', 'c'),
      ]).toEqual(['new', 'phone', undefined]);
  });
});

test('a document that this key cannot open is not written over, and that is known', async () => {
  const { phone, relay } = two();
  const foreign = fakeEvent({
    kind: 30078,
    pubkey: phone.signer.pubkey,
    tags: [['d', 'synchrono-city/people']],
    content: 'sealed by who knows whom',
    created_at: START - 5,
  });
  relay.push(foreign);
  await phone.hear(foreign);
  await phone.values.set('people', 'a', 'mine');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(relay).toEqual([foreign]);
  expect(await phone.values.isUnreadable('people')).toBe(true);
  expect(await phone.values.get('people', 'a')).toBe('mine');
});

test('a silent city is asked again later; nothing is lost', async () => {
  const { phone, relay } = two();
  const answer = phone.city.onFetch;
  phone.city.onFetch = () => ({ code: 'unreachable', message: 'offline' });
  await phone.values.set('marks', 'read:quay', '5');
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(relay).toHaveLength(0);
  phone.city.onFetch = answer;
  await until(() => expect(relay).toHaveLength(1));
});

import { finalizeEvent, generateSecretKey } from 'nostr-tools/pure';
import { expect, test } from 'vitest';
import { identityProjection } from '#features/identity/projection.ts';
import type { NostrEvent, Tags } from '#protocol/event.ts';
import { withItem } from '#protocol/lists/items.ts';
import type { ListItems } from '#protocol/lists/items.ts';
import { fakeAccount, FakeCity } from '../../../tests/support/fake-city.ts';
import type { ListAddress } from '../city/lists-table.ts';
import { DeviceSigner } from '../keys/device-signer.ts';
import type { Signer } from '../keys/signer.ts';
import { BLOCKED, CONTACTS, MUTED } from './addresses.ts';
import { OwnLists } from './own-lists.ts';
import { listsProjection } from './projection.ts';
import { openedLists } from './tables.ts';

const NOW = 1_800_000_000;
const SETTINGS: ListAddress = { kind: 30078, d: 'settings' };
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** One device of a person; `relay` is what their city's relay holds, and is shared by their devices. */
const device = (secret: Uint8Array, relay: NostrEvent[]) => {
  const signer = new DeviceSigner(secret);
  let here: Signer | undefined = signer;
  const projections = [identityProjection, listsProjection];
  const city = new FakeCity({ projections, account: fakeAccount(signer.pubkey), now: NOW });
  city.onFetch = ({ filters: [filter] }) =>
    relay
      .filter(({ kind, tags }) => {
        const names = filter?.['#d'] as readonly string[] | undefined;
        const d = tags.find(([name]) => name === 'd')?.[1] ?? '';
        return filter?.kinds?.includes(kind) && (names?.includes(d) ?? true);
      })
      .toSorted((a, b) => b.created_at - a.created_at)
      .slice(0, 1);
  city.answers = (event) => {
    relay.push(event);
    return { ok: true, value: { note: '' } };
  };
  const lists = new OwnLists({
    city,
    signer: () => here,
    clock: { now: () => NOW },
    lists: [MUTED, BLOCKED, CONTACTS, SETTINGS],
  });
  lists.follow(signer.pubkey);
  const lock = (isLocked: boolean) => {
    here = isLocked ? undefined : signer;
    lists.follow(signer.pubkey);
  };
  return { city, lists, signer, lock, relay };
};

const make = () => device(generateSecretKey(), []);

const sealing =
  (item: readonly string[]) =>
  ({ open, sealed }: ListItems): ListItems => ({ open, sealed: withItem(sealed, item) });

const sealed = async (signer: Signer, text: string): Promise<string> => {
  const result = await signer.cipher?.encrypt(signer.pubkey, text);
  if (!result?.ok) throw new Error('cannot seal');
  return result.value;
};

const listEvent = (
  secret: Uint8Array,
  parts: { kind?: number; content: string; tags?: Tags; at?: number },
) => {
  const { kind = 10000, content, tags = [], at = NOW - 100 } = parts;
  return finalizeEvent({ kind, content, tags: tags.map((tag) => [...tag]), created_at: at }, secret);
};

test('what is private leaves sealed, and is known here at once', async () => {
  const { city, lists } = make();
  const result = await lists.change(MUTED, sealing(['word', 'durian']));
  expect(result.ok).toBe(true);
  expect(JSON.stringify(city.published)).not.toContain('durian');
  expect(await lists.read(MUTED)).toEqual({
    items: { open: [], sealed: [['word', 'durian']] },
    standing: 'opened',
  });
});

test('nothing to change is nothing written', async () => {
  const { city, lists } = make();
  await lists.change(MUTED, sealing(['word', 'durian']));
  expect(await lists.change(MUTED, sealing(['word', 'durian']))).toEqual({ ok: true, value: undefined });
  expect(city.published).toHaveLength(1);
});

test('tags of other clients stay, open and sealed', async () => {
  const secret = generateSecretKey();
  const { city, lists, signer, relay } = device(secret, []);
  const content = await sealed(
    signer,
    JSON.stringify([
      ['t', 'spoilers'],
      ['p', 'aa', 'wss://x.test', 'more'],
    ]),
  );
  relay.push(
    listEvent(secret, {
      content,
      tags: [
        ['e', 'thread'],
        ['alt', 'Mute list'],
      ],
    }),
  );
  expect((await lists.change(MUTED, sealing(['word', 'durian']))).ok).toBe(true);
  expect(city.published[0]?.tags).toEqual([
    ['e', 'thread'],
    ['alt', 'Mute list'],
  ]);
  expect((await lists.read(MUTED)).items.sealed).toEqual([
    ['t', 'spoilers'],
    ['p', 'aa', 'wss://x.test', 'more'],
    ['word', 'durian'],
  ]);
});

test.each([
  ['sealed for another key', 'foreign'],
  ['sealed by NIP-04', 'c2VjcmV0?iv=MTIz'],
  ['no seal at all', 'not sealed'],
])('a list that is %s is never written over, and that is said', async (_name, content) => {
  const secret = generateSecretKey();
  const { city, lists, relay } = device(secret, []);
  const stranger = new DeviceSigner(generateSecretKey());
  const text = content === 'foreign' ? await sealed(stranger, '[["word","x"]]') : content;
  const event = listEvent(secret, { content: text });
  relay.push(event);
  expect(await lists.change(MUTED, sealing(['word', 'durian']))).toMatchObject({
    error: { code: 'unreadable' },
  });
  expect(city.published).toEqual([]);
  await settled();
  expect((await lists.read(MUTED)).standing).toBe('unreadable');
});

test('sealed, but no tags: not written over either', async () => {
  const secret = generateSecretKey();
  const { city, lists, signer, relay } = device(secret, []);
  relay.push(listEvent(secret, { content: await sealed(signer, '{"not":"tags"}') }));
  expect(await lists.change(MUTED, sealing(['word', 'x']))).toMatchObject({ error: { code: 'unreadable' } });
  expect(city.published).toEqual([]);
});

test('a silent relay: nothing is written', async () => {
  const { city, lists } = make();
  city.onFetch = () => ({ code: 'unreachable', message: 'no answer' });
  expect(await lists.change(MUTED, sealing(['word', 'x']))).toMatchObject({ error: { code: 'unreachable' } });
  expect(city.published).toEqual([]);
});

test('two devices add to one list; each finds what the other wrote', async () => {
  const secret = generateSecretKey();
  const relay: NostrEvent[] = [];
  const [phone, desk] = [device(secret, relay), device(secret, relay)];
  await phone.lists.change(MUTED, sealing(['word', 'durian']));
  await desk.lists.change(MUTED, sealing(['word', 'opera']));
  await phone.lists.change(MUTED, sealing(['word', 'golf']));
  await desk.city.deliver(...phone.city.published);
  await settled();
  const words = [
    ['word', 'durian'],
    ['word', 'opera'],
    ['word', 'golf'],
  ];
  expect((await phone.lists.read(MUTED)).items.sealed).toEqual(words);
  expect((await desk.lists.read(MUTED)).items.sealed).toEqual(words);
});

test('an older version that arrives late changes nothing', async () => {
  const secret = generateSecretKey();
  const { city, lists, signer } = device(secret, []);
  await lists.change(MUTED, sealing(['word', 'new']));
  await city.deliver(listEvent(secret, { content: await sealed(signer, '[["word","old"]]') }));
  await settled();
  expect((await lists.read(MUTED)).items.sealed).toEqual([['word', 'new']]);
});

test('a version that the relay refused is not what the next one is built upon', async () => {
  const { city, lists } = make();
  await lists.change(MUTED, sealing(['word', 'one']));
  city.answers = () => ({ ok: false, error: { code: 'refused', message: 'blocked: no' } });
  await lists.change(MUTED, sealing(['word', 'two']));
  expect((await lists.read(MUTED)).items.sealed).toEqual([['word', 'one']]);
});

test('while locked, what was opened before still holds; what came is opened after unlocking', async () => {
  const secret = generateSecretKey();
  const { city, lists, signer, lock } = device(secret, []);
  await lists.change(MUTED, sealing(['word', 'one']));
  lock(true);
  const content = await sealed(signer, '[["word","one"],["word","two"]]');
  await city.deliver(listEvent(secret, { content, at: NOW + 100 }));
  await settled();
  expect(await lists.read(MUTED)).toMatchObject({ standing: 'closed', items: { sealed: [['word', 'one']] } });
  expect(await lists.change(MUTED, sealing(['word', 'x']))).toMatchObject({ error: { code: 'locked' } });
  lock(false);
  await settled();
  expect(await lists.read(MUTED)).toMatchObject({ standing: 'opened' });
  expect((await lists.read(MUTED)).items.sealed).toHaveLength(2);
});

test('what everybody may see is changed without opening what is sealed beside it', async () => {
  const secret = generateSecretKey();
  const { city, lists, relay } = device(secret, []);
  relay.push(
    listEvent(secret, { kind: 10006, content: 'c2VjcmV0?iv=MTIz', tags: [['relay', 'wss://bad.test']] }),
  );
  const person = 'ab'.repeat(32);
  expect((await lists.changeOpen(BLOCKED, (tags) => withItem(tags, ['p', person]))).ok).toBe(true);
  expect(city.published[0]).toMatchObject({
    content: 'c2VjcmV0?iv=MTIz',
    tags: [
      ['relay', 'wss://bad.test'],
      ['p', person],
    ],
  });
});

test('lists of one kind are told apart by their names', async () => {
  const { city, lists } = make();
  await lists.change(CONTACTS, sealing(['p', 'aa']));
  await lists.change({ kind: CONTACTS.kind, d: 'other' }, sealing(['p', 'bb']));
  expect(city.published.map(({ tags }) => tags)).toEqual([[['d', 'contacts']], [['d', 'other']]]);
  expect((await lists.read(CONTACTS)).items.sealed).toEqual([['p', 'aa']]);
});

test('sealed documents: two devices change parts of one', async () => {
  const secret = generateSecretKey();
  const relay: NostrEvent[] = [];
  const [phone, desk] = [device(secret, relay), device(secret, relay)];
  const add = (name: string) => (value: unknown) => ({ ...(value as object | undefined), [name]: 1 });
  await phone.lists.changeJson(SETTINGS, add('theme'));
  await desk.lists.changeJson(SETTINGS, add('sound'));
  expect(await desk.lists.readJson(SETTINGS, (value) => value)).toEqual({ theme: 1, sound: 1 });
  expect(JSON.stringify(relay)).not.toContain('theme');
  expect(await desk.lists.changeJson(SETTINGS, () => undefined)).toEqual({ ok: true, value: undefined });
});

test('a document that is too long to be sealed is not sent', async () => {
  const { city, lists } = make();
  const result = await lists.changeJson(SETTINGS, () => 'ö'.repeat(40_000));
  expect(result).toMatchObject({ error: { code: 'impossible' } });
  expect(city.published).toEqual([]);
});

test('replaying gives the same rows, in whatever order versions were opened; three versions are kept', async () => {
  const { city, lists } = make();
  for (const word of ['a', 'b', 'c', 'd']) await lists.change(MUTED, sealing(['word', word]));
  const rows = await city.all(openedLists);
  expect(rows).toHaveLength(3);
  const again = new FakeCity({ projections: [identityProjection, listsProjection] });
  await again.record(...city.log.toReversed());
  expect(new Set(await again.all(openedLists))).toEqual(new Set(rows));
});

test('a visitor has no lists', async () => {
  const { city, lists } = make();
  city.account = undefined;
  expect((await lists.read(MUTED)).items).toEqual({ open: [], sealed: [] });
});

/** Storing, finding, replacing, deleting, expiring: NIP-01, 09, 13, 40, 45, 70 against the real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { Client, makePerson } from '../support/client.ts';
import { startTestCity } from '../support/server.ts';

let city: City;
let client: Client;
const now = () => Math.floor(Date.now() / 1000);
const note = (content: string, tags: string[][] = []) => ({ kind: kinds.NOTE, tags, content });

beforeAll(async () => {
  city = await startTestCity();
  client = await Client.connect(city.relayUrl);
});
afterAll(async () => {
  client.close();
  await city.close();
});

test('what was stored is found by others and delivered live, once', async () => {
  const anna = makePerson();
  const reader = await Client.connect(city.relayUrl);
  const live = await reader.follow({ authors: [anna.pubkey] });
  const event = anna.sign(note('hello'));
  expect(await client.publish(event)).toEqual([true, '']);
  expect(await client.publish(event)).toEqual([true, 'duplicate: already here']);
  expect(await reader.find({ ids: [event.id] })).toEqual([event]);
  await reader.settled();
  expect(live.events).toEqual([event]);
  reader.close();
});

test('newest first, ties by the lower id, up to the limit', async () => {
  const anna = makePerson();
  const at = now();
  const events = [1, 2, 3, 3, 3].map((age, index) =>
    anna.sign({ ...note(`line ${index}`), created_at: at - age }),
  );
  for (const event of events) await client.publish(event);
  const sorted = [...events].sort((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1));
  expect(await client.find({ authors: [anna.pubkey] })).toEqual(sorted);
  expect(await client.find({ authors: [anna.pubkey], limit: 2 })).toEqual(sorted.slice(0, 2));
  expect(await client.count({ authors: [anna.pubkey], limit: 2 })).toBe(5);
  const both = await client.find({ authors: [anna.pubkey] }, { ids: [sorted[0]?.id ?? ''] });
  expect(both).toEqual(sorted);
});

test('filters by tag, time and kind together; an empty list matches nothing', async () => {
  const anna = makePerson();
  const wanted = anna.sign({
    ...note('wanted', [
      ['t', 'x'],
      ['r', 'one'],
    ]),
    created_at: now() - 50,
  });
  const others = [
    note('other tag', [['t', 'y']]),
    note('no tag'),
    { ...note('old', [['t', 'x']]), created_at: now() - 500 },
  ];
  for (const event of [wanted, ...others.map((draft) => anna.sign(draft))]) await client.publish(event);
  const filter = { authors: [anna.pubkey], '#t': ['x'], since: now() - 100 };
  expect(await client.find(filter)).toEqual([wanted]);
  expect(await client.find({ ...filter, '#t': ['x', 'z'], '#r': ['one'] })).toEqual([wanted]);
  expect(await client.find({ authors: [] })).toEqual([]);
  expect(await client.find({ authors: [anna.pubkey], until: 2 ** 40 })).toHaveLength(4);
});

test('a replaceable event gives way to its newer version and never to an older one', async () => {
  const anna = makePerson();
  const version = (age: number) =>
    anna.sign({
      kind: kinds.RELAY_LIST,
      tags: [['r', `wss://r${age}.example`]],
      content: '',
      created_at: now() - age,
    });
  const [older, newer, oldest] = [version(20), version(10), version(30)];
  expect(await client.publish(older)).toEqual([true, '']);
  expect(await client.publish(newer)).toEqual([true, '']);
  expect((await client.publish(oldest))[1]).toMatch(/^invalid: a newer version/);
  expect(await client.find({ authors: [anna.pubkey] })).toEqual([newer]);
});

test('addressable events are replaced per d tag', async () => {
  const anna = makePerson();
  const item = (d: string, age: number) =>
    anna.sign({ kind: 30023, tags: [['d', d]], content: `${d}${age}`, created_at: now() - age });
  for (const event of [item('a', 9), item('b', 8), item('a', 7)]) await client.publish(event);
  const found = await client.find({ authors: [anna.pubkey], kinds: [30023] });
  expect(found.map((event) => event.content)).toEqual(['a7', 'b8']);
});

describe('deleting one’s own', () => {
  test('takes the event away, and it does not come back', async () => {
    const anna = makePerson();
    const event = anna.sign(note('regret'));
    await client.publish(event);
    const gone = anna.sign({ kind: kinds.DELETION, tags: [['e', event.id]], content: '' });
    expect(await client.publish(gone)).toEqual([true, '']);
    expect(await client.find({ ids: [event.id] })).toEqual([]);
    expect((await client.publish(event))[1]).toMatch(/^blocked: .*deleted/);
  });

  test('an event deleted before it came is refused; somebody else’s deletion counts for nothing', async () => {
    const [anna, ben] = [makePerson(), makePerson()];
    const event = anna.sign(note('late'));
    await client.publish(ben.sign({ kind: kinds.DELETION, tags: [['e', event.id]], content: '' }));
    expect(await client.publish(event)).toEqual([true, '']);
    const theft = ben.sign({ kind: kinds.DELETION, tags: [['e', event.id]], content: 'again' });
    expect((await client.publish(theft))[1]).toMatch(/^restricted: only the author/);
    expect(await client.find({ ids: [event.id] })).toEqual([event]);
    const early = anna.sign(note('never'));
    await client.publish(anna.sign({ kind: kinds.DELETION, tags: [['e', early.id]], content: '' }));
    expect((await client.publish(early))[1]).toMatch(/^blocked:/);
  });

  test('by address: versions up to the deletion go, a newer one may come', async () => {
    const anna = makePerson();
    const item = (age: number) =>
      anna.sign({ kind: 30023, tags: [['d', 'x']], content: String(age), created_at: now() - age });
    await client.publish(item(20));
    const address = `30023:${anna.pubkey}:x`;
    await client.publish(
      anna.sign({ kind: kinds.DELETION, tags: [['a', address]], content: '', created_at: now() - 10 }),
    );
    expect(await client.find({ authors: [anna.pubkey], kinds: [30023] })).toEqual([]);
    expect((await client.publish(item(15)))[0]).toBe(false);
    expect((await client.publish(item(5)))[0]).toBe(true);
  });
});

test('expired events are refused; what expires later is not shown after that', async () => {
  let time = now();
  const own = await startTestCity({ clock: { now: () => time } });
  const reader = await Client.connect(own.relayUrl);
  const anna = makePerson();
  const past = anna.sign(note('past', [['expiration', String(time - 1)]]));
  expect((await reader.publish(past))[1]).toMatch(/^invalid: .*expired/);
  expect((await reader.publish(anna.sign(note('odd', [['expiration', 'soon']]))))[1]).toMatch(
    /^invalid: expiration/,
  );
  const brief = anna.sign(note('brief', [['expiration', String(time + 60)]]));
  expect(await reader.publish(brief)).toEqual([true, '']);
  expect(await reader.find({ ids: [brief.id] })).toEqual([brief]);
  time += 61;
  expect(await reader.find({ ids: [brief.id] })).toEqual([]);
  expect(await reader.count({ ids: [brief.id] })).toBe(0);
  reader.close();
  await own.close();
});

test('work is asked where the table asks it, by commitment and by fact', async () => {
  const anna = makePerson();
  const cheap = anna.sign({ kind: kinds.PROFILE, tags: [['nonce', '1', '3']], content: '{}' });
  expect((await client.publish(cheap))[1]).toMatch(/^pow: 0 needs 4 bits, has [0-3]$/);
  expect((await client.publish(anna.sign({ kind: kinds.PROFILE, tags: [], content: '{}' })))[0]).toBe(true);
});

test('a protected event comes only from its author', async () => {
  const [anna, ben] = [makePerson(), makePerson()];
  const own = await Client.connect(city.relayUrl);
  const event = anna.sign(note('mine', [['-']]));
  expect((await own.publish(event))[1]).toMatch(/^auth-required:/);
  expect(await own.prove(ben)).toBe(true);
  expect((await own.publish(event))[1]).toMatch(/^restricted:/);
  expect(await own.prove(anna)).toBe(true);
  expect(await own.publish(event)).toEqual([true, '']);
  own.close();
});

test('letters are read by those they are for, and only after proof', async () => {
  const [anna, ben, eve] = [makePerson(), makePerson(), makePerson()];
  const letter = anna.sign({ kind: kinds.GIFT_WRAP, tags: [['p', ben.pubkey]], content: 'sealed' });
  const [bens, eves] = [await Client.connect(city.relayUrl), await Client.connect(city.relayUrl)];
  await expect(bens.find({ kinds: [kinds.GIFT_WRAP] })).rejects.toThrow(/^auth-required:/);
  await bens.prove(ben);
  await eves.prove(eve);
  const hers = await eves.follow({ '#p': [ben.pubkey] });
  const his = await bens.follow({ kinds: [kinds.GIFT_WRAP], '#p': [ben.pubkey] });
  expect(await client.publish(letter)).toEqual([true, '']);
  await bens.settled();
  await eves.settled();
  expect(his.events).toEqual([letter]);
  expect(hers.events).toEqual([]);
  expect(await eves.find({ ids: [letter.id] })).toEqual([]);
  expect(await eves.count({ ids: [letter.id] })).toBe(0);
  expect(await bens.find({ ids: [letter.id] })).toEqual([letter]);
  bens.close();
  eves.close();
});

test.each(['devices', 'synchrono-city/marks'])(
  'a document of one’s own, %s, is its author’s business, stored and live',
  async (name) => {
    const anna = makePerson();
    const own = await Client.connect(city.relayUrl);
    const reader = await Client.connect(city.relayUrl);
    const live = await reader.follow({ kinds: [kinds.APP_DATA], authors: [anna.pubkey] });
    const sealed = anna.sign({ kind: kinds.APP_DATA, tags: [['d', name]], content: 'sealed' });
    const open = anna.sign({ kind: kinds.APP_DATA, tags: [['d', 'another-app']], content: 'for all' });
    for (const event of [sealed, open]) await own.publish(event);
    await reader.settled();
    expect(live.events).toEqual([open]);
    expect(await client.find({ authors: [anna.pubkey] })).toEqual([open]);
    await own.prove(anna);
    expect(new Set(await own.find({ authors: [anna.pubkey] }))).toEqual(new Set([sealed, open]));
    own.close();
    reader.close();
  },
);

test('ephemeral events are delivered and forgotten', async () => {
  const anna = makePerson();
  const reader = await Client.connect(city.relayUrl);
  const live = await reader.follow({ kinds: [20100], authors: [anna.pubkey] });
  const event = anna.sign({ kind: 20100, tags: [], content: 'psst' });
  expect(await client.publish(event)).toEqual([true, '']);
  await reader.settled();
  expect(live.events).toEqual([event]);
  expect(await reader.find({ ids: [event.id] })).toEqual([]);
  const stale = anna.sign({ kind: 20100, tags: [], content: '', created_at: now() - 100 });
  expect((await client.publish(stale))[1]).toMatch(/60 seconds/);
  reader.close();
});

test('AUTH wants this relay, its own challenge and a true signature', async () => {
  const anna = makePerson();
  const own = await Client.connect(city.relayUrl);
  const send = async (relay: string, challenge: string, spoil = false) => {
    const event = anna.sign({
      kind: kinds.CLIENT_AUTH,
      tags: [
        ['relay', relay],
        ['challenge', challenge],
      ],
      content: '',
    });
    const sent = spoil ? { ...event, sig: '0'.repeat(128) } : event;
    const answer = own.later(([type, id]) => type === 'OK' && id === event.id);
    own.raw(JSON.stringify(['AUTH', sent]));
    return (await answer)[2];
  };
  const challenge = String(own.received[0]?.[1]);
  expect(await send('wss://other.example', challenge)).toBe(false);
  expect(await send(city.relayUrl, 'another')).toBe(false);
  expect(await send(city.relayUrl, challenge, true)).toBe(false);
  expect(await send(city.relayUrl, challenge)).toBe(true);
  own.close();
});

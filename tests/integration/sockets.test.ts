/** What happens on the line itself: odd addresses, floods, those who never read, and the end of the city. */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { startTestCity } from '../support/server.ts';

vi.setConfig({ testTimeout: 120_000 });

const note = (person: Person, content: string) => person.sign({ kind: kinds.NOTE, tags: [], content });

const linkLocal = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
  addresses.filter(({ address }) => address.startsWith('fe80:')).map(({ address }) => `${address}%${name}`),
)[0];

/** Knocks by hand: a URL cannot hold an address with a zone. */
const knock = (host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () =>
      socket.write(
        'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
      ),
    );
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      if (!heard.includes('AUTH')) return;
      socket.destroy();
      resolve(heard);
    });
    socket.on('error', reject);
  });

test.skipIf(linkLocal === undefined)('a peer on a link-local address is welcome like any other', async () => {
  const city = await startTestCity({ environment: { HOST: '::' } });
  expect(await knock(linkLocal ?? '', city.port)).toMatch(/^HTTP\/1\.1 101/);
  await city.close();
});

test('a peer that reads nothing does not keep a stopping city open', async () => {
  const city = await startTestCity();
  const writer = await Client.connect(city.relayUrl);
  const anna = makePerson();
  // Twelve megabytes: more than the sockets themselves hold, ten at a time so that a busy machine keeps up.
  for (let from = 0; from < 200; from += 10)
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => writer.publish(note(anna, `${from + i}${'x'.repeat(60_000)}`))),
    );
  const idle = await Client.connect(city.relayUrl);
  idle.socket.pause();
  idle.raw(JSON.stringify(['REQ', 'all', { authors: [anna.pubkey] }]));
  await writer.find({ authors: [anna.pubkey], limit: 1 });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const began = Date.now();
  await city.close();
  expect(Date.now() - began).toBeLessThan(15_000);
  idle.close();
  writer.close();
});

test('forgeries in somebody’s name do not use up what the owner may send', async () => {
  const plenty = { perSecond: 1e6, burst: 1e6 };
  const city = await startTestCity({
    rates: {
      ...{
        messages: plenty,
        connections: plenty,
        questions: plenty,
        backlog: plenty,
        backlogByAddress: plenty,
      },
      events: { perSecond: 0, burst: 3 },
    },
  });
  const [anna, forger] = [makePerson(), await Client.connect(city.relayUrl)];
  const from = (address: string) => Client.connect(city.relayUrl, { 'x-forwarded-for': address });
  for (let i = 0; i < 5; i++) {
    const forged = { ...note(anna, `forged ${i}`), sig: '0'.repeat(128) };
    expect((await forger.publish(forged))[1]).toMatch(i < 3 ? /^invalid: the signature/ : /^rate-limited:/);
  }
  const annas = await from('198.51.100.7');
  for (let i = 0; i < 3; i++) expect(await annas.publish(note(anna, `mine ${i}`))).toEqual([true, '']);
  const elsewhere = await from('198.51.100.8');
  expect((await elsewhere.publish(note(anna, 'one more')))[1]).toMatch(/^rate-limited:/);
  for (const each of [forger, annas, elsewhere]) each.close();
  await city.close();
});

describe('floods', () => {
  let city: City;
  beforeAll(async () => {
    const plenty = { perSecond: 1e6, burst: 1e6 };
    const messages = { perSecond: 20, burst: 300 };
    city = await startTestCity({
      rates: {
        ...{ messages, connections: plenty, questions: plenty },
        ...{ events: plenty, backlog: plenty, backlogByAddress: plenty },
      },
    });
  });
  afterAll(() => city.close());

  test('open questions of one address hold so many values and no more; closing gives them back', async () => {
    const values = Array.from({ length: 1000 }, (_, i) => String(i));
    const wide = JSON.stringify(Array.from({ length: 10 }, () => ({ '#t': values, limit: 0 }))).slice(1, -1);
    const headers = { 'x-forwarded-for': '198.51.100.1' };
    const own = await Client.connect(city.relayUrl, headers);
    const other = await Client.connect(city.relayUrl, headers);
    const ask = async (client: Client, id: string) => {
      const answer = client.later(([type, about]) => (type === 'EOSE' || type === 'CLOSED') && about === id);
      client.raw(`["REQ","${id}",${wide}]`);
      return (await answer)[2];
    };
    for (let i = 0; i < 20; i++) expect(await ask(own, `wide${i}`)).toBeUndefined();
    expect(await ask(other, 'more')).toMatch(/^rate-limited: open questions name at most 200000 values/);
    expect(await ask(own, 'wide3')).toBeUndefined();
    own.close();
    await vi.waitFor(async () => expect(await ask(other, 'again')).toBeUndefined());
    other.close();
  });

  test('one address has so many connections and no more; hanging up gives them back', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.2' };
    const crowd: Client[] = [];
    for (let i = 0; i < 256; i++) crowd.push(await Client.connect(city.relayUrl, headers));
    const status = () =>
      new Promise<number>((resolve, reject) => {
        const socket = new WebSocket(city.relayUrl, { headers });
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
        socket.on('open', () => (socket.terminate(), resolve(101)));
        socket.on('error', reject);
      });
    expect(await status()).toBe(429);
    for (const each of crowd) each.close();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await status()).toBe(101);
  });

  test.each([
    ['nonsense', 'x' as string | Buffer],
    ['CLOSE', '["CLOSE","a"]'],
    ['binary frames', Buffer.from([1])],
    ['frames too long', 'x'.repeat(140_000)],
  ])('a flood of %s ends its connection, nobody else’s', async (what, frame) => {
    const flood = await Client.connect(city.relayUrl, { 'x-forwarded-for': `198.51.100.3${what.length}` });
    const bystander = await Client.connect(city.relayUrl, { 'x-forwarded-for': '198.51.100.4' });
    const code = flood.closed();
    for (let i = 0; i < 700; i++) flood.socket.send(frame);
    expect(await code).toBe(1008);
    await bystander.settled();
    bystander.close();
  });

  test('a crowd of questions from one address lets others ask, and others write, in between', async () => {
    const [asker, other] = await Promise.all([
      Client.connect(city.relayUrl, { 'x-forwarded-for': '198.51.100.5' }),
      Client.connect(city.relayUrl, { 'x-forwarded-for': '198.51.100.6' }),
    ]);
    const anna = makePerson();
    for (let i = 0; i < 50; i++) await other.publish(note(anna, `line ${i}`));
    let answered = 0;
    asker.socket.on('message', (data) => (answered += String(data).startsWith('["COUNT"') ? 1 : 0));
    const ten = JSON.stringify(Array.from({ length: 10 }, (_, since) => ({ since }))).slice(1, -1);
    for (let i = 0; i < 250; i++) asker.raw(`["COUNT","c${i}",${ten}]`);
    await asker.later(([type]) => type === 'COUNT');
    expect((await other.publish(note(anna, 'in between')))[0]).toBe(true);
    expect(await other.find({ authors: [anna.pubkey], limit: 1 })).toHaveLength(1);
    expect(answered).toBeLessThan(100);
    await vi.waitFor(() => expect(answered).toBe(250), 30_000);
    asker.close();
    other.close();
  });

  test('a question closed before its turn is not answered; one asked anew is answered once', async () => {
    const own = await Client.connect(city.relayUrl, { 'x-forwarded-for': '198.51.100.7' });
    for (const frame of [
      '["REQ","a",{"kinds":[1]}]',
      '["REQ","b",{"kinds":[1]}]',
      '["CLOSE","b"]',
      '["REQ","c",{"kinds":[1]}]',
      '["REQ","c",{"kinds":[7]}]',
    ])
      own.raw(frame);
    await own.settled();
    const ends = own.received.flatMap(([type, id]) => (type === 'EOSE' ? [id] : []));
    expect(ends.filter((id) => id === 'b')).toEqual([]);
    expect(ends.filter((id) => id === 'c')).toEqual(['c']);
    own.close();
  });
});

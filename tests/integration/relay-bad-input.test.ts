/** What strangers, broken programs and floods send: each gets a clear answer, nothing falls over. */
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as kinds from '#protocol/kinds.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { City } from '#server/city.ts';
import { Client, makePerson } from '../support/client.ts';
import { startTestCity } from '../support/server.ts';

let city: City;
let client: Client;
const anna = makePerson();
const note = (content: string, tags: string[][] = []) => anna.sign({ kind: kinds.NOTE, tags, content });
const now = () => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  city = await startTestCity();
  client = await Client.connect(city.relayUrl);
});
afterAll(async () => {
  client.close();
  await city.close();
});

const answerTo = async (frame: string): Promise<unknown[]> => {
  const answer = client.later(() => true);
  client.raw(frame);
  return [...(await answer)];
};

test.each([
  ['no JSON', '{"oops', /^invalid: not valid JSON/],
  ['an object', '{}', /^invalid: a message is a JSON array/],
  ['an unknown verb', '["DANCE"]', /^invalid: unknown message type/],
  ['nesting 10,000 deep', '['.repeat(10_000) + ']'.repeat(10_000), /^invalid: nested deeper/],
  ['an empty array', '[]', /^invalid:/],
])('%s gets a NOTICE', async (_, frame, words) => {
  const [type, text] = await answerTo(frame);
  expect(type).toBe('NOTICE');
  expect(text).toMatch(words);
});

test.each([
  ['an unknown field', '["REQ","x",{"colour":1}]', /^invalid: unknown filter field/],
  ['a malformed id', '["REQ","x",{"ids":["abc"]}]', /^invalid: filter field ids/],
  ['no filter', '["REQ","x"]', /^invalid: at least one filter/],
  [
    'eleven filters',
    JSON.stringify(['REQ', 'x', ...Array.from({ length: 11 }, () => ({}))]),
    /at most 10 filters/,
  ],
  ['a NUL', '["REQ","x",{"#t":["a\\u0000b"]}]', /^invalid: text must not contain NUL/],
  ['a COUNT of nonsense', '["COUNT","x",{"kinds":["1"]}]', /^invalid:/],
])('a question with %s is CLOSED', async (_, frame, words) => {
  const [type, id, text] = await answerTo(frame);
  expect([type, id]).toEqual(['CLOSED', 'x']);
  expect(text).toMatch(words);
});

test('a subscription more than allowed is CLOSED with the number; replacing one is not more', async () => {
  const own = await Client.connect(city.relayUrl);
  for (let i = 0; i < 20; i++) await own.follow({ kinds: [1], limit: 1 });
  await expect(own.follow({ kinds: [1] })).rejects.toThrow(/^rate-limited: at most 20 subscriptions/);
  const answer = own.later(([type, id]) => type === 'EOSE' && id === 'sub1');
  own.raw('["REQ","sub1",{"kinds":[7],"limit":1}]');
  expect((await answer)[0]).toBe('EOSE');
  own.close();
});

const spoiled = (event: NostrEvent, change: Partial<Record<keyof NostrEvent, unknown>>) =>
  ({ ...event, ...change }) as NostrEvent;

test.each([
  ['a wrong id', () => spoiled(note('a'), { id: 'f'.repeat(64) }), /^invalid: the id/],
  ['a wrong signature', () => spoiled(note('b'), { sig: '0'.repeat(128) }), /^invalid: the signature/],
  ['a changed content', () => spoiled(note('c'), { content: 'C' }), /^invalid: the id/],
  ['a key that is no point', () => spoiled(note('d'), { pubkey: 'f'.repeat(64) }), /^invalid: /],
  ['an upper-case key', () => spoiled(note('e'), { pubkey: anna.pubkey.toUpperCase() }), /^invalid: pubkey/],
  ['a negative time', () => spoiled(note('f'), { created_at: -1 }), /^invalid: created_at/],
  ['a kind too large', () => spoiled(note('g'), { kind: 70_000 }), /^invalid: kind/],
  ['tags that are none', () => spoiled(note('h'), { tags: [[]] }), /^invalid: tags/],
  ['a NUL in its text', () => note('a\u0000b'), /^invalid: text must not contain NUL/],
  ['a NUL in a tag', () => note('', [['t', '\u0000']]), /^invalid: text must not contain NUL/],
  ['half a surrogate pair', () => note('\ud800'), /^invalid: text must not contain NUL/],
  [
    '10,000 tags',
    () =>
      note(
        '',
        Array.from({ length: 10_000 }, () => ['t']),
      ),
    /at most 2000 tags, this one has 10000/,
  ],
  ['70,000 bytes', () => note('x'.repeat(70_000)), /at most 65536 bytes/],
  ['200,000 bytes', () => note('x'.repeat(200_000)), /a message has at most 131072 bytes/],
  ['a long indexed tag', () => note('', [['t', 'x'.repeat(1025)]]), /at most 1024 bytes/],
  [
    'a time in the future',
    () => anna.sign({ kind: 1, tags: [], content: '', created_at: now() + 1000 }),
    /900 seconds in the future/,
  ],
  [
    'a time long past',
    () => anna.sign({ kind: 1, tags: [], content: '', created_at: 1 }),
    /94608000 seconds ago/,
  ],
  [
    'two places',
    () =>
      note('', [
        ['h', 'a'],
        ['h', 'b'],
      ]),
    /one h tag/,
  ],
  [
    'somebody else’s right',
    () => anna.sign({ kind: kinds.GROUP_METADATA, tags: [['d', 'x']], content: '' }),
    /^restricted: only the city/,
  ],
  ['a place nobody made', () => note('', [['h', 'nowhere']]), /^restricted: there is no such place/],
])('an event with %s is refused', async (_, make, words) => {
  const [accepted, text] = await client.publish(make());
  expect(accepted).toBe(false);
  expect(text).toMatch(words);
});

test('odd but valid text is kept byte for byte', async () => {
  const event = note('\u202eevil\u200b <script>alert(1)</script> \\u0000 "\n\t😀 ∑', [
    ['t', '\\', '"{},NULL'],
    ['x'],
  ]);
  expect(await client.publish(event)).toEqual([true, '']);
  expect(await client.find({ ids: [event.id] })).toEqual([event]);
});

test('unknown kinds are stored as they are', async () => {
  const event = anna.sign({ kind: 4321, tags: [['z', 'q']], content: '{"a":1}' });
  expect(await client.publish(event)).toEqual([true, '']);
  expect(await client.find({ kinds: [4321], '#z': ['q'] })).toEqual([event]);
});

test('a frame beyond all measure ends the connection, and only that one', async () => {
  const own = await Client.connect(city.relayUrl);
  const code = own.closed();
  own.raw('x'.repeat(2_000_000));
  expect(await code).toBe(1009);
  await client.settled();
});

test('too many messages and events are told to wait', async () => {
  const rate = { perSecond: 0, burst: 5 };
  const plenty = { perSecond: 1e6, burst: 1e6 };
  const slow = await startTestCity({
    rates: {
      ...{ messages: plenty, connections: plenty, questions: rate },
      ...{ events: rate, backlog: rate, backlogByAddress: rate },
    },
  });
  const own = await Client.connect(slow.relayUrl);
  for (let i = 0; i < 5; i++) expect((await own.publish(note(`n${i}`)))[0]).toBe(true);
  expect((await own.publish(note('one more')))[1]).toMatch(/^rate-limited:/);
  for (let i = 0; i < 5; i++) await own.find({ limit: 1 });
  await expect(own.find({ limit: 1 })).rejects.toThrow(/^rate-limited:/);
  own.close();
  await slow.close();
});

test('a reader that does not read is let go, while others go on', async () => {
  const own = await Client.connect(city.relayUrl);
  const writer = makePerson();
  for (let i = 0; i < 20; i++) await own.follow({ kinds: [20100], authors: [writer.pubkey], since: i });
  own.socket.pause();
  const big = 'x'.repeat(60_000);
  // Twenty copies of 60 kB each time: 60 times are far more than 8 MiB and what the sockets themselves hold.
  for (let i = 0; i < 60; i++)
    expect(await client.publish(writer.sign({ kind: 20100, tags: [], content: `${i}${big}` }))).toEqual([
      true,
      '',
    ]);
  const code = own.closed();
  own.socket.resume();
  expect([1006, 1008]).toContain(await code);
  await client.settled();
});

const get = (path: string, accept = '*/*') =>
  new Promise<{ status: number; type: string; body: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      request(`${city.url}${path}`, { headers: { accept } }, (response) => {
        let body = '';
        response.on('data', (data: Buffer) => (body += data.toString()));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            body,
            headers: response.headers,
          }),
        );
      })
        .on('error', reject)
        .end();
    },
  );

test('NIP-11 tells the limits that are enforced', async () => {
  const { status, type, body, headers } = await get('/', 'application/nostr+json');
  expect([status, type]).toEqual([200, 'application/nostr+json']);
  expect(headers['access-control-allow-origin']).toBe('*');
  const document = JSON.parse(body) as Record<string, unknown>;
  expect(document['self']).toBe(city.pubkey);
  expect(document['supported_nips']).toEqual([
    1, 9, 11, 13, 17, 22, 25, 29, 40, 42, 45, 50, 56, 59, 62, 65, 70, 77, 86, 98,
  ]);
  expect(document['limitation']).toMatchObject({
    max_message_length: 131072,
    max_event_tags: 2000,
    max_limit: 500,
  });
  expect(document['pow']).toMatchObject({ 0: 4, 9007: 4 });
});

test('health, metrics and names answer; the rest is not there', async () => {
  expect(await get('/health')).toMatchObject({ status: 200, body: '{"status":"ok"}' });
  expect((await get('/metrics')).body).toMatch(/^city_events_accepted_total \d+$/m);
  expect((await get('/.well-known/nostr.json?name=a')).body).toBe('{"names":{}}');
  const nothing = await get('/nothing');
  expect(nothing.status).toBe(404);
  expect(nothing.headers['x-content-type-options']).toBe('nosniff');
});

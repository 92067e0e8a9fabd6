import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { FakeNet } from '../../../tests/support/fake-relay.ts';
import { MemoryQueue } from '../../../tests/support/memory-queue.ts';
import { drainQueue } from './drain-queue.ts';
import type { Locks } from './ports.ts';

const URL = 'wss://a.test';
let net: FakeNet;
let queue: MemoryQueue;
let refreshed: number;
beforeEach(() => {
  vi.useFakeTimers();
  net = new FakeNet();
  queue = new MemoryQueue();
  refreshed = 0;
});
afterEach(() => void vi.useRealTimers());

const free: Locks = { hold: (_name, work) => work() };
const begin = (locks: Locks) =>
  drainQueue({
    queue: {
      refresh: async () => void refreshed++,
      entries: () => queue.entries(),
      append: queue.append,
    },
    locks,
    lock: 'outbox test',
    relays: net.ports,
    patience: 60_000,
  });
/** As long as it takes. */
const drain = async () => {
  const ended = begin(free);
  await vi.advanceTimersByTimeAsync(120_000);
  return ended;
};
const write = async (text: string) => {
  const event = fakeEvent({ kind: 1, content: text, tags: [['h', 'well']] });
  await queue.append([{ type: 'EventSigned', v: 1, event, relays: [URL] }]);
  return event;
};
const arrived = () => net.at(URL).events.map(({ content }) => content);

test('an empty queue needs no relay', async () => {
  expect(await drain()).toBe('done');
  expect(net.at(URL).attempts).toBe(0);
});

test('sends everything in order, then lets go of the relay', async () => {
  const words = Array.from({ length: 70 }, (_, at) => `${at}`);
  for (const text of words) await write(text);
  expect(await drain()).toBe('done');
  expect(arrived()).toEqual(words);
  expect(net.at(URL).connections.size).toBe(0);
  expect(await queue.entries()).toEqual([]);
});

test('a city that is away is tried until the patience ends', async () => {
  await write('one');
  net.setOnline(false);
  expect(await drain()).toBe('waiting');
  net.setOnline(true);
  expect(await drain()).toBe('done');
  expect(arrived()).toEqual(['one']);
});

test('a connection lost in the middle is opened again, and nothing comes twice', async () => {
  for (const text of ['one', 'two', 'three']) await write(text);
  const city = net.at(URL);
  let losses = 2;
  city.answer = (event) => {
    if (losses-- <= 0) return [true, ''];
    city.publish(event);
    city.dieAll();
    return undefined;
  };
  expect(await drain()).toBe('done');
  expect([...new Set(arrived())]).toEqual(['one', 'two', 'three']);
  expect(queue.log.filter(({ type }) => type === 'EventAccepted')).toHaveLength(3);
});

test('what asks for a key is left to a page that has one', async () => {
  await write('one');
  net.at(URL).answer = () => [false, 'auth-required: who are you?'];
  expect(await drain()).toBe('signed-out');
  expect(await queue.entries()).toMatchObject([{ state: 'waiting' }]);
});

test('a refusal is taken down in the city’s words', async () => {
  const event = await write('one');
  net.at(URL).answer = () => [false, 'blocked: not here'];
  expect(await drain()).toBe('done');
  expect(queue.log.at(-1)).toEqual({
    type: 'EventRejected',
    v: 1,
    id: event.id,
    relay: URL,
    reason: 'blocked: not here',
  });
});

test('while a page has the lock, nothing is sent; what the page sent is not sent again', async () => {
  const event = await write('one');
  let give: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (give = resolve));
  const ended = begin({ hold: async (_name, work) => held.then(work) });
  await vi.advanceTimersByTimeAsync(5000);
  expect([net.at(URL).attempts, refreshed]).toEqual([0, 1]);
  await queue.append([{ type: 'EventAccepted', v: 1, id: event.id, relay: URL, note: '' }]);
  give();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await ended).toBe('done');
  expect(arrived()).toEqual([]);
  expect(refreshed).toBe(2);
});

test('an answer for another event, twice, or none at all moves nothing', async () => {
  await write('one');
  await write('two');
  const city = net.at(URL);
  let lies = 3;
  city.answer = (event) => {
    if (lies-- > 0) {
      for (const connection of city.connections) {
        connection.tell(['OK', 'f'.repeat(64), true, '']);
        connection.tell(['OK', 'f'.repeat(64), false, 'blocked: no']);
      }
      return undefined;
    }
    for (const connection of city.connections) connection.tell(['OK', event.id, true, '']);
    return [true, ''];
  };
  expect(await drain()).toBe('done');
  expect(queue.log.filter(({ type }) => type === 'EventAccepted')).toHaveLength(2);
  expect(queue.log.filter(({ type }) => type === 'EventRejected')).toEqual([]);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { MemoryQueue } from '../../../tests/support/memory-queue.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { Outcome } from '../relays/publications.ts';
import { Answers } from './answers.ts';
import { Outbox } from './outbox.ts';
import type { Locks } from './ports.ts';

const A = 'wss://a.test';
const B = 'wss://b.test';
const accepted: Outcome = { outcome: 'accepted', note: '' };
const refused = (reason: string): Outcome => ({ outcome: 'refused', reason });

let queue: MemoryQueue;
let sent: string[];
let answer: (event: NostrEvent, relay: string) => Outcome | Promise<Outcome>;
let boxes: Outbox[];
beforeEach(() => {
  vi.useFakeTimers();
  queue = new MemoryQueue();
  sent = [];
  answer = () => accepted;
  boxes = [];
});
afterEach(() => {
  boxes.forEach((box) => box.stop());
  vi.useRealTimers();
});

const oneAfterTheOther = (): Locks => {
  let last = Promise.resolve();
  return { hold: (_name, work) => (last = last.then(work)) };
};
const open = (locks = oneAfterTheOther(), name = ''): Outbox => {
  const box = new Outbox({
    queue,
    locks,
    lock: 'test',
    append: queue.append,
    publish: async (relay, event) => {
      sent.push(`${name}${event.content}@${relay.slice(6, 7)}`);
      return answer(event, relay);
    },
    random: () => 0.5,
  });
  boxes.push(box);
  return box;
};
const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);
const line = (content: string, group = 'g') => fakeEvent({ kind: 1, content, tags: [['h', group]] });
const sign = (event: NostrEvent, relays: readonly string[] = [A]) =>
  queue.append([{ type: 'EventSigned', v: 1, event, relays }]);
const left = async () => (await queue.entries()).map(({ event, state }) => `${event.content} ${state}`);

/** Answers by hand. */
const held = () => {
  const waiting = new Map<string, (outcome: Outcome) => void>();
  answer = (event) => new Promise((settle) => waiting.set(event.content, settle));
  return async (content: string, outcome: Outcome = accepted) => {
    waiting.get(content)?.(outcome);
    await pass();
  };
};

test('what is signed is sent to each relay, and answers go to the log', async () => {
  open();
  await sign(line('hello'), [A, B]);
  await pass();
  expect(sent.sort()).toEqual(['hello@a', 'hello@b']);
  expect(queue.log.map((event) => event.type)).toEqual(['EventSigned', 'EventAccepted', 'EventAccepted']);
  expect(await left()).toEqual([]);
});

test('a conversation goes in order, one at a time; another one does not wait for it', async () => {
  const settle = held();
  open();
  await sign(line('1'));
  await sign(line('2'));
  await sign(line('other', 'h'));
  await pass();
  expect(sent).toEqual(['1@a', 'other@a']);
  await settle('1');
  expect(sent).toEqual(['1@a', 'other@a', '2@a']);
});

test('silence is tried again with ever longer waits, and holds up what follows in the conversation only', async () => {
  answer = (event) => (event.content === '1' ? { outcome: 'no-answer' } : accepted);
  open();
  await sign(line('1'));
  await sign(line('2'));
  await sign(line('other', 'h'));
  await pass(10_000);
  expect(sent.filter((one) => one === '1@a').length).toBeGreaterThan(2);
  expect(sent.filter((one) => one === '1@a').length).toBeLessThan(7);
  expect(sent).toContain('other@a');
  expect(sent).not.toContain('2@a');
  answer = () => accepted;
  await pass(60_000);
  expect(sent.slice(-2)).toEqual(['1@a', '2@a']);
  expect(await left()).toEqual([]);
});

test('a relay’s return ends the waiting for it', async () => {
  answer = () => ({ outcome: 'no-answer' });
  const box = open();
  await sign(line('1'), [A, B]);
  await pass(20_000);
  sent = [];
  answer = () => accepted;
  box.wake(B);
  await pass();
  expect(sent).toEqual(['1@b']);
});

test('a refusal ends there, in the relay’s words, and the next line goes on', async () => {
  answer = (event) => (event.content === '1' ? refused('blocked: no') : accepted);
  const box = open();
  const first = line('1');
  await sign(first);
  await sign(line('2'));
  await pass(120_000);
  expect(sent).toEqual(['1@a', '2@a']);
  expect(queue.log).toContainEqual({
    type: 'EventRejected',
    v: 1,
    id: first.id,
    relay: A,
    reason: 'blocked: no',
  });
  answer = () => accepted;
  await queue.renew(first.id);
  box.wake();
  await pass();
  expect(sent).toEqual(['1@a', '2@a', '1@a']);
  expect(await left()).toEqual([]);
});

test('a duplicate counts as accepted, whichever way it is said', async () => {
  answer = () => refused('duplicate: have it');
  open();
  await sign(line('1'));
  await pass();
  expect(queue.log.at(-1)).toMatchObject({ type: 'EventAccepted', note: 'duplicate: have it' });
});

test('a relay in trouble is tried five times before its words count', async () => {
  answer = () => refused('error: database');
  open();
  await sign(line('1'));
  await pass(10 * 60_000);
  expect(sent).toHaveLength(5);
  expect(await left()).toEqual(['1 refused']);
});

test('what needs a key waits until somebody signs in', async () => {
  answer = () => refused('auth-required: who?');
  const box = open();
  await sign(line('1'));
  await pass(10 * 60_000);
  expect([sent, await left()]).toEqual([['1@a'], ['1 waiting']]);
  answer = () => accepted;
  box.wake();
  await pass();
  expect(await left()).toEqual([]);
});

test('an event given up while it waits is not sent again', async () => {
  answer = () => ({ outcome: 'no-answer' });
  open();
  const event = line('1');
  await sign(event);
  await pass();
  await queue.append([{ type: 'EventDiscarded', v: 1, id: event.id }]);
  await pass(10 * 60_000);
  expect(sent).toEqual(['1@a']);
});

test('two tabs never send at once, and each event is sent once', async () => {
  const settle = held();
  const locks = oneAfterTheOther();
  open(locks, 'x');
  open(locks, 'y');
  for (let n = 0; n < 4; n++) await sign(line(`${n}`, `g${n}`));
  await pass();
  expect(sent).toEqual(['x0@a', 'x1@a', 'x2@a', 'x3@a']);
  for (let n = 0; n < 4; n++) await settle(`${n}`);
  expect(sent).toHaveLength(4);
  expect(await left()).toEqual([]);
});

test('a tab that closes leaves the rest to the other', async () => {
  const locks = oneAfterTheOther();
  const settle = held();
  const first = open(locks, 'x');
  open(locks, 'y');
  await sign(line('1'));
  await sign(line('2'));
  await pass();
  first.stop();
  await settle('1');
  expect(sent).toEqual(['x1@a', 'y2@a']);
});

test('what lay in the queue at the start is sent; what could not be logged is sent again', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await sign(line('old'));
  const append = queue.append;
  let failures = 1;
  queue.append = (events) => (failures-- > 0 ? Promise.reject(new Error('disk full')) : append(events));
  open();
  await pass();
  expect(said).toHaveBeenCalled();
  expect(await left()).toEqual(['old waiting']);
  await pass(5_000);
  expect(await left()).toEqual([]);
  said.mockRestore();
});

const answers = () => new Answers({ queue, acceptanceOf: queue.acceptanceOf, known: queue.known });
const settledWithin = async <T>(promise: Promise<T>): Promise<T | 'open'> => {
  await pass();
  return Promise.race([promise, Promise.resolve('open' as const)]);
};

test('an answer is told when it comes, and to who asks later', async () => {
  const settle = held();
  open();
  const event = line('1');
  const asked = answers();
  await sign(event, [A]);
  const ending = asked.of(event.id);
  expect(await settledWithin(ending)).toBe('open');
  await settle('1', { outcome: 'accepted', note: 'fine' });
  expect(await ending).toEqual({ ok: true, value: { note: 'fine' } });
  expect(await answers().of(event.id)).toEqual({ ok: true, value: { note: 'fine' } });
});

test('one refusal of two is no end yet; both are', async () => {
  const event = line('1');
  await sign(event, [A, B]);
  const ending = answers().of(event.id);
  await queue.append([{ type: 'EventRejected', v: 1, id: event.id, relay: A, reason: 'blocked: a' }]);
  expect(await settledWithin(ending)).toBe('open');
  await queue.append([{ type: 'EventRejected', v: 1, id: event.id, relay: B, reason: 'blocked: b' }]);
  expect(await ending).toMatchObject({ ok: false, error: { code: 'refused', message: 'blocked: a' } });
});

test('giving up is an answer', async () => {
  const event = line('1');
  await sign(event);
  const ending = answers().of(event.id);
  await queue.append([{ type: 'EventDiscarded', v: 1, id: event.id }]);
  expect(await ending).toMatchObject({ ok: false, error: { code: 'discarded' } });
});

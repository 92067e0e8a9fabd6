import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import type { NostrEvent } from '#protocol/event.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { logKey } from '../store/log-keys.ts';
import { Intake, Tally } from './intake.ts';

const RELAY = 'wss://a.test';
let batches: (readonly LocalEvent[])[];
let verified: string[];
let heard: NostrEvent[];
beforeEach(() => {
  vi.useFakeTimers();
  batches = [];
  verified = [];
  heard = [];
});
afterEach(() => void vi.useRealTimers());

/** A store that needs some time for each batch. */
const open = ({ cost = 5, append }: { cost?: number; append?: () => Promise<void> } = {}): Intake => {
  const log = new Set<string | undefined>();
  return new Intake({
    verify: (events) => {
      verified.push(...events.map(({ content }) => content));
      return Promise.resolve(events.map(({ content }) => content !== 'forged'));
    },
    keys: () => undefined,
    heard: (event) => heard.push(event),
    append: async (events) => {
      await new Promise((done) => setTimeout(done, cost));
      await append?.();
      events.forEach((event) => log.add(logKey(event)));
      batches.push(events);
    },
    known: (keys) => Promise.resolve(new Set(keys.filter((key) => log.has(key)))),
  });
};
const note = (n: number | string, kind = 1): NostrEvent =>
  fakeEvent({ kind, content: String(n), created_at: typeof n === 'number' ? n : 0 });
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const sizes = () => batches.map((batch) => batch.length);

test('a single event is stored at once, and so is the next one soon after', async () => {
  const intake = open();
  intake.add(note(1), RELAY);
  await pass(5);
  expect(sizes()).toEqual([1]);
  await pass(2);
  intake.add(note(2), RELAY);
  await pass(5);
  expect(sizes()).toEqual([1, 1]);
});

test('when much comes it is gathered, at most 256 together and at most 50 ms', async () => {
  const intake = open();
  for (let n = 0; n < 1000; n++) {
    intake.add(note(n), RELAY);
    if (n % 20 === 0) await pass(1);
  }
  await pass(200);
  expect(sizes().reduce((a, b) => a + b, 0)).toBe(1000);
  expect(Math.max(...sizes())).toBeLessThanOrEqual(256);
  expect(sizes().length).toBeLessThan(14);
  expect(batches.flat().map((event) => event.type === 'RelayEventSeen' && event.event.created_at)).toEqual(
    Array.from({ length: 1000 }, (_, n) => n),
  );
});

test('who waits for the end does not wait for company', async () => {
  const intake = open({ cost: 0 });
  for (let n = 0; n < 20; n++) intake.add(note(n), RELAY);
  await pass(1);
  intake.add(note(99), RELAY);
  const settled = vi.fn();
  void intake.settled().then(settled);
  await pass(5);
  expect(settled).toHaveBeenCalled();
  expect(sizes()).toEqual([20, 1]);
  await intake.settled();
});

test('forged events are counted and left out; known ones are not verified again, nor believed when altered', async () => {
  const intake = open();
  const tally = new Tally();
  const real = note(7);
  intake.add(real, RELAY, tally);
  intake.add(note('forged'), RELAY, tally);
  await pass(50);
  intake.add(real, 'wss://b.test', tally);
  intake.add({ ...real, created_at: 1 }, RELAY, tally);
  await pass(50);
  expect(verified).toEqual(['7', 'forged']);
  expect(intake.refused).toBe(2);
  expect([tally.received, tally.oldest]).toEqual([2, 7]);
  expect(sizes()).toEqual([1]);
});

test('ephemeral events are told and not stored; forged ones are not told', async () => {
  const intake = open();
  const tally = new Tally();
  const said = note('typing', 20015);
  intake.add(said, RELAY, tally);
  intake.add(note('forged', 20015), RELAY, tally);
  await pass(50);
  expect([tally.received, sizes(), heard]).toEqual([1, [], [said]]);
});

test('a flood is told to stop', () => {
  const intake = open();
  let taken = 0;
  const event = note(1);
  while (intake.add(event, RELAY)) taken += 1;
  expect(taken).toBe(20_000);
});

test('a batch that cannot be stored is no end', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  let failures = 1;
  const intake = open({
    append: () => (failures-- > 0 ? Promise.reject(new Error('disk full')) : Promise.resolve()),
  });
  intake.add(note(1), RELAY);
  await pass(10);
  intake.add(note(2), RELAY);
  await pass(10);
  await intake.settled();
  expect(sizes()).toEqual([1]);
  expect(said).toHaveBeenCalledTimes(1);
  said.mockRestore();
});

test('what has expired is counted for its question and not stored; what will is', async () => {
  vi.setSystemTime(1_000_000);
  const intake = open();
  const tally = new Tally();
  const ending = (at: number) =>
    fakeEvent({ kind: 1, content: String(at), tags: [['expiration', String(at)]] });
  for (const at of [999, 1000, 1001]) intake.add(ending(at), RELAY, tally);
  await pass(100);
  expect(batches.flat().map((one) => one.type === 'RelayEventSeen' && one.event.content)).toEqual(['1001']);
  expect(tally.received).toBe(3);
});

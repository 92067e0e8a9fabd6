import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { FakeNet } from '../../../tests/support/fake-relay.ts';
import { RelayPool } from '../relays/pool.ts';
import type { LocalEvent } from '../store/local-events.ts';
import { Intake } from './intake.ts';
import { Syncing } from './syncing.ts';

const HOME = 'wss://home.test';
let net: FakeNet;
let pool: RelayPool;
let stored: LocalEvent[];
let syncing: Syncing;
beforeEach(() => {
  vi.useFakeTimers();
  net = new FakeNet();
  pool = new RelayPool(HOME, net.ports, () => undefined);
  stored = [];
  const intake = new Intake({
    verify: (events) => Promise.resolve(events.map(() => true)),
    keys: () => undefined,
    known: () => Promise.resolve(new Set()),
    append: async (events) => {
      await new Promise((done) => setTimeout(done, 20));
      stored.push(...events);
    },
  });
  syncing = new Syncing(HOME, pool, intake);
});
afterEach(() => {
  pool.close();
  vi.useRealTimers();
});
const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);
const filters = [{ kinds: [1] }];
const note = (n: number) => fakeEvent({ kind: 1, created_at: n });

test('an answer comes after its events are stored, and the question is closed', async () => {
  for (let n = 5; n < 15; n++) net.at(HOME).publish(note(n));
  let inStore = -1;
  const answer = syncing.fetch({ filters }).then((report) => {
    inStore = stored.length;
    return report;
  });
  await pass(200);
  expect(await answer).toEqual({ ok: true, value: { received: 10, oldest: 5 } });
  expect(inStore).toBe(10);
  expect(net.at(HOME).connection.subscriptions.size).toBe(0);
});

test('no answer within ten seconds is no answer', async () => {
  net.at(HOME).isSilent = true;
  const answer = syncing.fetch({ filters });
  await pass(9_900);
  expect(await Promise.race([answer, 'open'])).toBe('open');
  await pass(200);
  expect(await answer).toMatchObject({ ok: false, error: { code: 'unreachable' } });
});

test('a relay that cannot be reached for some time is not waited for', async () => {
  net.at(HOME).isDown = true;
  net.at(HOME).dieAll();
  const first = syncing.fetch({ filters });
  await pass(10_100);
  expect(await first).toMatchObject({ error: { code: 'unreachable' } });
  const second = syncing.fetch({ filters });
  await pass();
  expect(await Promise.race([second, 'open'])).toMatchObject({ error: { code: 'unreachable' } });
});

test('a question asked while connecting is asked once connected', async () => {
  net.at(HOME).publish(note(1));
  net.at(HOME).isDown = true;
  net.at(HOME).dieAll();
  await pass();
  const answer = syncing.fetch({ filters });
  net.at(HOME).isDown = false;
  await pass(1_500);
  expect(await answer).toMatchObject({ ok: true, value: { received: 1 } });
});

test('a foreign relay is met for the question; what is no address is told at once', async () => {
  net.at('wss://far.test').publish(note(3));
  const answer = syncing.fetch({ relay: 'wss://FAR.test/', filters });
  await pass(100);
  expect(await answer).toMatchObject({ value: { received: 1 } });
  expect(stored).toMatchObject([{ relay: 'wss://far.test' }]);
  expect(await syncing.fetch({ relay: 'https://far.test', filters })).toMatchObject({
    error: { code: 'unreachable' },
  });
  expect(() => syncing.subscribe({ relay: 'nowhere', filters })()).not.toThrow();
});

test('equal subscriptions share one question until the last is released', async () => {
  const releases = [syncing.subscribe({ filters }), syncing.subscribe({ relay: `${HOME}/`, filters })];
  await pass();
  expect(net.at(HOME).count('REQ')).toBe(1);
  releases[0]?.();
  releases[0]?.();
  await pass();
  net.at(HOME).publish(note(1));
  await pass(50);
  expect(stored).toHaveLength(1);
  releases[1]?.();
  await pass();
  expect(net.at(HOME).count('CLOSE')).toBe(1);
  syncing.subscribe({ filters });
  await pass();
  expect(net.at(HOME).count('REQ')).toBe(2);
});

test('a flood pauses the relay that sends it', async () => {
  syncing.subscribe({ filters });
  await pass();
  const { connection } = net.at(HOME);
  const id = [...connection.subscriptions.keys()][0];
  const frame = JSON.stringify(['EVENT', id, note(1)]);
  for (let n = 0; n < 20_300 && connection.isOpen; n++) connection.tell(frame);
  expect(connection.isOpen).toBe(false);
  await pass(5_000);
  expect(pool.relay(HOME).state).toBe('open');
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeEvent } from '../../../tests/support/fake-city.ts';
import { FakeNet } from '../../../tests/support/fake-relay.ts';
import { RelayPool } from './pool.ts';

const [HOME, OTHER] = ['wss://home.test', 'wss://other.test'];
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

test('home stays connected; others go when nothing is asked of them', async () => {
  const net = new FakeNet();
  const pool = new RelayPool(HOME, net.ports, () => undefined);
  const release = pool.relay(OTHER).request({
    filters: [{ kinds: [0] }],
    live: true,
    event: () => undefined,
    complete: () => undefined,
    refused: () => undefined,
  });
  await pass(65_000);
  expect(pool.urls).toEqual([HOME, OTHER]);
  release();
  await pass(31_000);
  expect(pool.urls).toEqual([HOME]);
  expect([net.at(HOME).connections.size, net.at(OTHER).connections.size]).toEqual([1, 0]);
  pool.close();
});

test('an authenticator set before counts for relays met later, and home hears of the person at once', async () => {
  const net = new FakeNet();
  net.at(HOME).challenge = net.at(OTHER).challenge = 'c';
  net.at(OTHER).answer = (_event, connection) =>
    connection.pubkey ? [true, ''] : [false, 'auth-required: who?'];
  const pool = new RelayPool(HOME, net.ports, () => undefined);
  pool.setAuthenticator((_relay, challenge) =>
    Promise.resolve(fakeEvent({ kind: 22242, tags: [['challenge', challenge]] })),
  );
  const other = pool.relay(OTHER);
  await pass();
  expect(net.at(HOME).connection.pubkey).toBeDefined();
  expect(net.at(OTHER).connection.pubkey).toBeUndefined();
  expect(await other.publish(fakeEvent({ kind: 1 }))).toMatchObject({ outcome: 'accepted' });
  pool.close();
});

test('changes of state name their relay', async () => {
  const net = new FakeNet();
  const states: string[] = [];
  const pool = new RelayPool(HOME, net.ports, (url, state) => states.push(`${url} ${state}`));
  await pass();
  net.setOnline(false);
  expect(states).toEqual([`${HOME} open`, `${HOME} connecting`, `${HOME} offline`]);
  pool.close();
});

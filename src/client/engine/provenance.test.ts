import { expect, test } from 'vitest';
import { fakeEvent, fakeKey } from '../../../tests/support/fake-city.ts';
import { isFromRightHand } from './provenance.ts';

const [home, other] = ['wss://home.test', 'wss://other.test'];
const relayKey = fakeKey('ce');
const keys = (relay: string) => (relay === home ? relayKey : undefined);

test.each([
  [39000, relayKey, home, true],
  [39009, relayKey, home, true],
  [39000, fakeKey('a1'), home, false],
  [39002, relayKey, other, false],
  [39005, fakeKey('a1'), other, false],
  [1, fakeKey('a1'), other, true],
  [38999, fakeKey('a1'), home, true],
  [39010, fakeKey('a1'), home, true],
])('kind %i by %s from %s: %s', (kind, pubkey, relay, expected) => {
  expect(isFromRightHand(fakeEvent({ kind, pubkey }), relay, keys)).toBe(expected);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyEvent, anyText } from '../../../tests/support/wire-arbitraries.ts';
import { checkAuth, makeAuth } from './auth.ts';
import type { Draft, NostrEvent } from '../event.ts';

const now = 1_800_000_000;
const expected = { challenge: 'abc', hosts: ['city.example', '127.0.0.1:3000'], now };
const sign = (draft: Draft, created_at = now): NostrEvent => ({
  ...draft,
  created_at,
  id: 'a'.repeat(64),
  pubkey: 'b'.repeat(64),
  sig: 'c'.repeat(128),
});

test.each(['wss://city.example', 'ws://city.example/', 'ws://127.0.0.1:3000/?x=1'])(
  '%s is this relay',
  (relay) => {
    expect(checkAuth(sign(makeAuth(relay, 'abc')), expected)).toEqual({ ok: true, value: 'b'.repeat(64) });
  },
);

test.each([
  ['another challenge', sign(makeAuth('wss://city.example', 'abd')), /challenge/],
  ['another relay', sign(makeAuth('wss://evil.example', 'abc')), /relay/],
  ['this relay inside another', sign(makeAuth('wss://evil.example/wss://city.example', 'abc')), /relay/],
  ['this relay as a user name', sign(makeAuth('wss://city.example@evil.example', 'abc')), /relay/],
  ['no address', sign(makeAuth('city.example', 'abc')), /relay/],
  ['an old event', sign(makeAuth('wss://city.example', 'abc'), now - 601), /10 minutes/],
  ['an event from the future', sign(makeAuth('wss://city.example', 'abc'), now + 601), /10 minutes/],
  ['another kind', { ...sign(makeAuth('wss://city.example', 'abc')), kind: 1 }, /22242/],
])('%s is refused', (_name, event, words) => {
  const result = checkAuth(event, expected);
  expect(result.ok || result.error.message).toMatch(words);
});

test('no event and no address make it throw', () => {
  fc.assert(
    fc.property(anyEvent, anyText, (event, relay) => {
      expect(checkAuth(event, expected).ok).toBe(false);
      expect(checkAuth(sign(makeAuth(relay, 'abc')), expected).ok).toBe(false);
    }),
  );
});

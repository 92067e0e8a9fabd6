import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serializeEvent } from '#protocol/event.ts';
import type { UnsignedEvent } from '#protocol/event.ts';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import { withNonce, workParts } from './work-parts.ts';

const anyEvent: fc.Arbitrary<UnsignedEvent> = fc.record({
  kind: fc.integer({ min: 0, max: 65535 }),
  tags: fc.array(fc.array(anyText, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
  content: anyText,
  created_at: fc.integer({ min: 0, max: 4_000_000_000 }),
  pubkey: fc.constant('ab'.repeat(32)),
});
const nonces = fc.stringMatching(/^[A-Za-z0-9_-]{1,80}$/);

test('prefix, nonce and suffix are the event’s canonical bytes, for any text', () => {
  fc.assert(
    fc.property(anyEvent, nonces, fc.integer({ min: 1, max: 40 }), (event, nonce, bits) => {
      const { prefix, suffix } = workParts(event, bits);
      const whole = Buffer.concat([prefix, Buffer.from(nonce), suffix]);
      expect(whole.equals(serializeEvent(withNonce(event, nonce, bits)))).toBe(true);
    }),
  );
});

test('the nonce tag goes last and replaces an older one', () => {
  const event = {
    kind: 0,
    content: '',
    created_at: 1,
    pubkey: 'a',
    tags: [
      ['nonce', '1', '9'],
      ['t', 'x'],
    ],
  };
  expect(withNonce(event, 'AbC-_', 20).tags).toEqual([
    ['t', 'x'],
    ['nonce', 'AbC-_', '20'],
  ]);
});

test('the committed event keeps nothing but NIP-01’s fields', () => {
  const event = { kind: 0, content: '', created_at: 1, pubkey: 'a', tags: [], sig: 'x' };
  expect(Object.keys(withNonce(event, 'A', 1)).sort()).toEqual([
    'content',
    'created_at',
    'kind',
    'pubkey',
    'tags',
  ]);
});

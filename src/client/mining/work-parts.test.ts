import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serializeEvent } from '#protocol/event.ts';
import type { UnsignedEvent } from '#protocol/event.ts';
import { anyText } from '../../../tests/support/wire-arbitraries.ts';
import { LANE_SIZE, LAST_LANE, NONCE_DIGITS, nonceText, withNonce, workParts } from './work-parts.ts';

const anyEvent: fc.Arbitrary<UnsignedEvent> = fc.record({
  kind: fc.integer({ min: 0, max: 65535 }),
  tags: fc.array(fc.array(anyText, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
  content: anyText,
  created_at: fc.integer({ min: 0, max: 4_000_000_000 }),
  pubkey: fc.constant('ab'.repeat(32)),
});
const nonces = fc.integer({ min: 100 * LANE_SIZE, max: (LAST_LANE + 1) * LANE_SIZE - 1 });

test('prefix, nonce and suffix are the event’s canonical bytes, for any text', () => {
  fc.assert(
    fc.property(anyEvent, nonces, fc.integer({ min: 1, max: 40 }), (event, nonce, bits) => {
      const { prefix, suffix } = workParts(event, bits);
      const whole = Buffer.concat([prefix, Buffer.from(nonceText(nonce)), suffix]);
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
  expect(withNonce(event, 100 * LANE_SIZE, 20).tags).toEqual([
    ['t', 'x'],
    ['nonce', '100000000000000', '20'],
  ]);
});

test('the committed event keeps nothing but NIP-01’s fields', () => {
  const event = { kind: 0, content: '', created_at: 1, pubkey: 'a', tags: [], sig: 'x' };
  expect(Object.keys(withNonce(event, 1, 1)).sort()).toEqual([
    'content',
    'created_at',
    'kind',
    'pubkey',
    'tags',
  ]);
});

test('every nonce is a safe integer of 15 digits', () => {
  const last = (LAST_LANE + 1) * LANE_SIZE - 1;
  expect(Number.isSafeInteger(last)).toBe(true);
  expect(nonceText(last)).toHaveLength(NONCE_DIGITS);
  expect(nonceText(7)).toBe('000000000000007');
});

import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addState, advance, compress, initialState, writeSchedule } from './sha256-rounds.ts';

/** A whole hash out of the parts, for messages of any length. */
const hash = (message: Uint8Array): string => {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  const state = initialState();
  compress(state, padded);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
};

test('the parts make SHA-256', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
      expect(hash(message)).toBe(Buffer.from(sha256(message)).toString('hex'));
    }),
  );
});

test('rounds may be taken in pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(64), (block, cut) => {
      const schedule = new Int32Array(70);
      writeSchedule(block, 0, schedule, 6);
      const pieces = initialState();
      advance(pieces, schedule, 6, 0, cut);
      advance(pieces, schedule, 6, cut, 64);
      addState(pieces, initialState());
      const whole = initialState();
      compress(whole, block);
      expect(pieces).toEqual(whole);
    }),
  );
});

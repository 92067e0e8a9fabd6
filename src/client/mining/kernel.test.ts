import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { getPow } from 'nostr-tools/nip13';
import { eventId } from '#protocol/event.ts';
import type { UnsignedEvent } from '#protocol/event.ts';
import { anyText } from '../../../tests/support/wire-arbitraries.ts';
import { ScriptKernel, startsWithZeros } from './kernel.ts';
import { LANE_SIZE, withNonce, workParts } from './work-parts.ts';

const START = 123 * LANE_SIZE;
const anyEvent: fc.Arbitrary<UnsignedEvent> = fc.record({
  kind: fc.integer({ min: 0, max: 65535 }),
  tags: fc.array(fc.array(anyText, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
  content: anyText,
  created_at: fc.integer({ min: 0, max: 4_000_000_000 }),
  pubkey: fc.constant('cd'.repeat(32)),
});

const bruteForce = (event: UnsignedEvent, start: number, count: number, bits: number): number | undefined => {
  for (let nonce = start; nonce < start + count; nonce++)
    if (getPow(eventId(withNonce(event, nonce, bits))) >= bits) return nonce;
  return undefined;
};

test('finds the very nonce that brute force finds, for any event', () => {
  fc.assert(
    fc.property(anyEvent, fc.integer({ min: 1, max: 9 }), fc.nat(99_999), (event, bits, offset) => {
      const kernel = new ScriptKernel();
      kernel.load(workParts(event, bits), bits);
      expect(kernel.run(START + offset, 600)).toBe(bruteForce(event, START + offset, 600, bits));
    }),
    { numRuns: 60 },
  );
});

test('every length around a block is right', () => {
  for (let length = 0; length < 140; length++) {
    const event = {
      kind: 1,
      tags: [['t', 'x'.repeat(length)]],
      content: 'é'.repeat(length % 70),
      created_at: 5,
      pubkey: 'ef'.repeat(32),
    };
    const kernel = new ScriptKernel();
    kernel.load(workParts(event, 5), 5);
    expect(kernel.run(START, 300)).toBe(bruteForce(event, START, 300, 5));
  }
});

test('counts over carries: nines roll over', () => {
  const event = { kind: 1, tags: [], content: 'carry', created_at: 5, pubkey: 'ef'.repeat(32) };
  const start = START + 999_999_990;
  const kernel = new ScriptKernel();
  kernel.load(workParts(event, 6), 6);
  expect(kernel.run(start, 400)).toBe(bruteForce(event, start, 400, 6));
});

test('goes on where it stopped, batch after batch', () => {
  const event = { kind: 1, tags: [], content: 'batches', created_at: 5, pubkey: 'ef'.repeat(32) };
  const kernel = new ScriptKernel();
  kernel.load(workParts(event, 10), 10);
  let found: number | undefined;
  for (let at = START; found === undefined; at += 37) found = kernel.run(at, 37);
  expect(found).toBe(bruteForce(event, START, 100_000, 10));
});

test('a loaded kernel forgets the event before', () => {
  const event = (content: string) => ({ kind: 1, tags: [], content, created_at: 5, pubkey: 'ef'.repeat(32) });
  const kernel = new ScriptKernel();
  kernel.load(workParts(event('long '.repeat(50)), 4), 4);
  kernel.run(START, 10);
  kernel.load(workParts(event('short'), 6), 6);
  expect(kernel.run(START, 500)).toBe(bruteForce(event('short'), START, 500, 6));
});

test('leading zeros agree with NIP-13’s own count', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      fc.nat(255),
      fc.nat(40),
      (seed, bits, zeros) => {
        const hash = sha256(seed);
        hash.fill(0, 0, zeros % 32);
        const view = new DataView(hash.buffer, hash.byteOffset);
        const words = Array.from({ length: 8 }, (_, at) => view.getInt32(at * 4));
        expect(startsWithZeros(words, bits)).toBe(getPow(Buffer.from(hash).toString('hex')) >= bits);
      },
    ),
  );
});

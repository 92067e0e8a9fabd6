import fc from 'fast-check';
import { getPow } from 'nostr-tools/nip13';
import { expect, test } from 'vitest';
import { anyEvent, anyText, hex64 } from '../../tests/support/wire-arbitraries.ts';
import * as kinds from './kinds.ts';
import {
  committedWork,
  countLeadingZeroBits,
  expectedHashes,
  makeNonceTag,
  oddsAfter,
  provenWork,
  requiredWork,
  workTable,
} from './proof-of-work.ts';

const lucky = fc
  .tuple(fc.integer({ min: 0, max: 64 }), hex64)
  .map(([zeros, hex]) => '0'.repeat(zeros) + hex.slice(zeros));

test('leading zero bits are nostr-tools’, for any hex', () => {
  fc.assert(
    fc.property(lucky, (hex) => {
      expect(countLeadingZeroBits(hex)).toBe(getPow(hex));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['8000', 0],
  ['7fff', 1],
  ['0f00', 4],
  ['0001', 15],
  ['0000', 16],
  // NIP-13's own example
  ['000000000e9d97a1ab09fc381030b346cdd7a142ad57e6df0b46dc9bef6c7e2d', 36],
])('%s has %d bits', (hex, bits) => {
  expect(countLeadingZeroBits(hex)).toBe(bits);
});

test('work counts only as far as it was committed to', () => {
  fc.assert(
    fc.property(lucky, fc.integer({ min: 0, max: 256 }), (id, target) => {
      const tags = [makeNonceTag('1', target)];
      expect(provenWork({ id, tags })).toBe(Math.min(target, getPow(id)));
      expect(provenWork({ id, tags: [] })).toBe(0);
    }),
  );
});

test('a nonce tag of any text is read or ignored, never thrown at', () => {
  fc.assert(
    fc.property(anyEvent, anyText, (event, target) => {
      const work = committedWork({ ...event, tags: [['nonce', '1', target]] });
      expect(work === undefined || (Number.isInteger(work) && work >= 0 && work < 1000)).toBe(true);
      expect(provenWork(event)).toBeGreaterThanOrEqual(0);
    }),
  );
  for (const target of ['-1', '1e3', ' 20', '20.5', '', '0x14'])
    expect(committedWork({ tags: [['nonce', '1', target]] })).toBeUndefined();
  expect(committedWork({ tags: [['nonce', '1']] })).toBeUndefined();
});

test('the price list: 20 bits for a profile, 28 for a place, a block list only when it names people', () => {
  const price = (kind: number, tags: string[][] = []) => requiredWork({ kind, tags });
  expect(price(kinds.PROFILE)).toBe(20);
  expect(price(kinds.CREATE_GROUP)).toBe(28);
  expect(price(kinds.NOTE)).toBe(0);
  expect(price(kinds.BLOCK_LIST, [['relay', 'wss://a.example']])).toBe(0);
  expect(price(kinds.BLOCK_LIST, [['p', 'a'.repeat(64)]])).toBe(12);
});

test('test mode asks 4 bits exactly where real mode asks any', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      expect(requiredWork(event, 'test')).toBe(requiredWork(event) > 0 ? 4 : 0);
    }),
  );
  expect(Object.keys(workTable('test'))).toEqual(Object.keys(workTable('real')));
  expect(workTable('real')['0']).toBe(20);
});

test('odds: about 63 % after the expected number, rising, within 0–1, exact where tiny', () => {
  expect(oddsAfter(expectedHashes(20), 20)).toBeCloseTo(1 - Math.exp(-1), 6);
  expect(oddsAfter(1, 60)).toBeGreaterThan(0);
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 60 }), (a, b, target) => {
      const [few, many] = [oddsAfter(Math.min(a, b), target), oddsAfter(Math.max(a, b), target)];
      expect(few >= 0 && few <= many && many <= 1).toBe(true);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesToHex, isHex64 } from '#shared/bytes.ts';
import { anyText, hex64 } from '../../../../../tests/support/wire-arbitraries.ts';
import { idKey, packId } from './ids.ts';

test('64 hex digits pack into 32 bytes', () => {
  fc.assert(
    fc.property(hex64, fc.nat({ max: 9 }), (id, at) => {
      const bytes = new Uint8Array(50);
      expect(packId(id, bytes, at)).toBe(true);
      expect(bytesToHex(bytes.subarray(at, at + 32))).toBe(id);
      expect(idKey(id).key).toBe(Number.parseInt(id.slice(56), 16));
    }),
  );
});

test('nothing else does', () => {
  const near = fc
    .tuple(hex64, fc.nat({ max: 63 }), fc.constantFrom('F', 'g', ' ', '', 'é', '\ud800'))
    .map(([id, at, letter]) => id.slice(0, at) + letter + id.slice(at + 1));
  fc.assert(
    fc.property(fc.oneof(anyText, near), (id) => {
      expect(packId(id, new Uint8Array(32), 0)).toBe(isHex64(id));
      expect(idKey(id).packed === undefined).toBe(!isHex64(id));
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, hex128, hex64 } from '../../tests/support/wire-arbitraries.ts';
import { bytesToHex, isHex128, isHex64, parseHex, utf8Length } from './bytes.ts';

test('bytes survive hex and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const hex = bytesToHex(bytes);
      expect(hex).toBe(Buffer.from(bytes).toString('hex'));
      const back = parseHex(hex);
      expect(back.ok && [...back.value]).toEqual([...bytes]);
    }),
  );
});

test('parseHex takes lower-case pairs and nothing else, without throwing', () => {
  fc.assert(
    fc.property(
      fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCg\n ') })),
      (text) => {
        const result = parseHex(text);
        expect(result.ok).toBe(
          text.length % 2 === 0 && [...text].every((c) => '0123456789abcdef'.includes(c)),
        );
        if (!result.ok) expect(result.error.code).toBe('hex');
      },
    ),
  );
});

test.each(['a', 'AB', '0x00', 'zz', 'ab\n', ' ab', 'aé'])('parseHex refuses %j', (text) => {
  expect(parseHex(text).ok).toBe(false);
});

test('isHex64 and isHex128 ask for exactly their length, lower case', () => {
  fc.assert(
    fc.property(hex64, hex128, (short, long) => {
      expect([isHex64(short), isHex128(long)]).toEqual([true, true]);
      expect([isHex64(long), isHex128(short)]).toEqual([false, false]);
      expect(isHex64(`${short}\n`)).toBe(false);
      expect(isHex64(`${short.slice(0, 63)}F`)).toBe(false);
    }),
  );
});

test('isHex64 is false for every value that is not a string', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(isHex64(value) && typeof value !== 'string').toBe(false);
    }),
  );
});

test('utf8Length is what an encoder writes, lone surrogates too', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
    }),
    { numRuns: 500 },
  );
});

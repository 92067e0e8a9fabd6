import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Packer } from './packing.ts';

const packer = new Packer({
  compress: (bytes) => deflateRawSync(bytes),
  decompress: (bytes) => inflateRawSync(bytes),
});

test('every value that JSON can hold comes back, lone surrogates too', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const wanted: unknown = JSON.parse(JSON.stringify(value));
      expect(packer.unpack(packer.pack(value))).toEqual({ ok: true, value: wanted });
    }),
  );
  expect(packer.unpack(packer.pack(['\ud800']))).toEqual({ ok: true, value: ['\ud800'] });
});

test('long values are compressed, short ones are not worth it', () => {
  expect(packer.pack('city '.repeat(1000)).length).toBeLessThan(200);
  expect(packer.pack('city').length).toBe(7);
});

test.each([
  ['nothing', []],
  ['an unknown mark', [9, 1, 2]],
  ['half a text', [0, 34, 97]],
  ['no compressed bytes', [1, 255, 255, 255]],
])('%s is damage, not a crash', (_name, bytes) => {
  expect(packer.unpack(Uint8Array.from(bytes))).toMatchObject({ error: { code: 'damaged' } });
});

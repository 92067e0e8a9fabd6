import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, hex64 } from '../../../tests/support/wire-arbitraries.ts';
import { formatBunkerAddress, parseBunkerAddress } from './bunker-address.ts';

const key = 'ab'.repeat(32);

test('reads key, relays and secret', () => {
  const address = parseBunkerAddress(
    ` bunker://${key}?relay=wss%3A%2F%2Fa.test%2F&relay=wss://b.test&secret=s3 \n`,
  );
  expect(address).toEqual({
    ok: true,
    value: { pubkey: key, relays: ['wss://a.test', 'wss://b.test'], secret: 's3' },
  });
});

test('an upper-case key is lowered, repeated relays are one', () => {
  const address = parseBunkerAddress(`bunker://${key.toUpperCase()}?relay=wss://a.test&relay=wss://a.test/`);
  expect(address).toEqual({ ok: true, value: { pubkey: key, relays: ['wss://a.test'] } });
});

test.each([
  '',
  'bunker://',
  `bunker://${key}`,
  `bunker://${key}?secret=x`,
  `bunker://${key}?relay=https://a.test`,
  `bunker://${key.slice(2)}?relay=wss://a.test`,
  `https://${key}?relay=wss://a.test`,
  `nostrconnect://${key}?relay=wss://a.test`,
])('refuses %j', (text) => {
  expect(parseBunkerAddress(text)).toMatchObject({ ok: false, error: { code: 'address' } });
});

test('what is formatted reads back', () => {
  fc.assert(
    fc.property(hex64, fc.option(fc.string({ minLength: 1 }), { nil: undefined }), (pubkey, secret) => {
      const address = {
        pubkey,
        relays: ['wss://a.test', 'wss://b.test/path'],
        ...(secret ? { secret } : {}),
      };
      const read = parseBunkerAddress(formatBunkerAddress(address));
      expect(read).toEqual({ ok: true, value: address });
    }),
  );
});

test('any text gives an answer', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(typeof parseBunkerAddress(text).ok).toBe('boolean');
      expect(typeof parseBunkerAddress(`bunker://${key}?relay=wss://${text}`).ok).toBe('boolean');
    }),
  );
});

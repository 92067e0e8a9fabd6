import { nsecEncode } from 'nostr-tools/nip19';
import { generateSecretKey } from 'nostr-tools/pure';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesToHex } from '#shared/bytes.ts';
import { anyText } from '../../../../tests/support/wire-arbitraries.ts';
import { formatSecretKey, parseSecretKey } from './secret-key.ts';

const secret = generateSecretKey();

test('reads every form of the same key', () => {
  const nsec = nsecEncode(secret);
  for (const text of [
    nsec,
    ` ${nsec}\n`,
    nsec.toUpperCase(),
    `nostr:${nsec}`,
    bytesToHex(secret),
    bytesToHex(secret).toUpperCase(),
  ])
    expect(parseSecretKey(text)).toEqual({ ok: true, value: secret });
});

test('what is formatted reads back', () => {
  expect(parseSecretKey(formatSecretKey(secret))).toEqual({ ok: true, value: secret });
});

test.each([
  '',
  'nsec1',
  nsecEncode(secret).slice(0, -1),
  `${nsecEncode(secret).slice(0, -1)}q`,
  '0'.repeat(64),
  'f'.repeat(64),
  'ab'.repeat(31),
  'ncryptsec1qqqqqq',
])('refuses %j', (text) => {
  const result = parseSecretKey(text);
  expect(result).toMatchObject({ ok: false, error: { code: 'key' } });
});

test('a public key is told apart', () => {
  const result = parseSecretKey('npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg');
  expect(result.ok ? '' : result.error.message).toContain('public');
});

test('any text gives an answer', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(parseSecretKey(text).ok).toBe(false);
      expect(parseSecretKey(`nsec1${text}`).ok).toBe(false);
    }),
  );
});

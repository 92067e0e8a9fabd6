/** NIP-44 v2 against the libraries that seal what is private (nostr-tools; for the keys also libsecp256k1 in WASM). */
import { createHash } from 'node:crypto';
import { v2 } from 'nostr-tools/nip44';
import { beforeAll, expect, test } from 'vitest';
import { createCurve } from '#client/keys/curve.ts';
import type { Curve } from '#client/keys/curve.ts';
import { parseHex } from '#shared/bytes.ts';
import { readVectors } from './vectors.ts';

interface KeyVector {
  readonly sec1: string;
  readonly pub2: string;
  readonly conversation_key: string;
  readonly note?: string;
}
interface SealVector {
  readonly sec1: string;
  readonly sec2: string;
  readonly conversation_key: string;
  readonly nonce: string;
  readonly plaintext: string;
  readonly payload: string;
  readonly note?: string;
}
interface LongVector {
  readonly conversation_key: string;
  readonly nonce: string;
  readonly pattern: string;
  readonly repeat: number;
  readonly plaintext_sha256: string;
  readonly payload_sha256: string;
}
interface Vectors {
  readonly v2: {
    readonly valid: {
      readonly get_conversation_key: readonly KeyVector[];
      readonly calc_padded_len: readonly (readonly [number, number])[];
      readonly encrypt_decrypt: readonly SealVector[];
      readonly encrypt_decrypt_long_msg: readonly LongVector[];
    };
    readonly invalid: {
      readonly encrypt_msg_lengths: readonly number[];
      readonly get_conversation_key: readonly Omit<KeyVector, 'conversation_key'>[];
      readonly decrypt: readonly Omit<SealVector, 'sec1' | 'sec2'>[];
    };
  };
}

const bytes = (hex: string): Uint8Array => {
  const parsed = parseHex(hex);
  if (!parsed.ok) throw new Error(`a vector is not hex: ${hex}`);
  return parsed.value;
};
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
/** Since 2025 NIP-44 has a longer prefix for texts from 65,536 bytes: what the vectors call too long is sealed now. */
const LONG_NOW = 65_536;

let curve: Curve;
beforeAll(async () => {
  curve = await createCurve();
});

/** A figure of our own, so that a clone alone proves the basics: the keys of 1 and 2, and what NIP-44 says of padding. */
test('sealing for two people, one key from either side, padding in steps', () => {
  const one = bytes('0'.repeat(63) + '1');
  const two = bytes('0'.repeat(63) + '2');
  const pub1 = '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798';
  const pub2 = 'c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5';
  const key = v2.utils.getConversationKey(one, pub2);
  expect(v2.utils.getConversationKey(two, pub1)).toEqual(key);
  const sealed = v2.encrypt('🍕🫃', key);
  expect(v2.decrypt(sealed, key)).toBe('🍕🫃');
  expect(v2.encrypt('🍕🫃', key)).not.toBe(sealed);
  const spoiled = `${sealed.slice(0, 40)}${sealed[40] === 'A' ? 'B' : 'A'}${sealed.slice(41)}`;
  expect(() => v2.decrypt(spoiled, key)).toThrow();
  expect([1, 32, 33, 64, 65, 256, 257].map((length) => v2.utils.calcPaddedLen(length))).toEqual([
    32, 32, 64, 64, 96, 256, 320,
  ]);
});

const text = readVectors('nip44.json');
if (text === undefined) test.skip('published vectors (file missing)', () => undefined);
else {
  const { valid, invalid } = (JSON.parse(text) as Vectors).v2;

  test.each(valid.get_conversation_key)('a shared key, $pub2', ({ sec1, pub2, conversation_key }) => {
    expect(v2.utils.getConversationKey(bytes(sec1), pub2)).toEqual(bytes(conversation_key));
    expect(curve.conversationKey(bytes(sec1), pub2)).toEqual(bytes(conversation_key));
  });

  test.each(invalid.get_conversation_key)('no shared key: $note', ({ sec1, pub2 }) => {
    expect(() => v2.utils.getConversationKey(bytes(sec1), pub2)).toThrow();
    expect(() => curve.conversationKey(bytes(sec1), pub2)).toThrow();
  });

  test.each(valid.calc_padded_len)('%i is padded to %i', (length, padded) => {
    expect(v2.utils.calcPaddedLen(length)).toBe(padded);
  });

  test.each(valid.encrypt_decrypt)('sealed and opened: $payload', (vector) => {
    const key = bytes(vector.conversation_key);
    expect(v2.encrypt(vector.plaintext, key, bytes(vector.nonce))).toBe(vector.payload);
    expect(v2.decrypt(vector.payload, key)).toBe(vector.plaintext);
  });

  test.each(valid.encrypt_decrypt_long_msg)('a long text, $pattern × $repeat', (vector) => {
    const plaintext = vector.pattern.repeat(vector.repeat);
    const payload = v2.encrypt(plaintext, bytes(vector.conversation_key), bytes(vector.nonce));
    expect([sha256(plaintext), sha256(payload)]).toEqual([vector.plaintext_sha256, vector.payload_sha256]);
    expect(v2.decrypt(payload, bytes(vector.conversation_key))).toBe(plaintext);
  });

  test.each(invalid.decrypt)('not opened: $note', ({ payload, conversation_key }) => {
    expect(() => v2.decrypt(payload, bytes(conversation_key))).toThrow();
  });

  test.each(invalid.encrypt_msg_lengths)('a text of %i bytes', (length) => {
    const key = new Uint8Array(32).fill(1);
    const seal = (): string => v2.encrypt('x'.repeat(length), key);
    if (length < LONG_NOW) expect(seal).toThrow();
    else expect(v2.decrypt(seal(), key)).toHaveLength(length);
  });
}

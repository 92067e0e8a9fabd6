/** BIP-340 against the library that signs and verifies in the product (the city's server). */
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { parseHex } from '#shared/bytes.ts';
import own from './data/bip340.json' with { type: 'json' };
import { readVectors } from './vectors.ts';

const secp = createRequire(import.meta.url)('tiny-secp256k1') as typeof import('tiny-secp256k1');

interface Vector {
  readonly index: number;
  readonly secret?: string;
  readonly pubkey: string;
  readonly aux?: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
  readonly why?: string;
}

const bytes = (hex: string): Uint8Array => {
  const parsed = parseHex(hex.toLowerCase());
  if (!parsed.ok) throw new Error(`a vector is not hex: ${hex}`);
  return parsed.value;
};

/** The library throws for a key that is not on the curve; the product counts that as false. */
const verifies = ({ pubkey, message, signature }: Vector): boolean => {
  try {
    return secp.verifySchnorr(bytes(message), bytes(pubkey), bytes(signature));
  } catch {
    return false;
  }
};

const check = (vector: Vector): void => {
  expect(verifies(vector)).toBe(vector.valid);
  if (vector.secret === undefined || vector.aux === undefined) return;
  const secret = bytes(vector.secret);
  expect(secp.xOnlyPointFromScalar(secret)).toEqual(bytes(vector.pubkey));
  expect(secp.signSchnorr(bytes(vector.message), secret, bytes(vector.aux))).toEqual(bytes(vector.signature));
};

test.each(own as Vector[])('the repository’s own figure $index $why', check);

const parseCsv = (text: string): Vector[] =>
  text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const [index, secret, pubkey = '', aux, message = '', signature = '', verdict, ...why] =
        line.split(',');
      return {
        index: Number(index),
        ...(secret ? { secret } : {}),
        pubkey,
        ...(aux ? { aux } : {}),
        message,
        signature,
        valid: verdict === 'TRUE',
        why: why.join(','),
      };
    });

const published = readVectors('bip340.csv');
// Nostr signs ids, which have 32 bytes; later vectors sign other lengths, which the library doesn't take.
const vectors = parseCsv(published ?? '').filter(({ message }) => message.length === 64);
// Before August 2020 the draft chose R by a square y; since then it is an even y, and other tags are hashed.
const isDraft = published?.includes('has_square_y') ?? false;
if (isDraft)
  console.warn(
    '\n!!! bip340.csv is the draft of before August 2020: its signatures are not BIP-340’s. ' +
      'Its keys and its refusals are tested, and that the draft’s signatures are refused.\n',
  );

const checkDraft = (vector: Vector): void => {
  expect(verifies(vector)).toBe(false);
  if (vector.secret === undefined) return;
  expect(secp.xOnlyPointFromScalar(bytes(vector.secret))).toEqual(bytes(vector.pubkey));
};

test.skipIf(published === undefined)('the published file is whole', () => {
  expect(vectors).toHaveLength(15);
});
if (vectors.length > 0) test.each(vectors)('published vector $index $why', isDraft ? checkDraft : check);
else test.skip('published vectors (file missing)', () => undefined);

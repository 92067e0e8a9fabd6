/** A secret key as people carry it: `nsec1…` (NIP-19) or 64 hex digits. */
import { decode, nsecEncode } from 'nostr-tools/nip19';
import { getPublicKey } from 'nostr-tools/pure';
import { parseHex } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** Reads what a person typed or pasted; fails with `key` unless it is a secret key that works. */
export const parseSecretKey = (text: string): Result<Uint8Array, Failure<'key'>> => {
  const trimmed = text.trim().replace(/^nostr:/i, '');
  if (/^npub1/i.test(trimmed))
    return fail('key', 'This is the public half of a key. The secret one begins with nsec1.');
  const secret = /^[0-9a-f]{64}$/i.test(trimmed) ? fromHex(trimmed) : fromNsec(trimmed);
  return secret && isUsable(secret)
    ? ok(secret)
    : fail('key', 'This is not a secret key. It begins with nsec1, or has 64 digits from 0 to f.');
};

/** `nsec1…` of a secret key. */
export const formatSecretKey = (secret: Uint8Array): string => nsecEncode(secret);

const fromHex = (text: string): Uint8Array | undefined => {
  const bytes = parseHex(text.toLowerCase());
  return bytes.ok ? bytes.value : undefined;
};

const fromNsec = (text: string): Uint8Array | undefined => {
  try {
    const decoded = decode(/^NSEC1[0-9A-Z]+$/.test(text) ? text.toLowerCase() : text);
    return decoded.type === 'nsec' && decoded.data.length === 32 ? decoded.data : undefined;
  } catch {
    return undefined;
  }
};

/** Zero and numbers beyond the curve's order are no keys. */
const isUsable = (secret: Uint8Array): boolean => {
  try {
    return getPublicKey(secret).length === 64;
  } catch {
    return false;
  }
};

/**
 * Sixty digits that two people compare to know that nobody stands between them. Made from both public keys alone, so that both sides
 * get the same, in whatever order: each key is hashed 5,200 times with itself (SHA-512, as Signal does) into thirty digits; the lower
 * thirty come first. See docs/decisions/0038.
 */
import { sha512 } from '@noble/hashes/sha2.js';
import { parseHex } from '#shared/bytes.ts';

const ROUNDS = 5_200;
const GROUPS = 6;
const DIGITS = 5;
const VERSION = 'synchrono city safety number 1';
const QR = 'synchrono-city-safety:1:';

const bytesOf = (pubkey: string): Uint8Array => {
  const bytes = parseHex(pubkey);
  if (!bytes.ok) throw new Error('a public key has 64 hex digits');
  return bytes.value;
};

const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};

const digitsOf = (pubkey: string): string => {
  const key = bytesOf(pubkey);
  let hash = join(new TextEncoder().encode(VERSION), key);
  for (let round = 0; round < ROUNDS; round++) hash = sha512(join(hash, key));
  return Array.from({ length: GROUPS }, (_, group) => {
    const five = hash.subarray(DIGITS * group, DIGITS * (group + 1));
    const number = five.reduce((sum, byte) => (sum * 256 + byte) % 100_000, 0);
    return String(number).padStart(DIGITS, '0');
  }).join('');
};

/** Sixty digits of two keys; the same for both sides. Takes some hundredths of a second. */
export const safetyNumber = (one: string, other: string): string =>
  [digitsOf(one), digitsOf(other)].sort().join('');

/** Twelve groups of five, as people read them to each other. */
export const safetyGroups = (number: string): readonly string[] => number.match(/\d{5}/g) ?? [];

/** What the code on the screen says. */
export const safetyQr = (number: string): string => QR + number;

/** The number in a scanned code; undefined: it is another sort of code. */
export const parseSafetyQr = (text: string): string | undefined => {
  const number = text.startsWith(QR) ? text.slice(QR.length) : '';
  return /^\d{60}$/.test(number) ? number : undefined;
};

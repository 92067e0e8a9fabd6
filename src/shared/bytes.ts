import { fail, ok } from './result.ts';
import type { Failure, Result } from './result.ts';

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hexPattern = /^(?:[0-9a-f]{2})*$/;

/** Lower-case hex of bytes. */
export const bytesToHex = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += digits[byte];
  return text;
};

/** Bytes of lower-case hex; fails with `hex` on anything else. */
export const parseHex = (text: string): Result<Uint8Array<ArrayBuffer>, Failure<'hex'>> => {
  if (!hexPattern.test(text)) return fail('hex', 'expected lower-case hex digits in pairs');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return ok(bytes);
};

/** True for 64 lower-case hex digits: an event id, a public key, a SHA-256. */
export const isHex64 = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** True for 128 lower-case hex digits: a schnorr signature. */
export const isHex128 = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{128}$/.test(value);

/** Length in bytes of a string's UTF-8 form, without encoding it. Lone surrogates count 3 (as U+FFFD). */
export const utf8Length = (text: string): number => {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) length += 1;
    else if (code < 0x800) length += 2;
    else if (code >= 0xd800 && code < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length += 4;
      i += 1;
    } else length += 3;
  }
  return length;
};

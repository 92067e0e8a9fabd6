/**
 * How an account comes to another device of its owner: the new one shows a code with a key that lives for two minutes, the old one
 * answers sealed, both show six digits, and only then does the key travel. See docs/decisions/0039.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, isHex64, parseHex } from '#shared/bytes.ts';
import { isRecord, parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { displayLine } from '#shared/text.ts';

/** Seconds that a code counts; and, once both have found each other, until it has to be done. */
export const LINK_LIVES = 120;
const PREFIX = 'synchrono-city-link:1';

/** What the new device shows. */
export interface LinkCode {
  /** Its key for this once. */
  readonly host: string;
  /** 32 hex digits that only who sees the code knows. */
  readonly secret: string;
  /** Unix seconds. */
  readonly until: number;
}

/** `expired`: it was shown too long ago; `malformed`: it is another sort of code. */
export type LinkCodeFailure = Failure<'expired' | 'malformed'>;

const isNonce = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);

/** As the code's text. */
export const formatLinkCode = ({ host, secret, until }: LinkCode): string =>
  [PREFIX, host, secret, until].join(':');

/** Reads a code's text; `now` in Unix seconds. One that claims to live longer than any does is none. */
export const parseLinkCode = (text: string, now: number): Result<LinkCode, LinkCodeFailure> => {
  const rest = text.trim().startsWith(`${PREFIX}:`) ? text.trim().slice(PREFIX.length + 1) : '';
  const [host, secret, until = '', ...more] = rest.split(':');
  if (!isHex64(host) || !isNonce(secret) || !/^\d{10}$/.test(until) || more.length > 0)
    return fail('malformed', 'this is no code of a device');
  if (Number(until) > now + 2 * LINK_LIVES) return fail('malformed', 'this is no code of a device');
  return Number(until) < now
    ? fail('expired', 'this code is too old')
    : ok({ host, secret, until: Number(until) });
};

/** What the two say to each other, sealed. `stop`: it is over, and nothing was given. */
export type LinkMessage =
  | { readonly t: 'hello'; readonly nonce: string; readonly mac: string }
  | { readonly t: 'ready'; readonly nonce: string; readonly name: string }
  | { readonly t: 'key'; readonly key: string }
  | { readonly t: 'done' }
  | { readonly t: 'stop' };

/** Reads what was sealed; undefined for anything else. */
export const parseLinkMessage = (text: string): LinkMessage | undefined => {
  const json = parseJson(text);
  if (!json.ok || !isRecord(json.value)) return undefined;
  const { t, nonce, mac, name, key } = json.value;
  if (t === 'hello' && isNonce(nonce) && isHex64(mac)) return { t, nonce, mac };
  if (t === 'ready' && isNonce(nonce)) return { t, nonce, name: displayLine(String(name ?? ''), 60) };
  if (t === 'key' && isHex64(key)) return { t, key };
  return t === 'done' || t === 'stop' ? { t } : undefined;
};

const keyed = (secret: string, ...parts: readonly string[]): Uint8Array => {
  const key = parseHex(secret);
  return hmac(sha256, key.ok ? key.value : new Uint8Array(), new TextEncoder().encode(parts.join(' ')));
};

/** Proves that whoever says hello has seen the code. */
export const helloMac = ({ host, secret }: LinkCode, guest: string, nonce: string): string =>
  bytesToHex(keyed(secret, 'hello', host, guest, nonce));

/** Six digits that both screens show: the same only where both mean each other. */
export const linkDigits = (
  { host, secret }: LinkCode,
  guest: string,
  nonces: { readonly guest: string; readonly host: string },
): string => {
  const bytes = keyed(secret, 'digits', host, guest, nonces.guest, nonces.host);
  const number = bytes.subarray(0, 6).reduce((sum, byte) => (sum * 256 + byte) % 1_000_000, 0);
  return String(number).padStart(6, '0');
};

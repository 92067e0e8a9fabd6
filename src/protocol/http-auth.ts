/** NIP-98: an HTTP request signed by a key. */
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { bytesToHex } from '#shared/bytes.ts';
import { parseJson } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { hasValidId, parseEvent } from './event.ts';
import type { Draft, NostrEvent, Verifier } from './event.ts';
import * as kinds from './kinds.ts';
import { tagValues } from './tags.ts';

/** How far the event's time may be off, either side, in seconds. */
export const HTTP_AUTH_AGE = 60;

const SCHEME = 'Nostr ';
const MAX_HEADER = 8 * 1024;

export type HttpAuthFailure = Failure<'auth'>;

const encoder = new TextEncoder();
const bytesOf = (body: string | Uint8Array): Uint8Array =>
  typeof body === 'string' ? encoder.encode(body) : body;
const digestOf = (body: string | Uint8Array): string => bytesToHex(sha256(bytesOf(body)));

/** A request as its sender and its reader both see it; `url` absolute, with its query. */
export interface SignedRequest {
  readonly url: string;
  readonly method: string;
  readonly body?: string | Uint8Array;
}

/** Without it, the same request twice within a second would be one event, and the second one a replay. */
const newOnce = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(8)));

/** Kind 27235 for one request; the body goes in as its SHA-256, `once` makes it different from every other. */
export const makeHttpAuth = ({ url, method, body }: SignedRequest, once = newOnce()): Draft => ({
  kind: kinds.HTTP_AUTH,
  content: '',
  tags: [
    ['u', url],
    ['method', method.toUpperCase()],
    ...(body === undefined ? [] : [['payload', digestOf(body)]]),
    ['once', once],
  ],
});

/** The value of the `Authorization` header that carries a signed event. */
export const encodeHttpAuth = (event: NostrEvent): string =>
  SCHEME + base64.encode(encoder.encode(JSON.stringify(event)));

const textOf = (encoded: string): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(base64.decode(encoded));
  } catch {
    return undefined;
  }
};

/** Reads an `Authorization` header; neither id nor signature nor sense is checked here. Fails with `auth`. */
export const parseHttpAuth = (header: string | undefined): Result<NostrEvent, HttpAuthFailure> => {
  if (header === undefined) return fail('auth', 'sign the request with your key (NIP-98)');
  if (header.length > MAX_HEADER || !/^nostr /i.test(header))
    return fail('auth', 'the Authorization header is not one of NIP-98');
  const text = textOf(header.slice(SCHEME.length).trim());
  const json = text === undefined ? undefined : parseJson(text, 4);
  if (!json?.ok) return fail('auth', 'the Authorization header does not carry an event');
  const event = parseEvent(json.value);
  return event.ok ? event : fail('auth', event.error.message);
};

/** What the request must have been signed for. */
export interface ExpectedRequest {
  /** Every address under which this very request may have been made. */
  readonly urls: readonly string[];
  readonly method: string;
  /** As it arrived; undefined or empty: there is none. */
  readonly body?: string | Uint8Array;
  /** Unix seconds. */
  readonly now: number;
}

const onlyValue = (event: NostrEvent, name: string): string | undefined => {
  const values = tagValues(event, name);
  return values.length === 1 ? values[0] : undefined;
};

const isSignedFor = (event: NostrEvent, body: string | Uint8Array): boolean => {
  const [payload, ...more] = tagValues(event, 'payload');
  if (payload === undefined) return body.length === 0;
  return more.length === 0 && payload === digestOf(body);
};

/**
 * Everything NIP-98 asks, the signature last: kind, time, address, method, body (a body must be signed for), id. Gives the
 * key. That an event is used only once is the caller's to remember. Fails with `auth` and a sentence.
 */
export const checkHttpAuth = (
  event: NostrEvent,
  { urls, method, body = '', now }: ExpectedRequest,
  verifier: Verifier,
): Result<string, HttpAuthFailure> => {
  if (event.kind !== kinds.HTTP_AUTH) return fail('auth', `the event has kind ${kinds.HTTP_AUTH}`);
  if (Math.abs(event.created_at - now) > HTTP_AUTH_AGE)
    return fail('auth', `the event is more than ${HTTP_AUTH_AGE} seconds off; check your clock`);
  if (!urls.includes(onlyValue(event, 'u') ?? '')) return fail('auth', 'the event is for another address');
  if (onlyValue(event, 'method') !== method) return fail('auth', 'the event is for another method');
  if (!isSignedFor(event, body)) return fail('auth', 'the event is for another body');
  if (!hasValidId(event)) return fail('auth', 'the id is not the hash of the event');
  return verifier.verify(event) ? ok(event.pubkey) : fail('auth', 'the signature does not hold');
};

/** NIP-01 events: shapes, strict parsing, ids. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, isHex128, isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

export type Tag = readonly string[];
export type Tags = readonly Tag[];

/** What an author intends, before time, key and signature are known. */
export interface Draft {
  readonly kind: number;
  readonly tags: Tags;
  readonly content: string;
  /** Unix seconds; filled in when signing if absent. */
  readonly created_at?: number;
}

/** An event without its signature: the unit that is hashed (and NIP-59's rumor when it has an id). */
export interface UnsignedEvent {
  readonly kind: number;
  readonly tags: Tags;
  readonly content: string;
  readonly created_at: number;
  readonly pubkey: string;
}

/** A signed NIP-01 event. */
export interface NostrEvent extends UnsignedEvent {
  readonly id: string;
  readonly sig: string;
}

const encoder = new TextEncoder();

/** NIP-01's canonical bytes: UTF-8 of `[0,pubkey,created_at,kind,tags,content]`. */
export const serializeEvent = (event: UnsignedEvent): Uint8Array<ArrayBuffer> =>
  encoder.encode(
    JSON.stringify([0, event.pubkey, event.created_at, event.kind, event.tags, event.content]),
  ) as Uint8Array<ArrayBuffer>;

/** The event's id: lower-case hex SHA-256 of its canonical bytes (NIP-01). */
export const eventId = (event: UnsignedEvent): string => bytesToHex(sha256(serializeEvent(event)));

export type EventFailure = Failure<'event'>;

const isTag = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');

const isInteger = (value: unknown, max: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max;

/**
 * Strict NIP-01 shape; keeps only the seven known fields. Neither the id nor the signature is checked here:
 * that costs, and comes later (`hasValidId`, a Verifier).
 */
export const parseEvent = (value: unknown): Result<NostrEvent, EventFailure> => {
  if (!isRecord(value)) return fail('event', 'an event is a JSON object');
  const id = value['id'];
  const pubkey = value['pubkey'];
  const created_at = value['created_at'];
  const kind = value['kind'];
  const tags = value['tags'];
  const content = value['content'];
  const sig = value['sig'];
  if (!isHex64(id)) return fail('event', 'id must be 64 lower-case hex digits');
  if (!isHex64(pubkey)) return fail('event', 'pubkey must be 64 lower-case hex digits');
  if (!isHex128(sig)) return fail('event', 'sig must be 128 lower-case hex digits');
  if (!isInteger(kind, 65535)) return fail('event', 'kind must be an integer from 0 to 65535');
  if (!isInteger(created_at, Number.MAX_SAFE_INTEGER))
    return fail('event', 'created_at must be Unix seconds');
  if (typeof content !== 'string') return fail('event', 'content must be a string');
  if (!Array.isArray(tags) || !tags.every(isTag))
    return fail('event', 'tags must be non-empty arrays of strings');
  return ok({ id, pubkey, created_at, kind, tags, content, sig });
};

/** True when the id is the hash of the content (NIP-01). */
export const hasValidId = (event: NostrEvent): boolean => eventId(event) === event.id;

/** Checks schnorr signatures (BIP-340); implemented by a WASM library on each side. */
export interface Verifier {
  /** True when id and signature both hold. Never throws on bad input. */
  verify(event: NostrEvent): boolean;
}

/** Newest first; ties broken by the lower id (NIP-01's order for replaceable events). */
export const newestFirst = (
  a: Pick<NostrEvent, 'created_at' | 'id'>,
  b: Pick<NostrEvent, 'created_at' | 'id'>,
): number => b.created_at - a.created_at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

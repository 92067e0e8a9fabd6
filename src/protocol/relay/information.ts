/** NIP-11: what a relay says of itself, and what we read of it. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** NIP-11's limits in NIP-11's own names; sizes in bytes, times in seconds. */
interface RelayLimits {
  readonly max_message_length: number;
  readonly max_subscriptions: number;
  readonly max_filters: number;
  readonly max_limit: number;
  readonly max_subid_length: number;
  readonly max_event_tags: number;
  readonly max_content_length: number;
  readonly created_at_lower_limit: number;
  readonly created_at_upper_limit: number;
  readonly auth_required: boolean;
  readonly payment_required: boolean;
  readonly restricted_writes: boolean;
}

export interface RelayInformation {
  readonly name: string;
  readonly description: string;
  /** The relay's own public key: it signs 39000–39005. */
  readonly self: string;
  readonly supported_nips: readonly number[];
  readonly software: string;
  readonly version: string;
  readonly limitation: RelayLimits;
  /** Kind → bits of work (ours; NIP-11 has one number for all). */
  readonly pow: Readonly<Record<string, number>>;
}

/**
 * By what an operator's own app finds that its key is one of the operators' (ours; NIP-11 has room for one): 16 hex digits of a
 * hash, so that the document is no list of people to go after.
 */
export const operatorMark = (pubkey: string): string =>
  bytesToHex(sha256(new TextEncoder().encode(`operator ${pubkey}`))).slice(0, 16);

/** The part of a relay's document that a client relies on. */
export interface CityInformation {
  readonly name: string;
  readonly self: string;
  readonly pow: Readonly<Record<string, number>>;
  readonly supportedNips: readonly number[];
  /** `operatorMark` of each operator; absent in what was kept by older versions of the app. */
  readonly operators?: readonly string[];
}

/** Reads a NIP-11 document; fails without a `self` key, since then nobody can say what a group is. */
export const parseCityInformation = (value: unknown): Result<CityInformation, Failure<'city'>> => {
  if (!isRecord(value) || !isHex64(value['self']))
    return fail('city', 'the server does not say which key is its own');
  const pow = isRecord(value['pow']) ? value['pow'] : {};
  const operators = Array.isArray(value['operators']) ? (value['operators'] as unknown[]) : [];
  const nips = Array.isArray(value['supported_nips']) ? value['supported_nips'] : [];
  return ok({
    name: typeof value['name'] === 'string' ? value['name'] : '',
    self: value['self'],
    pow: Object.fromEntries(
      Object.entries(pow).filter((entry): entry is [string, number] => Number.isInteger(entry[1])),
    ),
    supportedNips: nips.filter((nip): nip is number => Number.isInteger(nip)),
    operators: operators.filter((mark): mark is string => typeof mark === 'string').slice(0, 100),
  });
};

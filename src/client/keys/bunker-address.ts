/** The address of a remote signer: `bunker://<key>?relay=…&secret=…` (NIP-46). */
import { isHex64 } from '#shared/bytes.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { normalizeRelayUrl } from '#protocol/lists.ts';

export interface BunkerAddress {
  /** The signer's own key, which need not be the account's. */
  readonly pubkey: string;
  readonly relays: readonly string[];
  /** Good for one connection. */
  readonly secret?: string;
}

const MOST_RELAYS = 8;

/** Reads what a person pasted; fails with `address` unless it is a bunker address with at least one relay. */
export const parseBunkerAddress = (text: string): Result<BunkerAddress, Failure<'address'>> => {
  const match = /^bunker:\/\/([0-9a-fA-F]{64})\/?\?(.+)$/s.exec(text.trim());
  const pubkey = match?.[1]?.toLowerCase();
  if (!isHex64(pubkey)) return fail('address', 'A signer’s address begins with bunker:// and a key.');
  const query = new URLSearchParams(match?.[2] ?? '');
  const relays = [...new Set(query.getAll('relay').flatMap((relay) => normalizeRelayUrl(relay) ?? []))];
  if (relays.length === 0)
    return fail('address', 'The address does not say where the signer can be reached.');
  const secret = query.get('secret');
  return ok({ pubkey, relays: relays.slice(0, MOST_RELAYS), ...(secret ? { secret } : {}) });
};

/** The address as text, in the form that `parseBunkerAddress` reads. */
export const formatBunkerAddress = ({ pubkey, relays, secret }: BunkerAddress): string => {
  const query = new URLSearchParams(relays.map((relay): [string, string] => ['relay', relay]));
  if (secret) query.set('secret', secret);
  return `bunker://${pubkey}?${query.toString()}`;
};

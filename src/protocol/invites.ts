/** A group's address for sharing: `naddr1…` of its 39000, with `?invite=<code>` behind (NIP-19, NIP-29). */
import { decode, naddrEncode } from 'nostr-tools/nip19';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import * as kinds from './kinds.ts';
import { normalizeRelayUrl } from './lists.ts';

export interface GroupAddress {
  readonly group: string;
  /** The relay's own public key. */
  readonly relayKey: string;
  readonly relays: readonly string[];
  readonly invite?: string;
}

/** `naddr1…` or `naddr1…?invite=code`. */
export const encodeGroupAddress = ({ group, relayKey, relays, invite }: GroupAddress): string => {
  const address = naddrEncode({
    kind: kinds.GROUP_METADATA,
    pubkey: relayKey,
    identifier: group,
    relays: [...relays],
  });
  return invite ? `${address}?invite=${encodeURIComponent(invite)}` : address;
};

/** Reads an address with or without `nostr:` in front and an invite behind; addresses that are no relay's are left out; fails with `address`. */
export const parseGroupAddress = (text: string): Result<GroupAddress, Failure<'address'>> => {
  const [address = '', query = ''] = text
    .trim()
    .replace(/^(web\+)?nostr:(\/\/)?/i, '')
    .split('?', 2);
  try {
    const decoded = decode(address);
    if (decoded.type !== 'naddr' || decoded.data.kind !== kinds.GROUP_METADATA)
      return fail('address', 'this is not the address of a place');
    const invite = new URLSearchParams(query).get('invite');
    return ok({
      group: decoded.data.identifier,
      relayKey: decoded.data.pubkey,
      relays: [...new Set((decoded.data.relays ?? []).flatMap((relay) => normalizeRelayUrl(relay) ?? []))],
      ...(invite ? { invite } : {}),
    });
  } catch (cause) {
    return fail('address', 'this is not the address of a place', cause);
  }
};

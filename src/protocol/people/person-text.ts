/** Whom somebody means by what they type, paste or scan: a key (NIP-19, NIP-21), an address (NIP-05), or a name to look for. */
import { decode } from 'nostr-tools/nip19';
import { isHex64 } from '#shared/bytes.ts';
import { parseLink } from '../links.ts';
import { normalizeRelayUrl } from '../lists.ts';
import { parseNameAddress } from '../names/addresses.ts';

/** `secret`: a key that belongs to nobody else; `text`: maybe a name. */
export type PersonText =
  | { readonly type: 'key'; readonly pubkey: string; readonly relays: readonly string[] }
  | { readonly type: 'address'; readonly address: string }
  | { readonly type: 'secret' }
  | { readonly type: 'text'; readonly text: string };

const MOST_RELAYS = 3;
const profile = /^(?:(?:web\+)?nostr:)?(nprofile1[02-9ac-hj-np-z]+)$/i;
/** A person's page in any city of this sort. */
const page = /^https?:\/\/[^/\s]+\/people\/([0-9a-f]{64})\/?$/i;

const relaysOf = (text: string): readonly string[] => {
  const [, code = ''] = profile.exec(text) ?? [];
  if (code === '') return [];
  const found = decode(code.toLowerCase());
  const relays = found.type === 'nprofile' ? (found.data.relays ?? []) : [];
  return relays.flatMap((relay) => normalizeRelayUrl(relay) ?? []).slice(0, MOST_RELAYS);
};

/** Reads it; never fails, since anything may be a name. */
export const parsePersonText = (typed: string): PersonText => {
  const text = typed.trim();
  const hex = (page.exec(text)?.[1] ?? text).toLowerCase();
  if (isHex64(hex)) return { type: 'key', pubkey: hex, relays: [] };
  const link = parseLink(text);
  if (link.ok && link.value.type === 'person')
    return { type: 'key', pubkey: link.value.pubkey, relays: relaysOf(text) };
  if (!link.ok && link.error.code === 'secret') return { type: 'secret' };
  const address = text.includes('@') ? parseNameAddress(text) : undefined;
  return address?.ok ? { type: 'address', address: address.value.text } : { type: 'text', text };
};

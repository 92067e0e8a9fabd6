/** `nostr:…` references in text (NIP-21, NIP-27), and how people are written into it. */
import { decode, npubEncode } from 'nostr-tools/nip19';
import { GROUP_METADATA } from '#protocol/kinds.ts';
import type { Token } from './tokens.ts';

/** `nostr:` (or `@`, as some clients write) and a NIP-19 name of something public. */
const pattern = /(?:nostr:|@)((?:npub|nprofile|note|nevent|naddr)1[02-9ac-hj-np-z]{20,1500})/gi;
/** In front of these a reference is part of something else: an address, a word. */
const glue = /[\p{L}\p{N}_/@.:=&?#-]/u;

const decoded = (name: string) => {
  try {
    return decode(name.toLowerCase());
  } catch {
    return undefined;
  }
};

const tokenOf = (text: string, name: string, relayKey: string | undefined): Token | undefined => {
  const found = decoded(name);
  switch (found?.type) {
    case 'npub':
      return { type: 'mention', text, pubkey: found.data };
    case 'nprofile':
      return { type: 'mention', text, pubkey: found.data.pubkey };
    case 'note':
      return { type: 'event', text, id: found.data };
    case 'nevent':
      return { type: 'event', text, id: found.data.id };
    case 'naddr': {
      const { kind, pubkey, identifier } = found.data;
      return kind === GROUP_METADATA && pubkey === relayKey
        ? { type: 'place', text, group: identifier }
        : { type: 'event', text };
    }
    default:
      return undefined;
  }
};

/** Cuts text at its references; what cannot be decoded stays text. `relayKey`: whose places are this city's. */
export const splitReferences = (text: string, relayKey?: string): Token[] => {
  const tokens: Token[] = [];
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    const token = glue.test(text.charAt(match.index - 1))
      ? undefined
      : tokenOf(match[0], match[1] ?? '', relayKey);
    if (!token) continue;
    if (match.index > done) tokens.push({ type: 'text', text: text.slice(done, match.index) });
    tokens.push(token);
    done = match.index + match[0].length;
  }
  if (done < text.length) tokens.push({ type: 'text', text: text.slice(done) });
  return tokens;
};

/** A person as text carries them (NIP-27). */
export const personReference = (pubkey: string): string => `nostr:${npubEncode(pubkey)}`;

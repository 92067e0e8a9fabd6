/** Links from other apps: `nostr:` and `web+nostr:` addresses of people, lines and places (NIP-19, NIP-21). */
import { decode } from 'nostr-tools/nip19';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { GROUP_METADATA } from './kinds.ts';

/** Where a link leads; a place by its whole address, an invite's code behind it included. */
export type NostrLink =
  | { readonly type: 'person'; readonly pubkey: string }
  | { readonly type: 'line'; readonly id: string }
  | { readonly type: 'place'; readonly address: string };

/** `secret`: it holds a key that belongs to nobody else; `other`: something that no city shows; `unreadable`: no such link. */
export type LinkFailure = Failure<'secret' | 'other' | 'unreadable'>;

const MOST_CHARACTERS = 2_000;
const scheme = /^(?:web\+nostr|nostr):(?:\/\/)?/i;
const secret = /(?:nsec|ncryptsec)1[02-9ac-hj-np-z]{20}/i;
const name = /^((?:npub|nprofile|note|nevent|naddr)1[02-9ac-hj-np-z]+)(\?invite=[\w%.~-]{1,200})?$/i;

const refuse = (why: string, cause?: unknown) => fail('unreadable', why, cause);

const decoded = (text: string): ReturnType<typeof decode> | undefined => {
  try {
    return decode(text);
  } catch {
    return undefined;
  }
};

/** Reads a link with or without a scheme in front; fails as `LinkFailure` says. The text of a secret is in no failure. */
export const parseLink = (text: string): Result<NostrLink, LinkFailure> => {
  if (text.length > MOST_CHARACTERS) return refuse('this is longer than any link');
  if (secret.test(text)) return fail('secret', 'this link holds a secret key');
  const [, address = '', query = ''] = name.exec(text.trim().replace(scheme, '')) ?? [];
  const found = address === '' ? undefined : decoded(address.toLowerCase());
  switch (found?.type) {
    case 'npub':
      return ok({ type: 'person', pubkey: found.data });
    case 'nprofile':
      return ok({ type: 'person', pubkey: found.data.pubkey });
    case 'note':
      return ok({ type: 'line', id: found.data });
    case 'nevent':
      return ok({ type: 'line', id: found.data.id });
    case 'naddr':
      return found.data.kind === GROUP_METADATA
        ? ok({ type: 'place', address: `${address.toLowerCase()}${query}` })
        : fail('other', 'this leads to something that is no place');
    default:
      return refuse('this is no link to anything here');
  }
};

/** Addresses of people (NIP-05): how one is read, what the other side says of it, and how the city answers who asks. */
import { isHex64 } from '#shared/bytes.ts';
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { normalizeRelayUrl } from '../lists.ts';
import { NAMES_PATH, WELL_KNOWN_PATH } from './names.ts';

/** `GET ?address=`: whose address it is, for pages of this city. */
export const NAME_CHECK_PATH = `${NAMES_PATH}/check`;

/** An address in its one spelling. */
export interface NameAddress {
  /** `_` where the domain itself is the name. */
  readonly name: string;
  /** With its port, where it has one. */
  readonly domain: string;
  /** `name@domain`. */
  readonly text: string;
}

const MOST_CHARACTERS = 255;
const MOST_RELAYS = 5;
// ASCII only, on purpose: a Cyrillic а in a domain would look like somebody else's address.
const form = /^(?:([a-z0-9._-]{1,64})@)?((?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*(?::\d{1,5})?)$/;

/** Reads `name@domain`, or a bare domain with a dot in it; fails with `malformed`. */
export const parseNameAddress = (text: string): Result<NameAddress, Failure<'malformed'>> => {
  const [, name, domain = ''] =
    text.length > MOST_CHARACTERS ? [] : (form.exec(text.trim().toLowerCase()) ?? []);
  const isUsable =
    domain !== '' && (name !== undefined || domain.includes('.')) && URL.canParse(`https://${domain}/`);
  if (!isUsable || new URL(`http://${domain}/`).hostname !== domain.replace(/:\d+$/, ''))
    return fail('malformed', 'an address looks like name@city.example');
  return ok({ name: name ?? '_', domain, text: `${name ?? '_'}@${domain}` });
};

/** As a person reads it: a domain's own name without the `_@`. */
export const shownAddress = ({ name, domain, text }: NameAddress): string => (name === '_' ? domain : text);

/** Where the other side says whose name it is. */
export const wellKnownOf = ({ name, domain }: NameAddress, scheme: 'https' | 'http' = 'https'): string =>
  `${scheme}://${domain}${WELL_KNOWN_PATH}?name=${encodeURIComponent(name)}`;

/** Who stands behind an address. */
export interface NameOwner {
  readonly pubkey: string;
  /** Where they can be found, as the other side says. */
  readonly relays: readonly string[];
}

const relaysOf = (value: unknown): readonly string[] => {
  const texts = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  return [...new Set(texts.flatMap((text) => normalizeRelayUrl(text) ?? []))].slice(0, MOST_RELAYS);
};

const fieldOf = (record: unknown, key: string): unknown =>
  isRecord(record) && Object.hasOwn(record, key) ? record[key] : undefined;

/** What `nostr.json` says of one name; undefined: nobody has it. */
export const ownerIn = (document: unknown, name: string): NameOwner | undefined => {
  const pubkey = fieldOf(fieldOf(document, 'names'), name);
  if (typeof pubkey !== 'string' || !isHex64(pubkey)) return undefined;
  return { pubkey, relays: relaysOf(fieldOf(fieldOf(document, 'relays'), pubkey)) };
};

/** What the city answers at `NAME_CHECK_PATH`: an owner, or nobody; undefined for anything else. */
export const parseNameCheck = (value: unknown): { readonly owner: NameOwner | undefined } | undefined => {
  if (!isRecord(value) || !Object.hasOwn(value, 'pubkey')) return undefined;
  const { pubkey, relays } = value;
  if (pubkey === null) return { owner: undefined };
  return typeof pubkey === 'string' && isHex64(pubkey)
    ? { owner: { pubkey, relays: relaysOf(relays) } }
    : undefined;
};

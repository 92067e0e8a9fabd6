/** NIP-86: what other people's tools for relays ask, as they ask it. */
import { isRecord } from '#shared/json.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { ADMIN_LIMITS } from './admin.ts';
import { parseHexName, parseWords } from './actions.ts';

/** The content type that makes a POST to the relay's address a NIP-86 request. */
export const MANAGEMENT_TYPE = 'application/nostr+json+rpc';

/** Methods with a public key or an event's id and a reason. */
const NAMED = {
  banpubkey: 'pubkey',
  unbanpubkey: 'pubkey',
  allowpubkey: 'pubkey',
  unallowpubkey: 'pubkey',
  banevent: 'id',
  allowevent: 'id',
} as const;
const KINDS = ['allowkind', 'disallowkind'] as const;
const ADDRESSES = ['blockip', 'unblockip'] as const;
const TEXTS = { changerelayname: 60, changerelaydescription: 500, changerelayicon: 2048 } as const;
const LISTS = [
  'supportedmethods',
  'listbannedpubkeys',
  'listallowedpubkeys',
  'listbannedevents',
  'listeventsneedingmoderation',
  'listallowedkinds',
  'listblockedips',
] as const;

type Named = keyof typeof NAMED;
type Text = keyof typeof TEXTS;

/** A request that the city understands. */
export type ManagementRequest =
  | { readonly method: Named; readonly name: string; readonly reason: string }
  | { readonly method: (typeof KINDS)[number]; readonly kind: number }
  | { readonly method: (typeof ADDRESSES)[number]; readonly address: string; readonly reason: string }
  | { readonly method: Text; readonly text: string }
  | { readonly method: (typeof LISTS)[number] };

/** Everything the city can do, for `supportedmethods`. */
export const MANAGEMENT_METHODS: readonly string[] = [
  ...LISTS,
  ...Object.keys(NAMED),
  ...KINDS,
  ...ADDRESSES,
  ...Object.keys(TEXTS),
].sort();

type Read = Result<ManagementRequest, Failure<'malformed'>>;
const bad = (message: string) => fail('malformed', message);
const isIn = <T extends string>(method: string, names: readonly T[]): method is T =>
  (names as readonly string[]).includes(method);

const parseNamed = (method: Named, [name, reason]: readonly unknown[]): Read => {
  const named = parseHexName(name, NAMED[method]);
  if (!named.ok) return named;
  const words = parseWords(reason, 'reason', ADMIN_LIMITS.reason);
  return words.ok ? ok({ method, name: named.value, reason: words.value }) : words;
};

const parseAddress = (method: (typeof ADDRESSES)[number], [address, reason]: readonly unknown[]): Read => {
  if (typeof address !== 'string' || address.length > 64)
    return bad('an address is text of at most 64 characters');
  const words = parseWords(reason, 'reason', ADMIN_LIMITS.reason);
  return words.ok ? ok({ method, address, reason: words.value }) : words;
};

const parseText = (method: Text, [value]: readonly unknown[]): Read => {
  if (typeof value !== 'string') return bad(`${method} takes a text`);
  const words = parseWords(value, 'the text', TEXTS[method]);
  return words.ok ? ok({ method, text: words.value }) : words;
};

/** Reads a request; fails with `malformed` and a sentence, for methods that the city does not have too. */
export const parseManagementRequest = (value: unknown): Read => {
  if (!isRecord(value) || typeof value['method'] !== 'string')
    return bad('a request has a method and params');
  const { method } = value;
  const params: readonly unknown[] = Array.isArray(value['params']) ? value['params'] : [];
  if (isIn(method, LISTS)) return ok({ method });
  if (Object.hasOwn(NAMED, method)) return parseNamed(method as Named, params);
  if (Object.hasOwn(TEXTS, method)) return parseText(method as Text, params);
  if (isIn(method, ADDRESSES)) return parseAddress(method, params);
  if (!isIn(method, KINDS)) return bad('this city does not have this method; ask for supportedmethods');
  const [kind] = params;
  return Number.isInteger(kind) && (kind as number) >= 0 && (kind as number) <= 65_535
    ? ok({ method, kind: kind as number })
    : bad('a kind is a number from 0 to 65535');
};

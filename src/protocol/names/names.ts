/** Names of a city (NIP-05): what may be one, and what the city's door for them takes and gives. */
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';

/** NIP-05: `?name=` asks whose name it is. */
export const WELL_KNOWN_PATH = '/.well-known/nostr.json';
/** `GET` (NIP-98): one's own name; with `/<name>` behind it `PUT` and `DELETE` (NIP-98) claim and free it. */
export const NAMES_PATH = '/api/names';

/** A refusal's code with its HTTP status. */
export const NAME_REFUSALS = {
  malformed: 400,
  'auth-required': 401,
  blocked: 403,
  restricted: 403,
  reserved: 403,
  foreign: 403,
  'wrong-method': 405,
  'too-slow': 408,
  taken: 409,
  'too-large': 413,
  'rate-limited': 429,
  error: 500,
  unreachable: 502,
  busy: 503,
} as const;

export type NameRefusal = Failure<keyof typeof NAME_REFUSALS>;

/** One person's name would be taken for the city's own word; or a program would stumble over it. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['admin', 'administrator', 'root', 'city', 'synchrono', 'synchrono_city', 'support', 'help', 'relay'],
  ...[
    'operator',
    'operators',
    'moderator',
    'moderators',
    'mod',
    'mods',
    'owner',
    'staff',
    'team',
    'official',
  ],
  ...['system', 'security', 'abuse', 'postmaster', 'hostmaster', 'webmaster', 'noreply', 'no_reply', 'info'],
  ...[
    'contact',
    'legal',
    'privacy',
    'billing',
    'api',
    'www',
    'mail',
    'nostr',
    'everyone',
    'anybody',
    'nobody',
  ],
  ...['all', 'here', 'null', 'undefined', 'constructor', 'prototype', '__proto__', 'tostring', 'valueof'],
]);

/** The one spelling of a name that counts (names differ by more than case); fails with `malformed`. */
export const parseCityName = (text: string): Result<string, Failure<'malformed'>> =>
  /^[a-zA-Z0-9_]{3,64}$/.test(text)
    ? ok(text.toLowerCase())
    : fail('malformed', 'a name has 3 to 64 letters (a to z), digits or _');

/** True for a name, as `parseCityName` gives it, that nobody gets. */
export const isReservedName = (name: string): boolean => RESERVED.has(name) || /^_+$/.test(name);

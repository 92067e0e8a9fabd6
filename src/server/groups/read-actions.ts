/** Reads the tags of group actions strictly; every refusal says what is wrong. */
import { isHex64 } from '#shared/bytes.ts';
import { parseGeohash } from '#shared/geohash.ts';
import type { Geohash } from '#shared/geohash.ts';
import { err, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent, Tag } from '#protocol/event.ts';
import { checkGroupProfile, parseModes } from '#protocol/groups.ts';
import type { GroupProfile } from '#protocol/groups.ts';
import type { Reason } from '#protocol/reasons.ts';
import { expirationOf, tagValue, tagValues } from '#protocol/tags.ts';
import { refuse } from './state.ts';

const MAX_PICTURE = 1024;
const MAX_PINS = 20;
const MAX_ROLES = 8;
const MAX_ROLE_LENGTH = 32;
const MAX_CODE_LENGTH = 128;
const MAX_TARGETS = 100;

/** The one cell: a single `g`, or a cell with prefixes of it (a client may send a 39000's tags back). */
const readCell = (event: NostrEvent): Result<Geohash | undefined, Reason> => {
  const values = tagValues(event, 'g');
  const longest = [...values].sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) return ok(undefined);
  const cell = parseGeohash(longest);
  if (!cell.ok) return refuse('invalid', cell.error.message);
  return values.every((value) => value !== '' && longest.startsWith(value))
    ? ok(cell.value)
    : refuse('invalid', 'a place has one cell: give one g tag');
};

const isWebAddress = (text: string): boolean =>
  text.length <= MAX_PICTURE && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/**
 * The whole profile of a 9007 or 9002. Fields left out are unset (NIP-29), except name and cell, without which a place
 * is none: those stay as in `previous`, so that a client that knows nothing of `g` doesn't take a place off the map.
 */
export const readProfile = (event: NostrEvent, previous?: GroupProfile): Result<GroupProfile, Reason> => {
  const cell = readCell(event);
  if (!cell.ok) return cell;
  const geohash = cell.value ?? previous?.geohash;
  if (!geohash) return refuse('invalid', 'a place needs a g tag with a geohash of 1 to 6 characters');
  const picture = tagValue(event, 'picture');
  if (picture && !isWebAddress(picture)) return refuse('invalid', 'a picture is an http or https address');
  const profile = checkGroupProfile({
    name: tagValue(event, 'name') ?? previous?.name ?? '',
    about: tagValue(event, 'about') ?? '',
    geohash,
    modes: parseModes(event),
    ...(picture ? { picture } : {}),
  });
  return profile.ok ? profile : err({ code: 'invalid', message: profile.error.message });
};

export interface Appointment {
  readonly pubkey: string;
  readonly roles: readonly string[];
}

const areRoles = (roles: readonly string[]): boolean =>
  roles.length <= MAX_ROLES && roles.every((role) => role.length > 0 && role.length <= MAX_ROLE_LENGTH);

/** The people named by `p` tags with the roles behind; at least one, each once. */
export const readPeople = (event: NostrEvent): Result<readonly Appointment[], Reason> => {
  const people = new Map<string, Appointment>();
  for (const [name, pubkey, ...rest] of event.tags) {
    if (name !== 'p') continue;
    if (!isHex64(pubkey)) return refuse('invalid', 'a p tag holds a public key of 64 hex digits');
    const roles = [...new Set(rest.filter((role) => role !== ''))];
    if (!areRoles(roles))
      return refuse('invalid', `at most ${MAX_ROLES} roles of at most ${MAX_ROLE_LENGTH} characters`);
    people.set(pubkey, { pubkey, roles });
  }
  if (people.size === 0) return refuse('invalid', 'a p tag must name somebody');
  return people.size > MAX_TARGETS
    ? refuse('invalid', `at most ${MAX_TARGETS} people at once`)
    : ok([...people.values()]);
};

/** The ids named by `e` tags; at least one. */
export const readTargets = (event: NostrEvent): Result<readonly string[], Reason> => {
  const ids = [...new Set(tagValues(event, 'e'))];
  if (ids.length === 0 || !ids.every(isHex64)) return refuse('invalid', 'e tags must name events by id');
  return ids.length > MAX_TARGETS ? refuse('invalid', `at most ${MAX_TARGETS} events at once`) : ok(ids);
};

/** The code of an invitation and its end, if any. */
export const readInvite = (event: NostrEvent): Result<{ code: string; expiration?: number }, Reason> => {
  const code = tagValue(event, 'code') ?? '';
  if (code.length < 1 || code.length > MAX_CODE_LENGTH)
    return refuse('invalid', `an invitation has a code of 1 to ${MAX_CODE_LENGTH} characters`);
  const expiration = expirationOf(event);
  return ok(expiration === undefined ? { code } : { code, expiration });
};

/** The pinned events in order: `e` ids and `a` addresses. */
export const readPins = (event: NostrEvent): Result<readonly Tag[], Reason> => {
  const pins = event.tags
    .filter(([name, value]) => (name === 'e' && isHex64(value)) || (name === 'a' && !!value))
    .map(([name = '', value = '']): Tag => [name, value]);
  return pins.length > MAX_PINS ? refuse('invalid', `at most ${MAX_PINS} pins`) : ok(pins);
};

/** Reads the tags of group actions strictly; every refusal says what is wrong. */
import { createHash } from 'node:crypto';
import { isHex64 } from '#shared/bytes.ts';
import { parseGeohash } from '#shared/geohash.ts';
import type { Geohash } from '#shared/geohash.ts';
import { err, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent, Tag } from '#protocol/event.ts';
import { checkGroupProfile, parseModes } from '#protocol/groups.ts';
import type { GroupProfile } from '#protocol/groups.ts';
import type { Reason } from '#protocol/reasons.ts';
import { expirationOf, findTag, hasTag, tagValue, tagValues } from '#protocol/tags.ts';
import { refuse } from './state.ts';
import { chosenKinds, isTalkKind } from './supported-kinds.ts';

const MAX_PICTURE = 1024;
const MAX_PINS = 20;
const MAX_ROLES = 8;
const MAX_ROLE_LENGTH = 32;
const MAX_CODE_LENGTH = 128;
const MAX_TARGETS = 100;
const MAX_KINDS = 64;
const MAX_USES = 1_000_000;

/** On the city's 9000: which invitation let somebody in. On a 9009 that the city took over: how it was called before. */
export const INVITE_TAG = 'invite';
/** On what the city took over from somebody who vanished (NIP-62): nobody becomes anything by having done it. */
export const VANISHED_TAG = 'vanished';

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

/** A picture or a banner. */
const readImage = (event: NostrEvent, name: 'picture' | 'banner'): Result<string | undefined, Reason> => {
  const address = tagValue(event, name);
  return address && !isWebAddress(address)
    ? refuse('invalid', `a ${name} is an http or https address`)
    : ok(address === '' ? undefined : address);
};

/** The kinds of `supported_kinds`: none at all is a choice too; undefined where the city's own list holds. */
const readKinds = (event: NostrEvent): Result<readonly number[] | undefined, Reason> => {
  const named = findTag(event, 'supported_kinds')?.slice(1);
  if (!named) return ok(undefined);
  if (named.length > MAX_KINDS) return refuse('invalid', `a place names at most ${MAX_KINDS} kinds`);
  const odd = named.find((text) => !/^\d{1,5}$/.test(text) || !isTalkKind(Number(text)));
  return odd === undefined
    ? ok(chosenKinds(named.map(Number)))
    : refuse('invalid', `a place cannot take events of kind ${odd}`);
};

/**
 * The whole profile of a 9007 or 9002. Fields left out are unset (NIP-29), except name and cell, without which a place
 * is none: those stay as in `previous`, so that a client that knows nothing of `g` doesn't take a place off the map.
 */
export const readProfile = (event: NostrEvent, previous?: GroupProfile): Result<GroupProfile, Reason> => {
  const cell = readCell(event);
  if (!cell.ok) return cell;
  const geohash = cell.value ?? previous?.geohash;
  if (!geohash) return refuse('invalid', 'a place needs a g tag with a geohash of 1 to 6 characters');
  const [picture, banner] = [readImage(event, 'picture'), readImage(event, 'banner')];
  if (!picture.ok) return picture;
  if (!banner.ok) return banner;
  const supported = readKinds(event);
  if (!supported.ok) return supported;
  const profile = checkGroupProfile({
    name: tagValue(event, 'name') ?? previous?.name ?? '',
    about: tagValue(event, 'about') ?? '',
    geohash,
    modes: parseModes(event),
    ...(picture.value ? { picture: picture.value } : {}),
    ...(banner.value ? { banner: banner.value } : {}),
    ...(supported.value ? { supportedKinds: supported.value } : {}),
    ...(hasTag(event, 'livekit') ? { livekit: true } : {}),
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

/**
 * A name for an event that tells nothing of what is in it: its id is a hash of its text, so who guesses a short code
 * could make sure of it. A signature cannot be guessed by anybody who hasn't its key.
 */
export const opaqueName = ({ sig }: NostrEvent): string =>
  createHash('sha256').update(sig).digest('hex').slice(0, 16);

interface InviteTerms {
  readonly code: string;
  readonly ref: string;
  readonly expiration?: number;
  readonly uses?: number;
}

/** The code of an invitation, how answers name it, its end and its number of uses, if any. */
export const readInvite = (event: NostrEvent): Result<InviteTerms, Reason> => {
  const code = tagValue(event, 'code') ?? '';
  if (code.length < 1 || code.length > MAX_CODE_LENGTH)
    return refuse('invalid', `an invitation has a code of 1 to ${MAX_CODE_LENGTH} characters`);
  const number = tagValue(event, 'uses');
  const uses = Number(number);
  if (number !== undefined && !(/^\d{1,7}$/.test(number) && uses >= 1 && uses <= MAX_USES))
    return refuse('invalid', `an invitation is for 1 to ${MAX_USES} uses`);
  const expiration = expirationOf(event);
  return ok({
    code,
    ref: tagValue(event, INVITE_TAG) ?? opaqueName(event),
    ...(expiration === undefined ? {} : { expiration }),
    ...(number === undefined ? {} : { uses }),
  });
};

/** The pinned events in order: `e` ids and `a` addresses. */
export const readPins = (event: NostrEvent): Result<readonly Tag[], Reason> => {
  const pins = event.tags
    .filter(([name, value]) => (name === 'e' && isHex64(value)) || (name === 'a' && !!value))
    .map(([name = '', value = '']): Tag => [name, value]);
  return pins.length > MAX_PINS ? refuse('invalid', `at most ${MAX_PINS} pins`) : ok(pins);
};

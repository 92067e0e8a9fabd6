/** Who may see what: the same rule for stored answers (as an audience for SQL) and for every live delivery. */
import type { NostrEvent } from '#protocol/event.ts';
import { tagConditions } from '#protocol/filters.ts';
import type { Filter } from '#protocol/filters.ts';
import { isOwnBusiness } from '#protocol/lists/own-business.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Reason } from '#protocol/reasons.ts';
import { hasTag, identifierOf, tagValues } from '#protocol/tags.ts';
import type { GroupDirectory, GroupReader } from '../groups/directory.ts';
import { isAdmin, isTrusted } from '../groups/state.ts';
import type { GroupState } from '../groups/state.ts';
import type { Audience } from '../store/audience.ts';
import { placeOf } from '../store/rows.ts';

export type Keys = ReadonlySet<string>;

const has = (keys: Keys, test: (key: string) => boolean): boolean => {
  for (const key of keys) if (test(key)) return true;
  return false;
};

const isMember = (state: GroupState, keys: Keys): boolean => has(keys, (key) => state.members.has(key));
const isKeeper = (state: GroupState, keys: Keys): boolean => has(keys, (key) => isAdmin(state, key));
const isHelper = (state: GroupState, keys: Keys): boolean => has(keys, (key) => isTrusted(state, key));

/** Who sees everything of a place. The operators' keys count as members. */
export interface Access {
  readonly places: GroupReader;
  readonly operators: ReadonlySet<string>;
}

const belongs = (state: GroupState, keys: Keys, operators: ReadonlySet<string>): boolean =>
  isMember(state, keys) || has(keys, (key) => operators.has(key));

/** 39000, 39001 and 39003 describe; everything else of a place is talk. */
const describes = (kind: number): boolean =>
  kind === kinds.GROUP_METADATA || kind === kinds.GROUP_ADMINS || kind === kinds.GROUP_ROLES;

const canReadPlace = (state: GroupState, event: NostrEvent, keys: Keys, access: Access): boolean => {
  const { modes } = state.profile;
  if (state.deleted && event.kind !== kinds.DELETE_GROUP) return false;
  const inside = belongs(state, keys, access.operators);
  if (modes.hidden && !inside) return false;
  if (modes.private && !inside && !describes(event.kind)) return false;
  if (event.kind === kinds.CREATE_INVITE) return isKeeper(state, keys);
  // Moderators answer requests, but codes are for admins' eyes.
  if (event.kind === kinds.JOIN_REQUEST)
    return (
      keys.has(event.pubkey) || isKeeper(state, keys) || (isHelper(state, keys) && !hasTag(event, 'code'))
    );
  return true;
};

const isLetter = (kind: number): boolean =>
  kind === kinds.GIFT_WRAP || kind === kinds.EPHEMERAL_GIFT_WRAP || kind === kinds.LEGACY_DIRECT_MESSAGE;

/** True when somebody who has proven these keys may see the event. */
export const canRead = (event: NostrEvent, keys: Keys, access: Access): boolean => {
  if (isLetter(event.kind) && !keys.has(event.pubkey) && !tagValues(event, 'p').some((key) => keys.has(key)))
    return false;
  if (event.kind === kinds.APP_DATA && isOwnBusiness(identifierOf(event)) && !keys.has(event.pubkey))
    return false;
  const place = placeOf(event);
  const state = place === undefined ? undefined : access.places.get(place);
  return !state || canReadPlace(state, event, keys, access);
};

/** The same rule as values for SQL. */
export const audienceOf = (
  directory: GroupDirectory,
  keys: Keys,
  operators: ReadonlySet<string>,
): Audience => {
  const closedPlaces: string[] = [];
  const hiddenPlaces: string[] = [];
  const deletedPlaces: string[] = [];
  for (const state of directory.closedToReaders()) {
    if (state.deleted) deletedPlaces.push(state.id);
    if (belongs(state, keys, operators)) continue;
    if (state.profile.modes.private) closedPlaces.push(state.id);
    if (state.profile.modes.hidden) hiddenPlaces.push(state.id);
  }
  const helped = keys.size === 0 ? [] : [...directory.all()].filter((state) => isHelper(state, keys));
  return {
    keys: [...keys],
    closedPlaces,
    hiddenPlaces,
    deletedPlaces,
    administered: helped.filter((state) => isKeeper(state, keys)).map(({ id }) => id),
    moderated: helped.filter((state) => !isKeeper(state, keys)).map(({ id }) => id),
  };
};

const AUTH_REQUIRED: Reason = { code: 'auth-required', message: 'prove your key to read this' };
const MEMBERS_ONLY: Reason = { code: 'restricted', message: 'only members read this place' };

const namesOnlyLetters = (filter: Filter): boolean =>
  filter.kinds !== undefined && filter.kinds.length > 0 && filter.kinds.every(isLetter);

/** Private places that a filter asks for by name. A hidden one is not given away: it looks like one that isn't there. */
const closedNamed = (filter: Filter, keys: Keys, { places, operators }: Access): boolean => {
  const named = tagConditions(filter).find(([name]) => name === 'h')?.[1] ?? [];
  return named.some((id) => {
    const state = places.get(id);
    return state?.profile.modes.private && !state.profile.modes.hidden && !belongs(state, keys, operators);
  });
};

/** Why these filters can't be answered at all; undefined when they can (perhaps with less than asked). */
export const refusalOf = (filters: readonly Filter[], keys: Keys, access: Access): Reason | undefined => {
  if (keys.size === 0 && filters.some(namesOnlyLetters)) return AUTH_REQUIRED;
  if (!filters.some((filter) => closedNamed(filter, keys, access))) return undefined;
  return keys.size === 0 ? AUTH_REQUIRED : MEMBERS_ONLY;
};

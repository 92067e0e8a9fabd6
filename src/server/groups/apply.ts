/** NIP-29's state machine: judges one event of a place and says what follows. Pure. */
import { ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { ADMIN_ROLE, isGroupId } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Reason } from '#protocol/reasons.ts';
import { findTag, groupOf, hasTag } from '#protocol/tags.ts';
import { evolve, isCanonical } from './evolve.ts';
import { checkFamily } from './family.ts';
import { checkPower, powerOf } from './powers.ts';
import {
  INVITE_TAG,
  readInvite,
  readPeople,
  readPins,
  readProfile,
  readTargets,
  VANISHED_TAG,
} from './read-actions.ts';
import { answerRequest, leavesAnAdmin, opensDoor, refuseLastAdmin } from './requests.ts';
import { refuse } from './state.ts';
import type { Applied, GroupContext, GroupEffect, GroupState } from './state.ts';

type Judged = Result<Applied, Reason>;
type Verdict = Result<readonly GroupEffect[], Reason>;

const fine: Verdict = ok([]);
const only = (read: Result<unknown, Reason>): Verdict => (read.ok ? fine : read);

/** What is said about a place that isn't, and about a hidden one to those outside. */
export const refuseUnknownPlace = () => refuse('restricted', 'there is no such place in this city');

const checkCreate = (state: GroupState | undefined, event: NostrEvent, context: GroupContext): Verdict => {
  if (state?.deleted) return refuse('blocked', 'a place with this id was deleted; choose another id');
  if (state) return refuse('blocked', 'a place with this id is already there; choose another id');
  const id = groupOf(event) ?? '';
  if (!isGroupId(id)) return refuse('invalid', 'a place id has 1 to 64 letters, digits, - and _');
  const family = checkFamily(id, undefined, event, context);
  return family.ok ? only(readProfile(event)) : family;
};

const checkEdit = (state: GroupState, event: NostrEvent, context: GroupContext): Verdict => {
  const family = checkFamily(state.id, state, event, context);
  return family.ok ? only(readProfile(event, state.profile)) : family;
};

/** Both change what replaying makes of an event, so they count as the city's word alone. */
const speaksForCity = (event: NostrEvent): boolean =>
  hasTag(event, VANISHED_TAG) ||
  (hasTag(event, INVITE_TAG) && (event.kind === kinds.PUT_USER || event.kind === kinds.CREATE_INVITE));

const checkPutUser = (state: GroupState, event: NostrEvent): Verdict => {
  const people = readPeople(event);
  if (!people.ok) return people;
  const losing = people.value.filter(({ roles }) => !roles.includes(ADMIN_ROLE)).map(({ pubkey }) => pubkey);
  const gaining = people.value.some(({ roles }) => roles.includes(ADMIN_ROLE));
  return gaining || leavesAnAdmin(state, new Set(losing)) ? fine : refuseLastAdmin();
};

const checkRemoveUser = (state: GroupState, event: NostrEvent, { self }: GroupContext): Verdict => {
  const people = readPeople(event);
  if (!people.ok) return people;
  const named = new Set(people.value.map(({ pubkey }) => pubkey));
  if (![...named].some((pubkey) => state.members.has(pubkey))) return refuse('duplicate', 'not a member');
  // The city's own 9001 answers what was judged already, or somebody who vanishes (NIP-62): nobody is kept for an office.
  return event.pubkey === self || leavesAnAdmin(state, named) ? fine : refuseLastAdmin();
};

/** Moderation itself can't be taken away (the place could not be rebuilt), except invitations: that takes them back. */
export const isRemovable = (kind: number): boolean =>
  kind === kinds.CREATE_INVITE || !(kinds.isModeration(kind) || kinds.isGroupState(kind));

const checkDeleteEvents = (state: GroupState, event: NostrEvent, { find }: GroupContext): Verdict => {
  const targets = readTargets(event);
  if (!targets.ok) return targets;
  for (const id of targets.value) {
    const target = find(id);
    if (!target) continue; // not here (yet): its id is refused from now on
    if (groupOf(target) !== state.id) return refuse('restricted', 'this event belongs to another place');
    if (!isRemovable(target.kind)) return refuse('restricted', "an admin's action cannot be taken away");
  }
  return ok([{ type: 'delete-events', ids: targets.value }]);
};

const checkAction = (state: GroupState, event: NostrEvent, context: GroupContext): Verdict => {
  switch (event.kind) {
    case kinds.PUT_USER:
      return checkPutUser(state, event);
    case kinds.REMOVE_USER:
      return checkRemoveUser(state, event, context);
    case kinds.EDIT_METADATA:
      return checkEdit(state, event, context);
    case kinds.DELETE_EVENT:
      return checkDeleteEvents(state, event, context);
    case kinds.DELETE_GROUP:
      return ok([{ type: 'delete-content' }]);
    case kinds.CREATE_INVITE: {
      const invite = readInvite(event);
      if (!invite.ok) return invite;
      const known = state.invites.get(invite.value.code);
      return known && event.pubkey !== context.self && (known.expiration ?? Infinity) > context.now
        ? refuse('invalid', 'this code is already in use; choose another')
        : fine;
    }
    case kinds.UPDATE_PINS:
      return only(readPins(event));
    default:
      return refuse('unsupported', `this city does not know the action ${event.kind}`);
  }
};

/** To those outside, a hidden place isn't there, unless they hold a key to its door: a code, or an open one's id. */
const isShown = (state: GroupState, event: NostrEvent, context: GroupContext): boolean =>
  !state.profile.modes.hidden ||
  state.members.has(event.pubkey) ||
  powerOf(state, event.pubkey, context) !== 'none' ||
  (event.kind === kinds.JOIN_REQUEST && !state.deleted && opensDoor(state, event, context.now));

/** A place is rebuilt from its moderation events: one that was swept away (NIP-40) would change what was decided. */
const mayExpire = (event: NostrEvent): boolean =>
  !isCanonical(event.kind) || event.kind === kinds.CREATE_INVITE || !findTag(event, 'expiration');

const conclude = (state: GroupState | undefined, event: NostrEvent, verdict: Verdict): Judged => {
  if (!verdict.ok) return verdict;
  const next = evolve(state, event);
  return next
    ? ok({ state: next, effects: verdict.value })
    : refuse('invalid', 'this action could not be understood');
};

/**
 * Judges a group action (9000–9024) by the state of its place; `undefined`: there is none. On success the new state
 * and what the relay must do with it.
 */
export const applyGroupEvent = (
  state: GroupState | undefined,
  event: NostrEvent,
  context: GroupContext,
): Judged => {
  if (!mayExpire(event)) return refuse('invalid', 'what makes a place cannot expire; only an invitation can');
  if (speaksForCity(event) && event.pubkey !== context.self)
    return refuse('restricted', 'only the city itself says this');
  if (event.kind === kinds.CREATE_GROUP)
    return conclude(undefined, event, checkCreate(state, event, context));
  if (!state || !isShown(state, event, context)) return refuseUnknownPlace();
  if (state.deleted) return refuse('blocked', 'this place was deleted');
  const power = checkPower(state, event, context);
  if (!power.ok) return power;
  return isCanonical(event.kind)
    ? conclude(state, event, checkAction(state, event, context))
    : answerRequest(state, event, context);
};

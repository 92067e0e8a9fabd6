/** NIP-29's state machine: judges one event of a place and says what follows. Pure. */
import { ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { ADMIN_ROLE, isGroupId } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Reason } from '#protocol/reasons.ts';
import { findTag, groupOf } from '#protocol/tags.ts';
import { evolve, isCanonical } from './evolve.ts';
import { readInvite, readPeople, readPins, readProfile, readTargets } from './read-actions.ts';
import { answerRequest, leavesAnAdmin, needsAdmin, opensDoor, refuseLastAdmin } from './requests.ts';
import { isAdmin, refuse } from './state.ts';
import type { Applied, GroupContext, GroupEffect, GroupState } from './state.ts';

type Judged = Result<Applied, Reason>;
type Verdict = Result<readonly GroupEffect[], Reason>;

const fine: Verdict = ok([]);
const only = (read: Result<unknown, Reason>): Verdict => (read.ok ? fine : read);

/** What is said about a place that isn't, and about a hidden one to those outside. */
export const refuseUnknownPlace = () => refuse('restricted', 'there is no such place in this city');

const checkCreate = (state: GroupState | undefined, event: NostrEvent): Verdict => {
  if (state?.deleted) return refuse('blocked', 'a place with this id was deleted; choose another id');
  if (state) return refuse('blocked', 'a place with this id is already there; choose another id');
  if (!isGroupId(groupOf(event) ?? ''))
    return refuse('invalid', 'a place id has 1 to 64 letters, digits, - and _');
  return only(readProfile(event));
};

const checkPutUser = (state: GroupState, event: NostrEvent): Verdict => {
  const people = readPeople(event);
  if (!people.ok) return people;
  const losing = people.value.filter(({ roles }) => !roles.includes(ADMIN_ROLE)).map(({ pubkey }) => pubkey);
  const gaining = people.value.some(({ roles }) => roles.includes(ADMIN_ROLE));
  return gaining || leavesAnAdmin(state, new Set(losing)) ? fine : refuseLastAdmin();
};

const checkRemoveUser = (state: GroupState, event: NostrEvent): Verdict => {
  const people = readPeople(event);
  if (!people.ok) return people;
  const named = new Set(people.value.map(({ pubkey }) => pubkey));
  if (![...named].some((pubkey) => state.members.has(pubkey))) return refuse('duplicate', 'not a member');
  return leavesAnAdmin(state, named) ? fine : refuseLastAdmin();
};

/** Moderation itself can't be taken away (the place could not be rebuilt), except invitations: that takes them back. */
const isRemovable = (kind: number): boolean =>
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
      return checkRemoveUser(state, event);
    case kinds.EDIT_METADATA:
      return only(readProfile(event, state.profile));
    case kinds.DELETE_EVENT:
      return checkDeleteEvents(state, event, context);
    case kinds.DELETE_GROUP:
      return ok([{ type: 'delete-content' }]);
    case kinds.CREATE_INVITE: {
      const invite = readInvite(event);
      if (!invite.ok) return invite;
      return state.invites.has(invite.value.code)
        ? refuse('invalid', 'this code is already in use; choose another')
        : fine;
    }
    case kinds.UPDATE_PINS:
      return only(readPins(event));
    default:
      return refuse('unsupported', `this city does not know the action ${event.kind}`);
  }
};

const mayModerate = (state: GroupState, author: string, { self, operators }: GroupContext): boolean =>
  author === self || operators.has(author) || isAdmin(state, author);

/** To those outside, a hidden place isn't there, unless they hold a key to its door: a code, or an open one's id. */
const isShown = (state: GroupState, event: NostrEvent, context: GroupContext): boolean =>
  !state.profile.modes.hidden ||
  state.members.has(event.pubkey) ||
  mayModerate(state, event.pubkey, context) ||
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
  if (event.kind === kinds.CREATE_GROUP) return conclude(undefined, event, checkCreate(state, event));
  if (!state || !isShown(state, event, context)) return refuseUnknownPlace();
  if (state.deleted) return refuse('blocked', 'this place was deleted');
  const canonical = isCanonical(event.kind);
  if ((canonical || needsAdmin(event)) && !mayModerate(state, event.pubkey, context))
    return refuse('restricted', 'only an admin of this place may do this');
  return canonical
    ? conclude(state, event, checkAction(state, event, context))
    : answerRequest(state, event, context);
};

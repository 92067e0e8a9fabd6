/**
 * What people ask of a place: 9021 and 9022 (NIP-29), and seed 000's forms, an admin who names another `p`, 9023, 9024.
 * None of them changes the state by itself: the relay answers with a 9000 or 9001 of its own, so that every NIP-29
 * reader can rebuild the place from 9000–9020 alone.
 */
import { ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { ADMIN_ROLE, makePutUser, makeRemoveUser } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Reason } from '#protocol/reasons.ts';
import { tagValue } from '#protocol/tags.ts';
import { INVITE_TAG, readPeople } from './read-actions.ts';
import { adminsOf, refuse } from './state.ts';
import type { Applied, GroupContext, GroupEffect, GroupState, Invite } from './state.ts';

type Judged = Result<Applied, Reason>;

const issue = (state: GroupState, ...drafts: readonly Draft[]): Judged =>
  ok({ state, effects: drafts.map((draft): GroupEffect => ({ type: 'issue', draft })) });

/** The words of a request that waits; NIP-29 wants such a request refused with the reason why. */
export const PENDING = 'pending: an admin of this place will look at your request';

const isAuthorsOwn = (event: NostrEvent): boolean => {
  const named = tagValue(event, 'p');
  return named === undefined || named === event.pubkey;
};

/** The invitation whose code somebody brings, as long as it holds. `now` in Unix seconds. */
const validInvite = (state: GroupState, event: NostrEvent, now: number): Invite | undefined => {
  const invite = state.invites.get(tagValue(event, 'code') ?? '');
  if (!invite || (invite.expiration !== undefined && invite.expiration <= now)) return undefined;
  return invite.uses === undefined || invite.used < invite.uses ? invite : undefined;
};

/** True when somebody may come in at once: the place is open, or the code they bring is valid. `now` in Unix seconds. */
export const opensDoor = (state: GroupState, event: NostrEvent, now: number): boolean =>
  !state.profile.modes.closed || validInvite(state, event, now) !== undefined;

/** The answer says which invitation was used, so that replaying counts its uses; the code itself is nobody's to read. */
const admit = (state: GroupState, event: NostrEvent, invite?: Invite): Judged => {
  const draft = makePutUser(state.id, event.pubkey);
  return issue(state, invite ? { ...draft, tags: [...draft.tags, [INVITE_TAG, invite.ref]] } : draft);
};

const join = (state: GroupState, event: NostrEvent, { now }: GroupContext): Judged => {
  if (state.members.has(event.pubkey)) return refuse('duplicate', 'you are already a member');
  if (!state.profile.modes.closed) return admit(state, event);
  const invite = validInvite(state, event, now);
  if (invite) return admit(state, event, invite);
  return tagValue(event, 'code') === undefined
    ? ok({ state, effects: [{ type: 'hold-request', author: event.pubkey, message: PENDING }] })
    : refuse('restricted', 'this invitation is not valid any more');
};

const addOthers = (state: GroupState, event: NostrEvent): Judged => {
  const people = readPeople(event);
  if (!people.ok) return people;
  const fresh = people.value.filter(({ pubkey }) => !state.members.has(pubkey));
  return fresh.length === 0
    ? refuse('duplicate', 'already a member')
    : issue(state, ...fresh.map(({ pubkey }) => makePutUser(state.id, pubkey)));
};

/** A place whose last admin vanished has none to lose. */
const isLastAdmin = (state: GroupState, leaving: ReadonlySet<string>): boolean => {
  const admins = adminsOf(state);
  return admins.length > 0 && admins.every((admin) => leaving.has(admin));
};

/** The one sentence for leaving, demoting and removing alike. */
export const refuseLastAdmin = () =>
  refuse('restricted', 'a place needs an admin: make somebody else one first, or delete the place');

/** True when these people may go or lose their role: somebody with the admin role stays. */
export const leavesAnAdmin = (state: GroupState, leaving: ReadonlySet<string>): boolean =>
  !isLastAdmin(state, leaving);

const leave = (state: GroupState, event: NostrEvent): Judged => {
  if (!state.members.has(event.pubkey)) return refuse('duplicate', 'you are not a member');
  return leavesAnAdmin(state, new Set([event.pubkey]))
    ? issue(state, makeRemoveUser(state.id, event.pubkey))
    : refuseLastAdmin();
};

const removeOthers = (state: GroupState, event: NostrEvent): Judged => {
  const people = readPeople(event);
  if (!people.ok) return people;
  const present = people.value.filter(({ pubkey }) => state.members.has(pubkey));
  if (present.length === 0) return refuse('duplicate', 'not a member');
  return leavesAnAdmin(state, new Set(present.map(({ pubkey }) => pubkey)))
    ? issue(state, ...present.map(({ pubkey }) => makeRemoveUser(state.id, pubkey)))
    : refuseLastAdmin();
};

const withRole = (roles: readonly string[], admin: boolean): string[] => [
  ...(admin ? [ADMIN_ROLE] : []),
  ...roles.filter((role) => role !== ADMIN_ROLE),
];

const changeRank = (state: GroupState, event: NostrEvent, admin: boolean): Judged => {
  const people = readPeople(event);
  if (!people.ok) return people;
  const named = people.value.map(({ pubkey }) => pubkey);
  if (!named.every((pubkey) => state.members.has(pubkey))) return refuse('invalid', 'not a member');
  if (!admin && !leavesAnAdmin(state, new Set(named))) return refuseLastAdmin();
  return issue(
    state,
    ...named.map((pubkey) =>
      makePutUser(state.id, pubkey, withRole(state.members.get(pubkey)?.roles ?? [], admin)),
    ),
  );
};

/** True when a 9021–9024 is about others. */
export const isAboutOthers = (event: NostrEvent): boolean =>
  event.kind === kinds.JOIN_REQUEST || event.kind === kinds.LEAVE_REQUEST ? !isAuthorsOwn(event) : true;

/** Answers a 9021–9024 whose author may ask it; the state itself stays. */
export const answerRequest = (state: GroupState, event: NostrEvent, context: GroupContext): Judged => {
  switch (event.kind) {
    case kinds.JOIN_REQUEST:
      return isAuthorsOwn(event) ? join(state, event, context) : addOthers(state, event);
    case kinds.LEAVE_REQUEST:
      return isAuthorsOwn(event) ? leave(state, event) : removeOthers(state, event);
    case kinds.PROMOTE_ADMIN:
      return changeRank(state, event, true);
    case kinds.DEMOTE_ADMIN:
      return changeRank(state, event, false);
    default:
      return refuse('unsupported', `this city does not know the action ${event.kind}`);
  }
};

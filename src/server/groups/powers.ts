/** Who may do what in a place: what `admin` and `moderator` mean (NIP-29 leaves it to the relay; 39003 tells it). */
import { ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Reason } from '#protocol/reasons.ts';
import { readPeople } from './read-actions.ts';
import { isAboutOthers } from './requests.ts';
import { isAdmin, isTrusted, refuse } from './state.ts';
import type { GroupContext, GroupState } from './state.ts';

type Power = 'admin' | 'moderator' | 'none';

const fine: Result<true, Reason> = ok(true);
const refuseAll = () => refuse('restricted', 'only an admin of this place may do this');

/** The power somebody has in a place. The city itself and its operators are admins everywhere. */
export const powerOf = (state: GroupState, author: string, { self, operators }: GroupContext): Power => {
  if (author === self || operators.has(author) || isAdmin(state, author)) return 'admin';
  return isTrusted(state, author) ? 'moderator' : 'none';
};

/** In and out goes, by a moderator's hand, who has no role and gets none: nobody is raised, nobody brought down. */
const checkPeople = (state: GroupState, event: NostrEvent): Result<true, Reason> => {
  const people = readPeople(event);
  if (!people.ok) return people;
  const touchesRoles = people.value.some(
    ({ pubkey, roles }) => roles.length > 0 || (state.members.get(pubkey)?.roles.length ?? 0) > 0,
  );
  return touchesRoles
    ? refuse('restricted', 'only an admin of this place gives roles, takes them, or removes who has one')
    : fine;
};

/** Taking an invitation's event away takes its code back: that is for those who may see codes. */
const checkTargets = (state: GroupState, event: NostrEvent, { find }: GroupContext): Result<true, Reason> => {
  const invitations = new Set([...state.invites.values()].map(({ eventId }) => eventId));
  const takesBack = event.tags.some(
    ([name, id = '']) => name === 'e' && (invitations.has(id) || find(id)?.kind === kinds.CREATE_INVITE),
  );
  return takesBack ? refuseAll() : fine;
};

const checkModerator = (
  state: GroupState,
  event: NostrEvent,
  context: GroupContext,
): Result<true, Reason> => {
  switch (event.kind) {
    case kinds.PUT_USER:
    case kinds.REMOVE_USER:
    case kinds.JOIN_REQUEST:
    case kinds.LEAVE_REQUEST:
      return checkPeople(state, event);
    case kinds.DELETE_EVENT:
      return checkTargets(state, event, context);
    case kinds.UPDATE_PINS:
      return fine;
    default:
      return refuseAll();
  }
};

/** Whether the author of a 9000–9024 has the power for it; what everybody may ask for themselves needs none. */
export const checkPower = (
  state: GroupState,
  event: NostrEvent,
  context: GroupContext,
): Result<true, Reason> => {
  const asks = event.kind === kinds.JOIN_REQUEST || event.kind === kinds.LEAVE_REQUEST;
  if (asks && !isAboutOthers(event)) return fine;
  const power = powerOf(state, event.pubkey, context);
  if (power === 'admin') return fine;
  return power === 'moderator' ? checkModerator(state, event, context) : refuseAll();
};

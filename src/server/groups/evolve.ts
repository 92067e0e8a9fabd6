/**
 * NIP-29's canonical sequence: what each accepted moderation event does to a place. Total and without judgement, so
 * that replaying the stored events in their order of acceptance always gives the state again.
 */
import type { NostrEvent } from '#protocol/event.ts';
import { ADMIN_ROLE } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { groupOf, hasTag, tagValue, tagValues } from '#protocol/tags.ts';
import {
  INVITE_TAG,
  readInvite,
  readPeople,
  readPins,
  readProfile,
  readTargets,
  VANISHED_TAG,
} from './read-actions.ts';
import type { GroupState, Invite, Membership } from './state.ts';

/** True for the events that make up a place: the relay's answers to everything else are among them. */
export const isCanonical = (kind: number): boolean =>
  kind >= kinds.FIRST_MODERATION && kind <= kinds.LAST_MODERATION;

/** The same parent keeps its time: parts are shown in the order in which they came. */
const parentIn = (event: NostrEvent, before?: GroupState): GroupState['parent'] => {
  const id = tagValue(event, 'parent');
  if (!id) return undefined;
  return before?.parent?.id === id ? before.parent : { id, since: event.created_at };
};

const create = (event: NostrEvent): GroupState | undefined => {
  const profile = readProfile(event);
  const id = groupOf(event);
  if (!profile.ok || id === undefined) return undefined;
  const creator: Membership = { roles: [ADMIN_ROLE], joinedAt: event.created_at, addedBy: event.pubkey };
  return {
    id,
    createdBy: event.pubkey,
    createdAt: event.created_at,
    updatedAt: event.created_at,
    profile: profile.value,
    members: new Map(hasTag(event, VANISHED_TAG) ? [] : [[event.pubkey, creator]]),
    invites: new Map(),
    pins: [],
    parent: parentIn(event),
    childOrder: [],
    deleted: false,
  };
};

const edit = (state: GroupState, event: NostrEvent): GroupState => {
  const profile = readProfile(event, state.profile);
  if (!profile.ok) return state;
  const childOrder = [...new Set(tagValues(event, 'child'))];
  return { ...state, profile: profile.value, parent: parentIn(event, state), childOrder };
};

/** Only the city says so (apply.ts), in its answer to who came in with a code. */
const withUse = (invites: GroupState['invites'], ref: string): GroupState['invites'] =>
  new Map(
    [...invites].map(([code, invite]) => [
      code,
      invite.ref === ref ? { ...invite, used: invite.used + 1 } : invite,
    ]),
  );

const withPeople = (state: GroupState, event: NostrEvent): GroupState => {
  const people = readPeople(event);
  if (!people.ok) return state;
  const members = new Map(state.members);
  for (const { pubkey, roles } of people.value) {
    const before = members.get(pubkey);
    members.set(pubkey, {
      roles,
      joinedAt: before?.joinedAt ?? event.created_at,
      addedBy: before?.addedBy ?? event.pubkey,
    });
  }
  const ref = tagValue(event, INVITE_TAG);
  return { ...state, members, ...(ref === undefined ? {} : { invites: withUse(state.invites, ref) }) };
};

const withoutPeople = (state: GroupState, event: NostrEvent): GroupState => {
  const people = readPeople(event);
  if (!people.ok) return state;
  const members = new Map(state.members);
  for (const { pubkey } of people.value) members.delete(pubkey);
  return { ...state, members };
};

const withInvite = (state: GroupState, event: NostrEvent): GroupState => {
  const invite = readInvite(event);
  if (!invite.ok) return state;
  const { code, ...terms } = invite.value;
  const entry: Invite = { eventId: event.id, ...terms, used: 0 };
  return { ...state, invites: new Map(state.invites).set(code, entry) };
};

/** Taking an invitation's event away takes its code back, and a pinned line loses its pin. */
const withoutEvents = (state: GroupState, event: NostrEvent): GroupState => {
  const read = readTargets(event);
  if (!read.ok) return state;
  const gone = new Set(read.value);
  const invites = [...state.invites].filter(([, invite]) => !gone.has(invite.eventId));
  const pins = state.pins.filter(([name, value]) => name !== 'e' || value === undefined || !gone.has(value));
  return {
    ...state,
    invites: invites.length === state.invites.size ? state.invites : new Map(invites),
    pins: pins.length === state.pins.length ? state.pins : pins,
  };
};

const change = (state: GroupState, event: NostrEvent): GroupState => {
  switch (event.kind) {
    case kinds.PUT_USER:
      return withPeople(state, event);
    case kinds.REMOVE_USER:
      return withoutPeople(state, event);
    case kinds.EDIT_METADATA:
      return edit(state, event);
    case kinds.DELETE_EVENT:
      return withoutEvents(state, event);
    case kinds.DELETE_GROUP:
      return { ...state, deleted: true };
    case kinds.CREATE_INVITE:
      return withInvite(state, event);
    case kinds.UPDATE_PINS: {
      const pins = readPins(event);
      return pins.ok ? { ...state, pins: pins.value } : state;
    }
    default:
      return state;
  }
};

/** The state after an accepted event; unchanged (the same value) where the event means nothing here. */
export const evolve = (state: GroupState | undefined, event: NostrEvent): GroupState | undefined => {
  if (!state) return event.kind === kinds.CREATE_GROUP ? create(event) : undefined;
  const next = change(state, event);
  return next === state ? state : { ...next, updatedAt: Math.max(state.updatedAt, event.created_at) };
};

/** The state that the same events give when another key has signed those of `from` (NIP-62). */
export const withMaker = (state: GroupState, from: string, to: string): GroupState => ({
  ...state,
  createdBy: state.createdBy === from ? to : state.createdBy,
  members: new Map(
    [...state.members].map(([pubkey, membership]) => [
      pubkey,
      membership.addedBy === from ? { ...membership, addedBy: to } : membership,
    ]),
  ),
});

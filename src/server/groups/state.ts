/** What a place is, as its moderation events made it (NIP-29). Values, never changed in place. */
import type { Draft, NostrEvent, Tag } from '#protocol/event.ts';
import { ADMIN_ROLE, MODERATOR_ROLE } from '#protocol/groups.ts';
import type { GroupProfile } from '#protocol/groups.ts';
import type { Reason } from '#protocol/reasons.ts';
import { err } from '#shared/result.ts';

export interface Membership {
  readonly roles: readonly string[];
  /** Unix seconds. */
  readonly joinedAt: number;
  readonly addedBy: string;
}

export interface Invite {
  readonly eventId: string;
  /** How the relay's answers name it (requests.ts): says nothing of the code. */
  readonly ref: string;
  /** Unix seconds; undefined: until it is taken back (9005). */
  readonly expiration?: number;
  /** How many people may come in with it; undefined: any number. */
  readonly uses?: number;
  /** How many came. */
  readonly used: number;
}

export interface GroupState {
  readonly id: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Without `parent` and `children`: who belongs to whom is `family.ts`. */
  readonly profile: GroupProfile;
  readonly members: ReadonlyMap<string, Membership>;
  /** By code. */
  readonly invites: ReadonlyMap<string, Invite>;
  /** `e` and `a` tags in the order to be shown. */
  readonly pins: readonly Tag[];
  /** The place that this one says it is a part of, since when (Unix seconds). */
  readonly parent: { readonly id: string; readonly since: number } | undefined;
  /** The order of its parts, as an admin last gave it. */
  readonly childOrder: readonly string[];
  /** A deleted place keeps its id for ever and shows only its end. */
  readonly deleted: boolean;
}

/** The places of a city, as judgement and announcements look around in them. */
export interface Places {
  get(id: string): GroupState | undefined;
  /** Those whose own `parent` names this one, deleted and hidden ones too. */
  partsOf(id: string): readonly GroupState[];
}

/** What an event of a place is judged by, beside the place's state. */
export interface GroupContext {
  /** The relay's own key: always allowed. */
  readonly self: string;
  /** Keys that may act as admin everywhere. */
  readonly operators: ReadonlySet<string>;
  /** Unix seconds. */
  readonly now: number;
  /** A stored event by its id; undefined when it isn't here. */
  readonly find: (id: string) => Pick<NostrEvent, 'kind' | 'pubkey' | 'tags'> | undefined;
  readonly places: Places;
}

/** What follows from an accepted event beside the new state; the caller carries it out in the same transaction. */
export type GroupEffect =
  /** The relay signs this and applies it as well. */
  | { readonly type: 'issue'; readonly draft: Draft }
  | { readonly type: 'delete-events'; readonly ids: readonly string[] }
  | { readonly type: 'delete-content' }
  /** The request is kept for the admins (an older one of the same person goes), the author hears `message`. */
  | { readonly type: 'hold-request'; readonly author: string; readonly message: string };

export interface Applied {
  readonly state: GroupState;
  readonly effects: readonly GroupEffect[];
}

/** A failed result with a NIP-01 reason. */
export const refuse = (code: Reason['code'], message: string) => err<Reason>({ code, message });

const hasRole = (state: GroupState, pubkey: string, role: string): boolean =>
  state.members.get(pubkey)?.roles.includes(role) ?? false;

/** True for members with every power. */
export const isAdmin = (state: GroupState, pubkey: string): boolean => hasRole(state, pubkey, ADMIN_ROLE);

/** True for members with some power: admins and moderators. */
export const isTrusted = (state: GroupState, pubkey: string): boolean =>
  isAdmin(state, pubkey) || hasRole(state, pubkey, MODERATOR_ROLE);

/** The keys of all admins, in order of joining. */
export const adminsOf = (state: GroupState): string[] =>
  [...state.members.keys()].filter((pubkey) => isAdmin(state, pubkey));

/** Admins, then moderators, each in order of joining. */
export const trustedOf = (state: GroupState): string[] => [
  ...adminsOf(state),
  ...[...state.members.keys()].filter((pubkey) => isTrusted(state, pubkey) && !isAdmin(state, pubkey)),
];

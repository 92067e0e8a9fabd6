/** What a place is, as its moderation events made it (NIP-29). Values, never changed in place. */
import type { Draft, NostrEvent, Tag } from '#protocol/event.ts';
import { ADMIN_ROLE } from '#protocol/groups.ts';
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
  /** Unix seconds; undefined: until it is taken back (9005). */
  readonly expiration?: number;
}

export interface GroupState {
  readonly id: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly profile: GroupProfile;
  readonly members: ReadonlyMap<string, Membership>;
  readonly invites: ReadonlyMap<string, Invite>;
  /** `e` and `a` tags in the order to be shown. */
  readonly pins: readonly Tag[];
  /** A deleted place keeps its id for ever and shows only its end. */
  readonly deleted: boolean;
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

/** True for members with every power. */
export const isAdmin = (state: GroupState, pubkey: string): boolean =>
  state.members.get(pubkey)?.roles.includes(ADMIN_ROLE) ?? false;

/** The keys of all admins, in order of joining. */
export const adminsOf = (state: GroupState): string[] =>
  [...state.members].flatMap(([pubkey, { roles }]) => (roles.includes(ADMIN_ROLE) ? [pubkey] : []));

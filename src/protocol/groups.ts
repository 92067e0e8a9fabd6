/** NIP-29 groups pinned to a geohash cell: what people send, what the relay's own key says back. */
import { isHex64 } from '#shared/bytes.ts';
import { parseGeohash } from '#shared/geohash.ts';
import type { Geohash } from '#shared/geohash.ts';
import { fail, ok } from '#shared/result.ts';
import type { Failure, Result } from '#shared/result.ts';
import { countCharacters, displayLine, displayText } from '#shared/text.ts';
import type { Draft, NostrEvent, Tag } from './event.ts';
import type { Filter } from './filters.ts';
import * as kinds from './kinds.ts';
import { hasTag, identifierOf, tagValue, tagValues, findTag } from './tags.ts';

/** The role with every power here. */
export const ADMIN_ROLE = 'admin';
/** Takes lines away, pins, lets plain members in and out; clients may name further roles, which carry no power. */
export const MODERATOR_ROLE = 'moderator';

/** NIP-29's flags. Absent means: anyone reads, anyone writes, requests are honoured, metadata is public. */
export interface GroupModes {
  /** Only members read. */
  readonly private: boolean;
  /** Only members write. */
  readonly restricted: boolean;
  /** Requests wait for an admin or need an invite code. */
  readonly closed: boolean;
  /** Not even the metadata is shown to others. */
  readonly hidden: boolean;
}

export const GROUP_MODE_NAMES = ['private', 'restricted', 'closed', 'hidden'] as const;

/** What a group says of itself. Name 3–100 characters, about ≤ 500, one cell of 1–6 characters. */
export interface GroupProfile {
  readonly name: string;
  readonly about: string;
  readonly picture?: string;
  readonly banner?: string;
  readonly geohash?: Geohash;
  readonly modes: GroupModes;
  /** Undefined: what its relay takes by default (NIP-29: every kind). */
  readonly supportedKinds?: readonly number[];
  /** Calls by way of LiveKit; a relay says so only where it has one. */
  readonly livekit?: true;
  /** The group that this one is a part of; absent: it stands on its own. */
  readonly parent?: string;
  /** Its parts in their order. Whoever edits a group names them all, or the relay refuses (NIP-29). */
  readonly children?: readonly string[];
}

/** A group as its relay's kind 39000 tells it. */
export interface GroupMetadata extends GroupProfile {
  readonly id: string;
  readonly relay: string; // the signing key, not an address
  readonly updatedAt: number;
}

export interface GroupMember {
  readonly pubkey: string;
  readonly roles: readonly string[];
}

/** Ids: 1–64 of letters, digits, `-` and `_` (a subset of NIP-29's "any string" that survives URLs and logs). */
export const isGroupId = (text: string): boolean => /^[a-zA-Z0-9_-]{1,64}$/.test(text);

const GROUP_NAME_MIN = 3;
export const GROUP_NAME_MAX = 100;
export const GROUP_ABOUT_MAX = 500;

type ProfileFailure = Failure<'name' | 'about' | 'geohash' | 'picture'>;

/** Reads modes from flag tags. */
export const parseModes = (event: { readonly tags: readonly Tag[] }): GroupModes => ({
  private: hasTag(event, 'private'),
  restricted: hasTag(event, 'restricted'),
  closed: hasTag(event, 'closed'),
  hidden: hasTag(event, 'hidden'),
});

/** Checks what a person typed, before work is spent on it. */
export const checkGroupProfile = (profile: GroupProfile): Result<GroupProfile, ProfileFailure> => {
  const length = countCharacters(profile.name.trim());
  if (length < GROUP_NAME_MIN || length > GROUP_NAME_MAX)
    return fail('name', `a place's name has ${GROUP_NAME_MIN} to ${GROUP_NAME_MAX} characters`);
  if (countCharacters(profile.about) > GROUP_ABOUT_MAX)
    return fail('about', `a description has at most ${GROUP_ABOUT_MAX} characters`);
  return ok(profile);
};

const profileTags = (profile: GroupProfile): Tag[] => [
  ['name', profile.name.trim()],
  ['about', profile.about],
  ...(profile.picture ? [['picture', profile.picture]] : []),
  ...(profile.banner ? [['banner', profile.banner]] : []),
  ...(profile.geohash ? [['g', profile.geohash]] : []),
  ...GROUP_MODE_NAMES.filter((mode) => profile.modes[mode]).map((mode) => [mode]),
  ...(profile.livekit ? [['livekit']] : []),
  ...(profile.supportedKinds ? [['supported_kinds', ...profile.supportedKinds.map(String)]] : []),
  ...(profile.parent === undefined ? [] : [['parent', profile.parent]]),
  ...(profile.children ?? []).map((child) => ['child', child]),
];

const action = (kind: number, group: string, tags: readonly Tag[], content = ''): Draft => ({
  kind,
  tags: [['h', group], ...tags],
  content,
});

/** Kind 9007 with everything in one event; the relay answers with 39000–39003. Costs 28 bits of work. */
export const makeCreateGroup = (group: string, profile: GroupProfile): Draft =>
  action(kinds.CREATE_GROUP, group, profileTags(profile));

/** Kind 9002: the whole profile anew (NIP-29: fields left out are unset, `g` too). */
export const makeEditGroup = (group: string, profile: GroupProfile): Draft =>
  action(kinds.EDIT_METADATA, group, profileTags(profile));

/** Kind 9008. */
export const makeDeleteGroup = (group: string): Draft => action(kinds.DELETE_GROUP, group, []);

/** Kind 9000: adds a person or sets their roles; an empty list makes a plain member. */
export const makePutUser = (group: string, pubkey: string, roles: readonly string[] = []): Draft =>
  action(kinds.PUT_USER, group, [['p', pubkey, ...roles]]);

/** Kind 9001. */
export const makeRemoveUser = (group: string, pubkey: string, reason = ''): Draft =>
  action(kinds.REMOVE_USER, group, [['p', pubkey]], reason);

/** Kind 9005: an admin takes a line away for everyone. */
export const makeDeleteEvent = (group: string, event: string, reason = ''): Draft =>
  action(kinds.DELETE_EVENT, group, [['e', event]], reason);

/** How long an invitation holds: until a time (Unix seconds, NIP-40), for so many people (the tag `["uses","5"]`, ours). */
export interface InviteLimits {
  readonly expiration?: number;
  readonly uses?: number;
}

/** Kind 9009: whoever joins with the code is a member at once, within the limits. */
export const makeInvite = (group: string, code: string, { expiration, uses }: InviteLimits = {}): Draft =>
  action(kinds.CREATE_INVITE, group, [
    ['code', code],
    ...(expiration === undefined ? [] : [['expiration', String(expiration)]]),
    ...(uses === undefined ? [] : [['uses', String(uses)]]),
  ]);

/** Kind 9021: asks to be a member. */
export const makeJoinRequest = (group: string, code?: string, reason = ''): Draft =>
  action(kinds.JOIN_REQUEST, group, code ? [['code', code]] : [], reason);

/** Kind 9022. */
export const makeLeaveRequest = (group: string): Draft => action(kinds.LEAVE_REQUEST, group, []);

/** Reads a 39000. Tolerant: bad optional fields are left out, texts come out fit to be shown; fails only without a usable id. */
export const parseGroupMetadata = (event: NostrEvent): Result<GroupMetadata, Failure<'group'>> => {
  const id = identifierOf(event);
  if (event.kind !== kinds.GROUP_METADATA || !id) return fail('group', 'not group metadata');
  const cell = longestCell(tagValues(event, 'g'));
  const picture = tagValue(event, 'picture');
  const banner = tagValue(event, 'banner');
  const supported = findTag(event, 'supported_kinds');
  const parent = tagValue(event, 'parent');
  const children = [...new Set(tagValues(event, 'child').filter((child) => child !== ''))];
  return ok({
    id,
    relay: event.pubkey,
    name: displayLine(tagValue(event, 'name') ?? '', GROUP_NAME_MAX) || id,
    about: displayText(tagValue(event, 'about') ?? ''),
    ...(picture ? { picture } : {}),
    ...(banner ? { banner } : {}),
    ...(cell ? { geohash: cell } : {}),
    ...(supported ? { supportedKinds: supported.slice(1).filter(isKindText).map(Number) } : {}),
    ...(hasTag(event, 'livekit') ? { livekit: true } : {}),
    ...(parent ? { parent } : {}),
    ...(children.length > 0 ? { children } : {}),
    modes: parseModes(event),
    updatedAt: event.created_at,
  });
};

const isKindText = (text: string): boolean => /^\d{1,5}$/.test(text);

/** 39000 carries the cell and all its prefixes: the longest is the cell. */
const longestCell = (values: readonly string[]): Geohash | undefined =>
  values
    .flatMap((value) => {
      const cell = parseGeohash(value);
      return cell.ok ? [cell.value] : [];
    })
    .sort((a, b) => b.length - a.length)[0];

/** The people of a 39001 or 39002, roles in order; malformed and repeated keys left out. */
export const parseGroupPeople = (event: NostrEvent): GroupMember[] => {
  const seen = new Map<string, GroupMember>();
  for (const [name, pubkey, ...roles] of event.tags)
    if (name === 'p' && isHex64(pubkey) && !seen.has(pubkey)) seen.set(pubkey, { pubkey, roles });
  return [...seen.values()];
};

/** Which kind a line gets: 1 where the group lists it, 9 everywhere else. */
export const lineKindFor = (group: Pick<GroupMetadata, 'supportedKinds'>): number =>
  group.supportedKinds?.includes(kinds.NOTE) ? kinds.NOTE : kinds.CHAT_LINE;

/** A group's state: metadata, admins, members, roles, live, pins. */
export const groupStateFilter = (group: string, relayKey: string): Filter => ({
  kinds: [
    kinds.GROUP_METADATA,
    kinds.GROUP_ADMINS,
    kinds.GROUP_MEMBERS,
    kinds.GROUP_ROLES,
    kinds.GROUP_LIVE,
    kinds.GROUP_PINS,
  ],
  authors: [relayKey],
  '#d': [group],
});

/** A group's talk: lines, files, reactions, edits, deletions. */
export const groupTalkFilter = (
  group: string,
  page: { until?: number; since?: number; limit?: number } = {},
): Filter => ({
  kinds: [
    ...kinds.LINE_KINDS,
    kinds.FILE_METADATA,
    kinds.REACTION,
    kinds.EDIT,
    kinds.POLL_ANSWER,
    kinds.DELETION,
    kinds.DELETE_EVENT,
  ],
  '#h': [group],
  ...page,
});

/** Requests that may wait for an admin, and what was decided. */
export const groupRequestsFilter = (group: string): Filter => ({
  kinds: [kinds.JOIN_REQUEST, kinds.LEAVE_REQUEST, kinds.PUT_USER, kinds.REMOVE_USER],
  '#h': [group],
  limit: 200,
});

/** What the relay's own key says of a place: 39000 metadata, 39001 admins, 39002 members, 39003 roles, 39005 pins (NIP-29). */
import { geohashPrefixes } from '#shared/geohash.ts';
import type { Draft, Tag } from '#protocol/event.ts';
import { ADMIN_ROLE, GROUP_MODE_NAMES, MODERATOR_ROLE } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { childrenOf, parentOf, relativesOf } from './family.ts';
import { trustedOf } from './state.ts';
import type { GroupState, Places } from './state.ts';
import { SUPPORTED_KINDS } from './supported-kinds.ts';

/** A 39002 lists at most so many people (NIP-29 allows a part): admins first, then in order of joining. */
const MAX_LISTED = 2000;

/** Whether this city has a LiveKit server is not the place's to say; calls are not built yet, so no 39000 has `livekit`. */
const metadataTags = (state: GroupState, places: Places): Tag[] => {
  const { profile } = state;
  const parent = parentOf(state, places);
  return [
    ['name', profile.name.trim()],
    ['about', profile.about],
    ...(profile.picture ? [['picture', profile.picture]] : []),
    ...(profile.banner ? [['banner', profile.banner]] : []),
    ...(profile.geohash
      ? geohashPrefixes(profile.geohash)
          .map((prefix) => ['g', prefix])
          .reverse()
      : []),
    ...GROUP_MODE_NAMES.filter((mode) => profile.modes[mode]).map((mode) => [mode]),
    ['supported_kinds', ...(profile.supportedKinds ?? SUPPORTED_KINDS).map(String)],
    ...(parent === undefined ? [] : [['parent', parent]]),
    ...childrenOf(state, places).map((child) => ['child', child]),
  ];
};

const adminTags = (state: GroupState): Tag[] =>
  trustedOf(state).map((pubkey) => ['p', pubkey, ...(state.members.get(pubkey)?.roles ?? [])]);

const memberTags = (state: GroupState): Tag[] => {
  const trusted = trustedOf(state);
  const first = new Set(trusted);
  const others = [...state.members.keys()].filter((pubkey) => !first.has(pubkey));
  return [...trusted, ...others].slice(0, MAX_LISTED).map((pubkey) => ['p', pubkey]);
};

const roleTags: readonly Tag[] = [
  ['role', ADMIN_ROLE, 'edits the place, its people, their roles and its lines; invites; may end it'],
  ['role', MODERATOR_ROLE, 'takes lines away, pins, lets people without a role in and out'],
];

const say = (kind: number, group: string, tags: readonly Tag[], content = ''): Draft => ({
  kind,
  content,
  tags: [['d', group], ...tags],
});

const areSame = (a: readonly Tag[], b: readonly Tag[]): boolean => JSON.stringify(a) === JSON.stringify(b);

const haveSameMembers = (a: GroupState, b: GroupState): boolean =>
  a.members === b.members ||
  (a.members.size === b.members.size && [...a.members.keys()].every((pubkey) => b.members.has(pubkey)));

interface Moment {
  readonly state: GroupState;
  readonly places: Places;
}

/** Drafts of what must be said anew after a change; everything when there was nothing before. */
export const announceChanges = (before: Moment | undefined, { state, places }: Moment): Draft[] => {
  if (state.deleted) return [];
  const drafts: Draft[] = [];
  const metadata = metadataTags(state, places);
  if (!before || !areSame(metadataTags(before.state, before.places), metadata))
    drafts.push(say(kinds.GROUP_METADATA, state.id, metadata));
  const admins = adminTags(state);
  const sameAdmins = before && areSame(adminTags(before.state), admins);
  if (!sameAdmins) drafts.push(say(kinds.GROUP_ADMINS, state.id, admins));
  if (!sameAdmins || !haveSameMembers(before.state, state))
    drafts.push(say(kinds.GROUP_MEMBERS, state.id, memberTags(state)));
  if (!before) drafts.push(say(kinds.GROUP_ROLES, state.id, roleTags));
  if (before ? before.state.pins !== state.pins : state.pins.length > 0)
    drafts.push(say(kinds.GROUP_PINS, state.id, state.pins));
  return drafts;
};

/** What must be said when these places have changed: of them, and of those whose parent or part they are or were. */
export const announceAll = (
  before: Places,
  after: Places,
  changed: readonly string[],
): { readonly place: string; readonly drafts: readonly Draft[] }[] => {
  const concerned = new Set(changed);
  for (const id of changed) {
    const state = after.get(id);
    if (state) for (const relative of relativesOf(before.get(id), state, after)) concerned.add(relative);
  }
  return [...concerned].flatMap((place) => {
    const [old, state] = [before.get(place), after.get(place)];
    if (!state) return [];
    return [
      { place, drafts: announceChanges(old && { state: old, places: before }, { state, places: after }) },
    ];
  });
};

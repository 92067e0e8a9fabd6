/** What the relay's own key says of a place: 39000 metadata, 39001 admins, 39002 members, 39003 roles, 39005 pins (NIP-29). */
import { geohashPrefixes } from '#shared/geohash.ts';
import type { Draft, Tag } from '#protocol/event.ts';
import { ADMIN_ROLE, GROUP_MODE_NAMES } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { adminsOf } from './state.ts';
import type { GroupState } from './state.ts';

/** Kinds that a place takes (besides its management); ephemeral ones are not listed and always taken. */
export const SUPPORTED_KINDS: readonly number[] = [
  kinds.NOTE,
  kinds.DELETION,
  kinds.REACTION,
  kinds.CHAT_LINE,
  kinds.THREAD,
  kinds.EDIT,
  kinds.POLL_ANSWER,
  kinds.CALL_STARTED,
  kinds.CALL_ENDED,
  kinds.FILE_METADATA,
  kinds.POLL,
  kinds.COMMENT,
  kinds.REPORT,
];

/** A 39002 lists at most so many people (NIP-29 allows a part): admins first, then in order of joining. */
const MAX_LISTED = 2000;

const metadataTags = ({ profile }: GroupState): Tag[] => [
  ['name', profile.name.trim()],
  ['about', profile.about],
  ...(profile.picture ? [['picture', profile.picture]] : []),
  ...(profile.geohash
    ? geohashPrefixes(profile.geohash)
        .map((prefix) => ['g', prefix])
        .reverse()
    : []),
  ...GROUP_MODE_NAMES.filter((mode) => profile.modes[mode]).map((mode) => [mode]),
  ['supported_kinds', ...SUPPORTED_KINDS.map(String)],
];

const adminTags = (state: GroupState): Tag[] =>
  adminsOf(state).map((pubkey) => ['p', pubkey, ...(state.members.get(pubkey)?.roles ?? [])]);

const memberTags = (state: GroupState): Tag[] => {
  const admins = adminsOf(state);
  const first = new Set(admins);
  const others = [...state.members.keys()].filter((pubkey) => !first.has(pubkey));
  return [...admins, ...others].slice(0, MAX_LISTED).map((pubkey) => ['p', pubkey]);
};

const roleTags: readonly Tag[] = [['role', ADMIN_ROLE, 'edits the place, its people and its lines']];

const say = (kind: number, group: string, tags: readonly Tag[], content = ''): Draft => ({
  kind,
  content,
  tags: [['d', group], ...tags],
});

const haveSameAdmins = (a: GroupState, b: GroupState): boolean =>
  JSON.stringify(adminTags(a)) === JSON.stringify(adminTags(b));

const haveSameMembers = (a: GroupState, b: GroupState): boolean =>
  a.members.size === b.members.size && [...a.members.keys()].every((pubkey) => b.members.has(pubkey));

/** Drafts of what must be said anew after a change; everything when there was nothing before. */
export const announceChanges = (before: GroupState | undefined, after: GroupState): Draft[] => {
  if (after.deleted) return [];
  const drafts: Draft[] = [];
  if (before?.profile !== after.profile)
    drafts.push(say(kinds.GROUP_METADATA, after.id, metadataTags(after)));
  if (!before || !haveSameAdmins(before, after))
    drafts.push(say(kinds.GROUP_ADMINS, after.id, adminTags(after)));
  if (!before || !haveSameMembers(before, after) || !haveSameAdmins(before, after))
    drafts.push(say(kinds.GROUP_MEMBERS, after.id, memberTags(after)));
  if (!before) drafts.push(say(kinds.GROUP_ROLES, after.id, roleTags));
  if (before ? before.pins !== after.pins : after.pins.length > 0)
    drafts.push(say(kinds.GROUP_PINS, after.id, after.pins));
  return drafts;
};

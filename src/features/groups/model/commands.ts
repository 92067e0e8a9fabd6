/** What a person does with places: intent → draft → city. Failures come back as sentences. */
import type { City, Published, PublishFailure } from '#client/city/city.ts';
import { publishMerged } from '#client/city/merge.ts';
import { pictureUpload } from '#client/media/media.ts';
import { m } from '#messages/paraglide/messages.js';
import {
  ADMIN_ROLE,
  checkGroupProfile,
  makeCreateGroup,
  makeDeleteEvent,
  makeDeleteGroup,
  makeEditGroup,
  makeInvite,
  makeJoinRequest,
  makeLeaveRequest,
  makePutUser,
  makeRemoveUser,
} from '#protocol/groups.ts';
import type { GroupMember, GroupProfile } from '#protocol/groups.ts';
import { encodeGroupAddress } from '#protocol/invites.ts';
import * as kinds from '#protocol/kinds.ts';
import { makeMyGroups } from '#protocol/lists.ts';
import { fail, ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { CommandFailure } from './refusals.ts';
import { conclude, send } from './send.ts';
import type { Sent, SendOptions } from './send.ts';

export type Done = Promise<Result<Sent, CommandFailure>>;

// 32 letters without those that look alike; 256 is a multiple of it, so every letter is as likely.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const ID_LENGTH = 14;
const CODE_LENGTH = 16;

/** Letters by chance, fit for addresses and for reading aloud: 5 bits each. */
export const randomLetters = (length: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => LETTERS[byte % LETTERS.length]).join(
    '',
  );

/** Checks a profile and says what is wrong in the person's words. */
export const checkPlace = (profile: GroupProfile): Result<GroupProfile, CommandFailure> => {
  const checked = checkGroupProfile(profile);
  if (checked.ok) return checked;
  return checked.error.code === 'name'
    ? fail('name', m.groups_name_length())
    : fail('about', m.groups_about_length());
};

/** NIP-51: other clients find my places by this list. Best effort: a list that can't be fetched is not overwritten. */
const remember = async (city: City, group: string, member: boolean, name?: string): Promise<void> => {
  if (!city.account) return;
  const change = { group, relay: city.relay, member, ...(name === undefined ? {} : { name }) };
  await publishMerged(city, kinds.MY_GROUPS, (previous) => makeMyGroups(change, previous));
};

/** Kind 9007 with its work; the new place's id comes back. `id` may be given so that a second try is the same place. */
export const createGroup = async (
  city: City,
  profile: GroupProfile,
  { id = randomLetters(ID_LENGTH), ...options }: SendOptions & { readonly id?: string } = {},
): Promise<Result<Sent & { readonly group: string }, CommandFailure>> => {
  const checked = checkPlace(profile);
  if (!checked.ok) return checked;
  const title = m.groups_create_task({ name: profile.name.trim() });
  const sent = await send(city, makeCreateGroup(id, profile), {
    title,
    ...options,
    ...pictureUpload(profile.picture),
    reason: 'create',
  });
  return welcome(city, id, profile, sent);
};

/** The end of a creation that an earlier page began: `publishing` is that very event on its way. */
export const finishGroup = async (
  city: City,
  { id, profile }: { readonly id: string; readonly profile: GroupProfile },
  publishing: Promise<Result<Published, PublishFailure>>,
  patience?: number,
): Promise<Result<Sent & { readonly group: string }, CommandFailure>> =>
  welcome(city, id, profile, await conclude(city, publishing, patience));

const welcome = (
  city: City,
  group: string,
  profile: GroupProfile,
  sent: Result<Sent, CommandFailure>,
): Result<Sent & { readonly group: string }, CommandFailure> => {
  if (!sent.ok) return sent;
  void remember(city, group, true, profile.name.trim());
  return ok({ ...sent.value, group });
};

/** Kind 9021, with an invitation's code where there is one. `pending`: an admin will look at it. */
export const joinGroup = async (
  city: City,
  group: { readonly id: string; readonly name?: string },
  {
    code,
    text = '',
    ...options
  }: SendOptions & { readonly code?: string | undefined; readonly text?: string } = {},
): Done => {
  const sent = await send(city, makeJoinRequest(group.id, code, text), options);
  if (sent.ok && sent.value.outcome !== 'pending') void remember(city, group.id, true, group.name);
  return sent;
};

/** Kind 9022. */
export const leaveGroup = async (city: City, group: string, options?: SendOptions): Done => {
  const sent = await send(city, makeLeaveRequest(group), options);
  if (sent.ok) void remember(city, group, false);
  return sent;
};

/** Lets somebody in (9000). */
export const approve = (city: City, group: string, pubkey: string, options?: SendOptions): Done =>
  send(city, makePutUser(group, pubkey), options);

/** Takes a request away for everyone (9005), with a word for the person. The person may ask again. */
export const decline = (
  city: City,
  group: string,
  request: string,
  reason = '',
  options?: SendOptions,
): Done => send(city, makeDeleteEvent(group, request, reason), options);

/** Takes somebody off the list (9001). */
export const removeMember = (
  city: City,
  group: string,
  pubkey: string,
  reason = '',
  options?: SendOptions,
): Done => send(city, makeRemoveUser(group, pubkey, reason.trim()), options);

/** Gives a member every power; other roles stay. */
export const promote = (city: City, group: string, member: GroupMember, options?: SendOptions): Done =>
  send(city, makePutUser(group, member.pubkey, [...new Set([...member.roles, ADMIN_ROLE])]), options);

/** Takes an admin's powers back; they stay a member. */
export const demote = (city: City, group: string, member: GroupMember, options?: SendOptions): Done =>
  send(
    city,
    makePutUser(
      group,
      member.pubkey,
      member.roles.filter((role) => role !== ADMIN_ROLE),
    ),
    options,
  );

/** The whole profile anew (9002). */
export const editGroup = async (
  city: City,
  group: string,
  profile: GroupProfile,
  options?: SendOptions,
): Done => {
  const checked = checkPlace(profile);
  if (!checked.ok) return checked;
  return send(city, makeEditGroup(group, profile), { ...options, ...pictureUpload(profile.picture) });
};

/** Ends a place for everyone (9008). Nothing brings it back. */
export const deleteGroup = async (city: City, group: string, options?: SendOptions): Done => {
  const sent = await send(city, makeDeleteGroup(group), options);
  if (sent.ok) void remember(city, group, false);
  return sent;
};

/** A place's address on this city, for sharing: `https://…/naddr1…`, with an invitation's code behind where there is one. */
export const groupLink = (city: City, group: string, origin: string, invite?: string): string =>
  `${origin}/${encodeGroupAddress({
    group,
    relayKey: city.relayKey,
    relays: [city.relay],
    ...(invite === undefined ? {} : { invite }),
  })}`;

/** Makes a code at the city (9009) and a link that carries it: whoever opens it may join at once. */
export const makeInviteLink = async (
  city: City,
  group: string,
  origin: string,
  options?: SendOptions & { readonly expiration?: number },
): Promise<Result<Sent & { readonly link: string }, CommandFailure>> => {
  const code = randomLetters(CODE_LENGTH);
  const sent = await send(city, makeInvite(group, code, options), options);
  return sent.ok ? ok({ ...sent.value, link: groupLink(city, group, origin, code) }) : sent;
};

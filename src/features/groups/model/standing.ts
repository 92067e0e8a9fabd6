/** What the rows mean: who is in a place, what I am in it, who is waiting. Pure. */
import { ADMIN_ROLE } from '#protocol/groups.ts';
import type { GroupMember, GroupModes } from '#protocol/groups.ts';
import type { GroupRow, MembersRow, OwnActionRow, RequestRow } from './tables.ts';

/** What a person is in a place. */
export type StandingName = 'visitor' | 'asked' | 'member' | 'admin' | 'refused';

export interface Standing {
  readonly is: StandingName;
  /** With `asked`: the city has the request. With `member` and `admin`: false while leaving is under way. */
  readonly settled: boolean;
  /** With `refused`: the words of whoever refused; may be empty. */
  readonly reason: string;
  /** With `refused`: the city (its rules), an admin who declined, or an admin who took the person off the list. */
  readonly by: 'city' | 'admin' | 'removal';
}

/** Everybody in a place with their roles: admins first, then in the relay's order. */
export const peopleOf = (row: MembersRow | undefined): GroupMember[] => {
  const found = new Map<string, GroupMember>();
  for (const { pubkey, roles } of [...(row?.admins?.people ?? []), ...(row?.members?.people ?? [])]) {
    const before = found.get(pubkey);
    found.set(pubkey, { pubkey, roles: [...new Set([...(before?.roles ?? []), ...roles])] });
  }
  return [...found.values()].sort((a, b) => Number(isAdmin(b)) - Number(isAdmin(a)));
};

export const isAdmin = (member: GroupMember): boolean => member.roles.includes(ADMIN_ROLE);

/** True for a place that is there to be shown. */
export const isHere = (row: GroupRow): boolean => row.eventId !== '' && row.deletedAt === undefined;

/** True when nobody has decided on a request since, nor has it been taken back. Members are left out by the reader. */
export const isWaiting = (
  { asked, left, decided }: RequestRow,
  declined: ReadonlyMap<string, string>,
): boolean =>
  asked !== undefined &&
  !declined.has(asked.id) &&
  (decided?.created_at ?? -1) < asked.created_at &&
  (left?.created_at ?? -1) < asked.created_at;

/** A relay lists at most so many; beyond that, a decision about oneself counts without a place on the list (NIP-29). */
export const FULL_LIST = 2000;

export interface StandingFacts {
  readonly me: string | undefined;
  readonly people: readonly GroupMember[];
  /** My own actions here, newest first. */
  readonly own: readonly OwnActionRow[];
  readonly request: RequestRow | undefined;
  /** Requests that an admin took away: event id → the admin's words. */
  readonly declined: ReadonlyMap<string, string>;
}

const plain: Standing = { is: 'visitor', settled: true, reason: '', by: 'city' };
const refusedBy = (by: 'admin' | 'removal', reason: string): Standing => ({
  ...plain,
  is: 'refused',
  reason,
  by,
});

/** The member list decides; for whoever isn't on it their newest wish does, unless somebody has decided since. */
export const standingOf = (facts: StandingFacts): Standing => {
  const { me, people, own, request } = facts;
  if (me === undefined) return plain;
  const newest = own.find(({ what }) => what !== 'delete');
  const settled = !(newest?.what === 'leave' && newest.state === 'sending');
  const listed = people.find(({ pubkey }) => pubkey === me);
  if (listed) return { ...plain, is: isAdmin(listed) ? 'admin' : 'member', settled };
  if (people.length >= FULL_LIST && request?.decided?.as === 'in') return { ...plain, is: 'member', settled };
  return wishOf(facts, newest);
};

const wishOf = ({ request, declined }: StandingFacts, newest: OwnActionRow | undefined): Standing => {
  const { asked, left, decided } = request ?? {};
  const join = newest?.what === 'join' ? newest : undefined;
  const leave = newest?.what === 'leave' && newest.state !== 'refused' ? newest : undefined;
  const askedAt = Math.max(join?.at ?? -1, asked?.created_at ?? -1);
  const leftAt = Math.max(leave?.at ?? -1, left?.created_at ?? -1);
  if (leftAt >= 0 && leftAt >= askedAt) return plain;
  const no = declined.get(join?.id ?? asked?.id ?? '');
  if (no !== undefined) return refusedBy('admin', no);
  if (decided?.as === 'out' && decided.created_at >= askedAt) return refusedBy('removal', decided.text);
  if (askedAt < 0) return plain;
  if (join?.state === 'refused') return { ...plain, is: 'refused', reason: join.reason ?? '' };
  return { ...plain, is: 'asked', settled: join?.state !== 'sending' };
};

/** True when this standing may read here. */
export const mayRead = (modes: GroupModes, standing: StandingName): boolean =>
  !modes.private || standing === 'member' || standing === 'admin';

/** True when this standing may write here; whether there is an account is the caller's question. */
export const mayWrite = (modes: GroupModes, standing: StandingName): boolean =>
  (!modes.restricted && !modes.private) || standing === 'member' || standing === 'admin';

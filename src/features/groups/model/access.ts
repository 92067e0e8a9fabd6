/** Who reads, who writes, how one joins: four plain choices over NIP-29's four flags. */
import type { GroupModes } from '#protocol/groups.ts';

/** `open`: all read and write · `members`: anyone joins, members write · `approved`: an admin lets people in · `private`: members only. */
export type Access = 'open' | 'members' | 'approved' | 'private';

export const ACCESSES: readonly Access[] = ['open', 'members', 'approved', 'private'];

const flags: Readonly<Record<Access, Omit<GroupModes, 'hidden'>>> = {
  open: { private: false, restricted: false, closed: false },
  members: { private: false, restricted: true, closed: false },
  approved: { private: false, restricted: true, closed: true },
  private: { private: true, restricted: true, closed: true },
};

/** The flags of a choice; only a private place can be hidden. */
export const modesOf = (access: Access, hidden: boolean): GroupModes => ({
  ...flags[access],
  hidden: hidden && access === 'private',
});

/** The choice that says most of what these flags mean (other clients mix them as they like). */
export const accessOf = (modes: GroupModes): Access => {
  if (modes.private) return 'private';
  if (modes.closed) return 'approved';
  return modes.restricted ? 'members' : 'open';
};

/** Flags after an edit: untouched choices leave untouched flags, however mixed they are. */
export const editedModes = (before: GroupModes, access: Access, hidden: boolean): GroupModes =>
  accessOf(before) === access && before.hidden === hidden ? before : modesOf(access, hidden);

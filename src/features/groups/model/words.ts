/** Facts of a place in the person's words. */
import { m } from '#messages/paraglide/messages.js';
import type { GroupModes } from '#protocol/groups.ts';
import { expectedHashes } from '#protocol/proof-of-work.ts';
import type { Geohash } from '#shared/geohash.ts';
import { roughTime } from '#ui/notices/rough.ts';
import { accessOf } from './access.ts';
import type { Access } from './access.ts';

const sizes = [
  () => m.groups_cell_1(),
  () => m.groups_cell_2(),
  () => m.groups_cell_3(),
  () => m.groups_cell_4(),
  () => m.groups_cell_5(),
  () => m.groups_cell_6(),
];

/** How large a cell is, in words: “A district, about 5 km wide”. */
export const cellInWords = (cell: Geohash | undefined): string =>
  cell === undefined ? m.groups_cell_none() : (sizes[cell.length - 1]?.() ?? m.groups_cell_6());

/** “1 member”, “34 members”. */
export const membersInWords = (count: number): string =>
  count === 1 ? m.groups_members_one() : m.groups_members_many({ count });

const accessTitles: Readonly<Record<Access, () => string>> = {
  open: () => m.groups_access_open(),
  members: () => m.groups_access_members(),
  approved: () => m.groups_access_approved(),
  private: () => m.groups_access_private(),
};
const accessDetails: Readonly<Record<Access, () => string>> = {
  open: () => m.groups_access_open_detail(),
  members: () => m.groups_access_members_detail(),
  approved: () => m.groups_access_approved_detail(),
  private: () => m.groups_access_private_detail(),
};

/** A choice's name and what it means. */
export const accessInWords = (access: Access): { title: string; detail: string } => ({
  title: accessTitles[access](),
  detail: accessDetails[access](),
});

/** The same for flags as they are. */
export const modesInWords = (modes: GroupModes): { title: string; detail: string } =>
  accessInWords(accessOf(modes));

/**
 * What a target of work means, before any is done: on this device where its `rate` (hashes a second) is known, else on
 * an everyday one. 0 bits: nothing to say.
 */
export const costInWords = (bits: number, rate?: number): string => {
  if (bits <= 0) return '';
  if (rate) return costHere(expectedHashes(bits) / rate);
  if (bits <= 16) return m.groups_cost_moment();
  if (bits <= 22) return m.groups_cost_seconds();
  return bits <= 26 ? m.groups_cost_minute() : m.groups_cost_minutes();
};

/** Below this many seconds even bad luck is not felt. */
const UNFELT = 1;

const costHere = (seconds: number): string =>
  seconds < UNFELT ? m.groups_cost_moment() : m.groups_cost({ time: roughTime(seconds) });

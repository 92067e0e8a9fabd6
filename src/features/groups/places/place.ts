/** A place as lists and the map show it. */
import type { GroupModes } from '#protocol/groups.ts';
import type { Geohash } from '#shared/geohash.ts';
import { isAdmin, isHere, peopleOf } from '../model/standing.ts';
import type { GroupRow, MembersRow } from '../model/tables.ts';

export interface Place {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly geohash: Geohash | undefined;
  /** As the place says; anywhere. */
  readonly picture?: string;
  readonly modes: GroupModes;
  /** People in it; 0 where that is not known (their list was never asked for). */
  readonly members: number;
  /** I am in it. */
  readonly own: boolean;
  /** I am one of its admins. */
  readonly admin: boolean;
}

/** What a place's list of people means for me. */
export interface Company {
  /** Ids of the lists: a change of either is a change. */
  readonly version: string;
  readonly members: number;
  readonly own: boolean;
  readonly admin: boolean;
}

export const nobody: Company = { version: '', members: 0, own: false, admin: false };

/** Identifies both lists and the person they were read for. */
export const companyVersion = (row: MembersRow, me: string | undefined): string =>
  `${row.admins?.id ?? ''} ${row.members?.id ?? ''} ${me ?? ''}`;

/** Counts a list and finds me in it. */
export const companyOf = (row: MembersRow, me: string | undefined): Company => {
  const people = peopleOf(row);
  const mine = me === undefined ? undefined : people.find(({ pubkey }) => pubkey === me);
  return {
    version: companyVersion(row, me),
    members: people.length,
    own: mine !== undefined,
    admin: mine !== undefined && isAdmin(mine),
  };
};

/** Undefined for a place that has ended, or whose description never came. */
export const placeOf = (row: GroupRow, { members, own, admin }: Company): Place | undefined =>
  isHere(row)
    ? {
        id: row.id,
        name: row.name,
        about: row.about,
        geohash: row.geohash,
        ...(row.picture ? { picture: row.picture } : {}),
        modes: row.modes,
        members,
        own,
        admin,
      }
    : undefined;

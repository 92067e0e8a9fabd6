/** Drafts that the relay's stories use again and again. */
import type { Draft, Tag } from '#protocol/event.ts';
import { makeCreateGroup } from '#protocol/groups.ts';
import type { GroupModes } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { Geohash } from '#shared/geohash.ts';

const OPEN: GroupModes = { private: false, restricted: false, closed: false, hidden: false };

/** A place at Berlin's centre with the given flags. */
export const makePlace = (id: string, modes: Partial<GroupModes> = {}): Draft =>
  makeCreateGroup(id, {
    name: `Place ${id}`,
    about: 'A place for stories',
    geohash: 'u33db' as Geohash,
    modes: { ...OPEN, ...modes },
  });

/** A line in a place. */
export const makeLine = (place: string, content: string, tags: readonly Tag[] = []): Draft => ({
  kind: kinds.NOTE,
  content,
  tags: [['h', place], ...tags],
});

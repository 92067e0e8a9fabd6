/** All that the rows say of one place, in one reading. */
import type { RowReader } from '#client/store/table.ts';
import type { GroupMember } from '#protocol/groups.ts';
import { isWaiting, peopleOf } from '../model/standing.ts';
import {
  groups,
  members,
  memberships,
  ownActionsPart,
  requestId,
  requests,
  takenAway,
} from '../model/tables.ts';
import type { GroupRow, OwnActionRow, RequestRow } from '../model/tables.ts';

export interface Facts {
  readonly group: GroupRow | undefined;
  readonly people: readonly GroupMember[];
  /** My own actions here, newest first. */
  readonly own: readonly OwnActionRow[];
  readonly request: RequestRow | undefined;
  /** Requests that nobody has decided on, oldest first. */
  readonly waiting: readonly RequestRow[];
  /** Requests that an admin took away: event id → the admin's words. */
  readonly declined: ReadonlyMap<string, string>;
}

export const noFacts: Facts = {
  group: undefined,
  people: [],
  own: [],
  request: undefined,
  waiting: [],
  declined: new Map(),
};

/** How many of my own actions here matter. */
export const OWN_ACTIONS = 10;
/** How many requests and decisions are looked at. */
export const REQUESTS = 500;

/** Reads them as they concern `me`. */
export const readFacts = async (rows: RowReader, id: string, me: string | undefined): Promise<Facts> => {
  const [group, list, own, request, asked, taken] = await Promise.all([
    rows.get(groups, id),
    rows.get(members, id),
    me === undefined ? [] : rows.part(memberships, { part: ownActionsPart(me, id), limit: OWN_ACTIONS }),
    me === undefined ? undefined : rows.get(requests, requestId(id, me)),
    rows.part(requests, { part: id, limit: REQUESTS }),
    rows.part(takenAway, { part: id, limit: REQUESTS }),
  ]);
  const people = peopleOf(list);
  const present = new Set(people.map(({ pubkey }) => pubkey));
  const declined = new Map(taken.map((row) => [row.id, row.text]));
  const waiting = asked.filter((row) => !present.has(row.pubkey) && isWaiting(row, declined)).reverse();
  return { group, people, own, request, waiting, declined };
};

/** The tables that these facts stand on. */
export const factTables = (id: string): { table: string; part?: string }[] => [
  { table: groups.name },
  { table: members.name },
  { table: memberships.name },
  { table: requests.name, part: id },
  { table: takenAway.name, part: id },
];

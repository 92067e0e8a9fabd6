/** A place's state (39000–39002, 9008), requests and decisions (9000, 9001, 9021, 9022), own actions → rows. Any order gives the same. */
import type { LocalEvent } from '#client/store/local-events.ts';
import type { Projection } from '#client/store/projection.ts';
import type { RowWriter } from '#client/store/table.ts';
import { newestFirst } from '#protocol/event.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { isGroupId, parseGroupMetadata, parseGroupPeople } from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { parseDeletion } from '#protocol/messages.ts';
import { groupOf, identifierOf, tagValues } from '#protocol/tags.ts';
import { isHex64 } from '#shared/bytes.ts';
import { displayLine, displayText } from '#shared/text.ts';
import { isGoodNews } from './model/good-news.ts';
import { searchableGroups, searchableRequests } from './model/searchable.ts';
import { groups, members, memberships, requestId, requests, takenAway, takenAwayId } from './model/tables.ts';
import type { GroupRow, OwnActionRow, RequestRow } from './model/tables.ts';

type Stamped = Pick<NostrEvent, 'id' | 'created_at'>;
const isNewer = (one: Stamped, before: Stamped | undefined): boolean =>
  before === undefined || newestFirst(one, before) < 0;

const projectMetadata = async (rows: RowWriter, event: NostrEvent): Promise<void> => {
  const parsed = parseGroupMetadata(event);
  if (!parsed.ok || !isGroupId(parsed.value.id)) return;
  const before = await rows.get(groups, parsed.value.id);
  const known = before?.eventId ? { id: before.eventId, created_at: before.updatedAt } : undefined;
  if (!isNewer(event, known)) return;
  rows.put(groups, {
    ...parsed.value,
    name: displayLine(parsed.value.name) || parsed.value.id,
    about: displayText(parsed.value.about),
    eventId: event.id,
    ...(before?.deletedAt === undefined ? {} : { deletedAt: before.deletedAt }),
  });
};

const projectPeople = async (
  rows: RowWriter,
  event: NostrEvent,
  list: 'admins' | 'members',
): Promise<void> => {
  const group = identifierOf(event);
  if (!isGroupId(group)) return;
  const before = await rows.get(members, group);
  if (!isNewer(event, before?.[list])) return;
  const people = { id: event.id, created_at: event.created_at, people: parseGroupPeople(event) };
  rows.put(members, { group, ...before, [list]: people });
};

const nothingKnown = (id: string): GroupRow => ({
  id,
  relay: '',
  name: id,
  about: '',
  modes: { private: false, restricted: false, closed: false, hidden: false },
  updatedAt: 0,
  eventId: '',
});

const projectEnd = async (rows: RowWriter, group: string, at: number): Promise<void> => {
  const before = await rows.get(groups, group);
  const deletedAt = Math.min(at, before?.deletedAt ?? at);
  rows.put(groups, { ...(before ?? nothingKnown(group)), deletedAt });
};

type Wish = keyof Pick<RequestRow, 'asked' | 'left' | 'decided'>;

/** Keeps the newest of each sort. */
const projectWish = async <W extends Wish>(
  rows: RowWriter,
  key: Pick<RequestRow, 'group' | 'pubkey'>,
  wish: W,
  said: NonNullable<RequestRow[W]>,
): Promise<void> => {
  const before = await rows.get(requests, requestId(key.group, key.pubkey));
  if (isNewer(said, before?.[wish])) rows.put(requests, { ...key, ...before, [wish]: said });
};

/** Whom a moderation event or request is about: those it names, or its author. */
const subjectsOf = (event: NostrEvent): string[] => {
  const named = tagValues(event, 'p').filter(isHex64);
  const isWish = event.kind === kinds.JOIN_REQUEST || event.kind === kinds.LEAVE_REQUEST;
  return [...new Set(named.length === 0 && isWish ? [event.pubkey] : named)];
};

const projectPeopleAction = async (rows: RowWriter, event: NostrEvent, group: string): Promise<void> => {
  const isIn = event.kind === kinds.PUT_USER || event.kind === kinds.JOIN_REQUEST;
  const isWish = event.kind === kinds.JOIN_REQUEST || event.kind === kinds.LEAVE_REQUEST;
  const said = { id: event.id, created_at: event.created_at, text: displayText(event.content) };
  for (const pubkey of subjectsOf(event)) {
    const key = { group, pubkey };
    if (!isWish || pubkey !== event.pubkey)
      await projectWish(rows, key, 'decided', { ...said, as: isIn ? 'in' : 'out' });
    else await projectWish(rows, key, isIn ? 'asked' : 'left', said);
  }
};

const projectTakenAway = async (rows: RowWriter, event: NostrEvent, group: string): Promise<void> => {
  for (const id of parseDeletion(event)) {
    const before = await rows.get(takenAway, takenAwayId(group, id));
    const row = { id, group, text: displayText(event.content), at: event.created_at };
    if (!before || row.at < before.at || (row.at === before.at && row.text < before.text))
      rows.put(takenAway, row);
  }
};

const projectAction = async (rows: RowWriter, event: NostrEvent): Promise<void> => {
  const group = groupOf(event);
  if (group === undefined || !isGroupId(group)) return;
  switch (event.kind) {
    case kinds.DELETE_GROUP:
      return projectEnd(rows, group, event.created_at);
    case kinds.DELETE_EVENT:
      return projectTakenAway(rows, event, group);
    case kinds.JOIN_REQUEST:
    case kinds.LEAVE_REQUEST:
    case kinds.PUT_USER:
    case kinds.REMOVE_USER:
      return projectPeopleAction(rows, event, group);
  }
};

const projectSeen = async (rows: RowWriter, event: NostrEvent): Promise<void> => {
  switch (event.kind) {
    case kinds.GROUP_METADATA:
      return projectMetadata(rows, event);
    case kinds.GROUP_ADMINS:
      return projectPeople(rows, event, 'admins');
    case kinds.GROUP_MEMBERS:
      return projectPeople(rows, event, 'members');
    default:
      return projectAction(rows, event);
  }
};

const OWN_ACTIONS: ReadonlyMap<number, OwnActionRow['what']> = new Map([
  [kinds.JOIN_REQUEST, 'join'],
  [kinds.LEAVE_REQUEST, 'leave'],
  [kinds.DELETE_GROUP, 'delete'],
]);

const projectSigned = (rows: RowWriter, event: NostrEvent): void => {
  const what = OWN_ACTIONS.get(event.kind);
  const group = groupOf(event);
  if (!what || group === undefined || !isGroupId(group)) return;
  const { id, pubkey, created_at: at } = event;
  rows.put(memberships, { id, group, pubkey, what, at, state: 'sending' });
};

const projectAnswer = async (
  rows: RowWriter,
  id: string,
  answer: { readonly refused?: string },
): Promise<void> => {
  const before = await rows.get(memberships, id);
  if (!before) return;
  const { reason: _, ...action } = before;
  const refused = answer.refused;
  if (refused !== undefined && !isGoodNews(refused)) {
    if (before.state !== 'sent') rows.put(memberships, { ...action, state: 'refused', reason: refused });
    return;
  }
  rows.put(memberships, { ...action, state: 'sent' });
  if (action.what === 'delete') await projectEnd(rows, action.group, action.at);
};

/** The groups projection: tables `groups`, `members`, `memberships`, `requests`, `taken-away`. */
export const groupsProjection: Projection = {
  name: 'groups',
  version: 1,
  tables: [groups, members, memberships, requests, takenAway],
  searchable: [searchableGroups, searchableRequests],
  async project(rows, local: LocalEvent) {
    switch (local.type) {
      case 'RelayEventSeen':
        return projectSeen(rows, local.event);
      case 'EventSigned':
        return projectSigned(rows, local.event);
      case 'EventAccepted':
        return projectAnswer(rows, local.id, {});
      case 'EventRejected':
        return projectAnswer(rows, local.id, { refused: local.reason });
      case 'EventDiscarded':
        if (await rows.get(memberships, local.id)) rows.delete(memberships, local.id);
        return;
    }
  },
};

export { followedPlaces } from './model/followed.ts';

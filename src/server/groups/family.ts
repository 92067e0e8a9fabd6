/**
 * NIP-29's subgroups. A place's own events say whose part it is; its parent's parts follow from that, so each place is
 * still rebuilt from its own events alone. Hidden and deleted places stand alone: while one is hidden, neither its
 * parent nor its parts name it, and a parent's end makes its parts roots.
 */
import { ok } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { hasTag, tagValues } from '#protocol/tags.ts';
import type { Reason } from '#protocol/reasons.ts';
import { isAdmin, refuse } from './state.ts';
import type { GroupContext, GroupState, Places } from './state.ts';

/** A 9002 names them all: more would make an edit too large. */
const MAX_PARTS = 100;

const standsAlone = (state: GroupState): boolean => state.deleted || state.profile.modes.hidden;

/** The parent that is to be shown, if any. */
export const parentOf = (state: GroupState, places: Places): string | undefined => {
  if (!state.parent || standsAlone(state)) return undefined;
  const parent = places.get(state.parent.id);
  return parent && !standsAlone(parent) ? parent.id : undefined;
};

/** The parts that are to be shown: first in the order that an admin gave, then as they came. */
export const childrenOf = (state: GroupState, places: Places): string[] => {
  if (standsAlone(state)) return [];
  const rank = new Map(state.childOrder.map((id, index) => [id, index]));
  const rankOf = ({ id }: GroupState): number => rank.get(id) ?? Infinity;
  const since = ({ parent }: GroupState): number => parent?.since ?? 0;
  return places
    .partsOf(state.id)
    .filter((part) => !standsAlone(part))
    .sort(
      (a, b) =>
        (rankOf(a) === rankOf(b) ? 0 : rankOf(a) - rankOf(b)) ||
        since(a) - since(b) ||
        (a.id < b.id ? -1 : 1),
    )
    .map(({ id }) => id);
};

/** Places whose 39000 may read otherwise when this one changed. */
export const relativesOf = (
  before: GroupState | undefined,
  after: GroupState,
  places: Places,
): readonly string[] => {
  const turned = before !== undefined && standsAlone(before) !== standsAlone(after);
  const parents = [before?.parent?.id, after.parent?.id];
  const moved = turned || parents[0] !== parents[1];
  return [
    ...(moved ? parents.filter((id): id is string => id !== undefined) : []),
    ...(turned ? places.partsOf(after.id).map(({ id }) => id) : []),
  ];
};

const fine: Result<true, Reason> = ok(true);

/** Up the line of parents: does one of them turn out to be `id`? Hidden ones count, they may be shown again. */
const isBelow = (start: GroupState, id: string, places: Places): boolean => {
  const seen = new Set<string>();
  for (let each: GroupState | undefined = start; each && !seen.has(each.id);) {
    if (each.id === id) return true;
    seen.add(each.id);
    each = each.parent && places.get(each.parent.id);
  }
  return false;
};

const isKnownTo = (state: GroupState, author: string, { self, operators }: GroupContext): boolean =>
  !state.profile.modes.hidden || state.members.has(author) || author === self || operators.has(author);

const checkParent = (place: string, event: NostrEvent, context: GroupContext): Result<true, Reason> => {
  const { places, self } = context;
  const named = event.tags.filter(([name]) => name === 'parent');
  const [first] = named;
  if (!first) return fine;
  if (named.length > 1) return refuse('invalid', 'a place is part of one other: give one parent tag');
  if (hasTag(event, 'hidden')) return refuse('invalid', 'a hidden place is no part of another');
  const id = first[1] ?? '';
  if (id === place) return refuse('invalid', 'a place is no part of itself');
  const parent = places.get(id);
  if (!parent || parent.deleted || !isKnownTo(parent, event.pubkey, context))
    return refuse('restricted', 'there is no such parent place');
  if (parent.profile.modes.hidden) return refuse('restricted', 'a hidden place has no parts');
  // The operators too: NIP-29 leaves no way round the parent's own admins.
  if (event.pubkey !== self && !isAdmin(parent, event.pubkey))
    return refuse('restricted', 'only an admin of the parent place may make this a part of it');
  if (isBelow(parent, place, places)) return refuse('invalid', 'the parent place is a part of this one');
  const parts = places.partsOf(id).filter((part) => part.id !== place && !part.deleted);
  return parts.length < MAX_PARTS ? fine : refuse('restricted', `a place has at most ${MAX_PARTS} parts`);
};

const checkChildren = (
  state: GroupState | undefined,
  event: NostrEvent,
  { places }: GroupContext,
): Result<true, Reason> => {
  const named = new Set(tagValues(event, 'child'));
  const own = state ? places.partsOf(state.id).filter((part) => !standsAlone(part)) : [];
  const known = new Set(own.map(({ id }) => id));
  const strange = [...named].find((id) => !known.has(id));
  if (strange !== undefined)
    return refuse('invalid', `"${strange}" is no part of this place; its own admins make it one`);
  if (!state || hasTag(event, 'hidden')) return fine;
  const forgotten = childrenOf(state, places).find((id) => !named.has(id));
  return forgotten === undefined
    ? fine
    : refuse('invalid', `child tags must name every part of this place; "${forgotten}" is missing`);
};

/** What a 9007 (`state` undefined) or 9002 may say of parent and parts. */
export const checkFamily = (
  place: string,
  state: GroupState | undefined,
  event: NostrEvent,
  context: GroupContext,
): Result<true, Reason> => {
  const parent = checkParent(place, event, context);
  return parent.ok ? checkChildren(state, event, context) : parent;
};

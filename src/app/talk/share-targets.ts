/** Where something shared from another app may go: my places, other places, people I write to, and people found by their name. */
import type { ConversationRow } from '#features/chat/index.ts';
import { NameFinder } from '#features/finding/index.ts';
import type { MyPlaceRow, Place } from '#features/groups/index.ts';
import type { PersonRow } from '#features/people/index.ts';
import { isTalk, peopleOf, talkOf } from '#protocol/direct/rumors.ts';

/** A private talk to choose; `name` says who is in it. */
interface TalkTarget {
  readonly id: string;
  readonly name: string;
  readonly seed: string;
}

const MOST = 30;

/** Those whose names fit what was typed, the best first; all of them, up to `most`, while nothing is typed. */
export const named = <Row extends { readonly name: string }>(
  rows: readonly Row[],
  query: string,
  most = MOST,
): readonly Row[] =>
  query.trim() === ''
    ? rows.slice(0, most)
    : new NameFinder(rows.map((row) => ({ label: row.name, row })))
        .find(query, most)
        .map(({ entry }) => entry.row);

/** Places that are not mine, those with the newest talk first. */
export const otherPlaces = (
  places: readonly Place[],
  activity: Readonly<Record<string, ConversationRow>>,
): readonly MyPlaceRow[] =>
  places
    .filter(({ own }) => !own)
    .sort((a, b) => (activity[b.id]?.lastAt ?? 0) - (activity[a.id]?.lastAt ?? 0))
    .map(({ id, name, about }) => ({ id, name, last: about }));

/** Private talks that there are, the newest first. */
export const talkTargets = (
  activity: Readonly<Record<string, ConversationRow>>,
  nameOf: (pubkey: string) => string,
): readonly TalkTarget[] =>
  Object.values(activity)
    .filter(({ id, lastAt }) => isTalk(id) && lastAt > 0)
    .sort((a, b) => b.lastAt - a.lastAt)
    .flatMap(({ id }) => {
      const people = peopleOf(id) ?? [];
      const [seed] = people;
      return seed === undefined ? [] : [{ id, name: people.map(nameOf).join(', '), seed }];
    });

/** People who say a name, each as the private talk with them; without those a talk is in the list with already. */
export const peopleTargets = (
  rows: readonly PersonRow[],
  self: string,
  talks: readonly TalkTarget[],
): readonly TalkTarget[] => {
  const known = new Set(talks.map(({ id }) => id));
  return rows.flatMap(({ pubkey, profile }) => {
    const id = talkOf([pubkey], self);
    return profile.name && pubkey !== self && !known.has(id)
      ? [{ id, name: profile.name, seed: pubkey }]
      : [];
  });
};

/** Where the quick switcher leads: places with their talk, and people. */
import { linePreview } from '#features/chat/index.ts';
import type { ConversationRow } from '#features/chat/index.ts';
import type { Choice, SwitchTarget } from '#features/finding/index.ts';
import type { Place } from '#features/groups/index.ts';
import type { PersonRow } from '#features/people/index.ts';

type NameOf = (pubkey: string) => string;

/** Places as the switcher lists them; those I am in as conversations, with what was said last. */
export const placeTargets = (
  places: readonly Place[],
  activity: Readonly<Record<string, ConversationRow>>,
  nameOf: NameOf,
): SwitchTarget[] =>
  places.map(({ id, name, about, own }): SwitchTarget => {
    if (!own) return { kind: 'place', id, label: name, detail: about };
    const talk = activity[id];
    if (!talk?.lastAt) return { kind: 'conversation', id, label: name, detail: about };
    const said = linePreview({ text: talk.lastText, files: talk.lastFiles }, nameOf);
    const detail = `${nameOf(talk.lastAuthor)}: ${said}`;
    return { kind: 'conversation', id, label: name, detail, unread: talk.unread, at: talk.lastAt };
  });

/** People who say a name. */
export const personTargets = (rows: readonly PersonRow[]): SwitchTarget[] =>
  rows.flatMap(({ pubkey, profile }) =>
    profile.name ? [{ kind: 'person' as const, id: pubkey, label: profile.name }] : [],
  );

/** Places a search can be narrowed to: mine first, then those with the newest talk. */
export const placeChoices = (
  places: readonly Place[],
  activity: Readonly<Record<string, ConversationRow>>,
): Choice[] =>
  [...places]
    .sort(
      (a, b) =>
        Number(b.own) - Number(a.own) || (activity[b.id]?.lastAt ?? 0) - (activity[a.id]?.lastAt ?? 0),
    )
    .map(({ id, name, own }) => ({ id, label: name, weight: own ? 1 : 0 }));

/** People a search can be narrowed to: those who said something last first, then by name. */
export const personChoices = (
  rows: readonly PersonRow[],
  activity: Readonly<Record<string, ConversationRow>>,
): Choice[] => {
  const spoke = new Map<string, number>();
  for (const { lastAuthor, lastAt } of Object.values(activity))
    spoke.set(lastAuthor, Math.max(spoke.get(lastAuthor) ?? 0, lastAt));
  return personTargets(rows)
    .sort((a, b) => (spoke.get(b.id) ?? 0) - (spoke.get(a.id) ?? 0) || a.label.localeCompare(b.label))
    .map(({ id, label }) => ({ id, label }));
};

/** The screen of a place or a person. */
export const addressOf = ({ kind, id }: Pick<SwitchTarget, 'kind' | 'id'>): string =>
  kind === 'person' ? `/people/${id}` : `/g/${encodeURIComponent(id)}`;

/** Places' names by their ids. */
export const namesById = (places: readonly Place[]): ReadonlyMap<string, string> =>
  new Map(places.map(({ id, name }) => [id, name]));

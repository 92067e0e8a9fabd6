/** Reactions under a line, gathered by emoji. Pure. */
import type { ReactionRow } from '../rows/tables.ts';

/** One emoji under a line. */
export interface ReactionPill {
  readonly emoji: string;
  /** Everyone once, first come first. */
  readonly people: readonly string[];
  /** The reader's own reaction events with this emoji. */
  readonly mine: readonly string[];
}

/** Each author counts once an emoji; most people first, then the oldest. Refused and taken back ones are left out. */
export const gatherReactions = (
  rows: readonly ReactionRow[],
  group: string,
  self: string | undefined,
): ReactionPill[] => {
  const pills = new Map<string, { people: Set<string>; mine: string[] }>();
  const standing = rows.filter(
    (row) => row.group === group && !row.gone && !row.leaving && row.state !== 'failed',
  );
  for (const row of [...standing].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) {
    const pill = pills.get(row.emoji) ?? { people: new Set<string>(), mine: [] };
    pill.people.add(row.author);
    if (row.author === self) pill.mine.push(row.id);
    pills.set(row.emoji, pill);
  }
  return [...pills]
    .map(([emoji, { people, mine }]) => ({ emoji, people: [...people], mine }))
    .sort((a, b) => b.people.length - a.people.length);
};

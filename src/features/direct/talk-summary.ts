/** Private talks as a list shows them. */
import { isTalk, peopleOf } from '#protocol/direct/rumors.ts';

/** What is known of a talk besides who is in it. */
interface Spoken {
  readonly id: string;
  readonly lastAt: number;
  readonly lastText: string;
  readonly lastFiles?: readonly {
    readonly type: string;
    readonly name?: string;
    readonly duration?: number;
  }[];
  readonly unread: number;
  readonly draft: string;
}

/** A private talk with what was said last. */
export interface TalkSummary {
  readonly id: string;
  /** Everybody but oneself. */
  readonly people: readonly string[];
  /** Unix seconds. */
  readonly at: number;
  readonly said: string;
  readonly unread: number;
}

/** The talks among these conversations, newest first; those in which nothing was said are left out. */
export const talkSummaries = (
  rows: readonly Spoken[],
  preview: (last: Pick<Spoken, 'lastText' | 'lastFiles'>) => string,
): readonly TalkSummary[] =>
  rows
    .filter(({ id, lastAt }) => isTalk(id) && lastAt > 0)
    .flatMap((row) => {
      const people = peopleOf(row.id);
      const { id, lastAt: at, unread } = row;
      return people ? [{ id, people, at, said: preview(row), unread }] : [];
    })
    .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));

/** Whether something was taken away: by its author (NIP-09) or by an admin of its group (NIP-29's 9005). */
import type { RowWriter } from '#client/store/table.ts';
import { deletions } from './tables.ts';
import type { DeletionRow, LineRow, ReactionRow } from './tables.ts';

/** What deletions are measured against. */
export type Judged = Pick<LineRow | ReactionRow, 'id' | 'author' | 'group' | 'relays'>;

/** `by`: gone for good, and by whom; `leaving`: taken away here, the relay has not said its word. */
export interface Verdict {
  readonly by?: string;
  readonly leaving: boolean;
  /** What else ended it. */
  readonly ends: ReadonlySet<DeletionRow['end']>;
}

/** Only the author may take back, or an admin: a relay checks 9005, so one counts if the line's own relay passed it on. */
const isEntitled = (deletion: DeletionRow, row: Judged): boolean => {
  if (deletion.end) return false;
  if (!deletion.admin) return deletion.by === row.author;
  if (deletion.group !== row.group) return false;
  return deletion.state === 'pending' || deletion.relays.some((relay) => row.relays.includes(relay));
};

/** The same verdict in whatever order the deletions came: the author's own first, else the lowest key. */
const judge = (row: Judged, found: readonly DeletionRow[]): Verdict => {
  const entitled = found.filter((deletion) => isEntitled(deletion, row));
  const counting = entitled
    .filter(({ state }) => state === 'sent')
    .map(({ by }) => by)
    .sort();
  const by = counting.find((one) => one === row.author) ?? counting[0];
  return {
    ...(by === undefined ? {} : { by }),
    leaving: entitled.some(({ state }) => state === 'pending'),
    ends: new Set(found.flatMap(({ end }) => end ?? [])),
  };
};

/** Reads the deletions that name this row and judges. */
export const verdictOn = async (rows: RowWriter, row: Judged): Promise<Verdict> =>
  judge(row, await rows.part(deletions, { part: row.id }));

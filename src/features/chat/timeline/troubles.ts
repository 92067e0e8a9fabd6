/** Lines that were not taken, and which of them are mended together. Pure. */
import { repairOf } from '#protocol/repairs.ts';
import type { Repair } from '#protocol/repairs.ts';
import type { LineRow } from '../rows/tables.ts';
import { isVisible } from './timeline.ts';

/** One refused line. */
export interface Trouble {
  /** Undefined where only the person knows what to do. */
  readonly repair: Repair | undefined;
  /** This line and the refused ones right before it that the same repair mends, oldest first; more than one only at the last of them. */
  readonly together: readonly string[];
  /** Another one that the same press mends stands right below. */
  readonly hasMore: boolean;
}

/** Repairs that mend a run of lines with one press: nothing about them differs from line to line. */
const isShared = (repair: Repair | undefined): boolean =>
  repair?.way === 'resign' || repair?.way === 'join' || repair?.way === 'sign-in';

const follows = (before: Trouble | undefined, repair: Repair | undefined): before is Trouble =>
  isShared(repair) && before?.repair?.way === repair?.way;

/** Each refused line of the reader with what mends it. Takes lines oldest first. */
export const troublesOf = (
  lines: readonly LineRow[],
  self: string | undefined,
  hidden?: ReadonlySet<string>,
): ReadonlyMap<string, Trouble> => {
  const troubles = new Map<string, Trouble>();
  let before: { readonly id: string; readonly trouble: Trouble } | undefined;
  for (const line of lines) {
    if (!isVisible(line, hidden)) continue;
    if (line.state !== 'failed' || line.author !== self || line.deletedBy !== undefined) {
      before = undefined;
      continue;
    }
    const repair = repairOf(line.reason, line.kind);
    const joins = before !== undefined && follows(before.trouble, repair);
    const trouble = {
      repair,
      together: [...(joins && before ? before.trouble.together : []), line.id],
      hasMore: false,
    };
    // Only the last of a run offers all of it.
    if (joins && before) troubles.set(before.id, { ...before.trouble, together: [before.id], hasMore: true });
    troubles.set(line.id, trouble);
    before = { id: line.id, trouble };
  }
  return troubles;
};

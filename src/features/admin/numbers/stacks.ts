/** Days as stacks: a day's events in a few sorts that people know, and the heights they are drawn in. */
import type { AdminDay, AdminStored } from '#protocol/admin/admin.ts';
import * as kinds from '#protocol/kinds.ts';

/** From the foot of the stack to its top. */
export const SORTS = ['lines', 'reactions', 'letters', 'places', 'other'] as const;
export type Sort = (typeof SORTS)[number];

const LETTERS: readonly number[] = [kinds.GIFT_WRAP, kinds.LEGACY_DIRECT_MESSAGE, kinds.EPHEMERAL_GIFT_WRAP];

/** What people would call an event of this kind. */
export const sortOf = (kind: number): Sort => {
  if (kinds.LINE_KINDS.includes(kind) || kind === kinds.EDIT) return 'lines';
  if (kind === kinds.REACTION) return 'reactions';
  if (LETTERS.includes(kind)) return 'letters';
  return kinds.isGroupAction(kind) ? 'places' : 'other';
};

export interface Stack {
  /** `2026-11-22`, UTC. */
  readonly day: string;
  readonly counts: Readonly<Record<Sort, number>>;
  readonly total: number;
}

const DAY_MS = 86_400_000;
const nothing = (): Record<Sort, number> => ({ lines: 0, reactions: 0, letters: 0, places: 0, other: 0 });

/** One stack a day up to today, also for days on which nothing was said. `today` in milliseconds. */
export const stackDays = (days: readonly AdminDay[], span: number, today: number): Stack[] => {
  const counts = new Map<string, Record<Sort, number>>();
  for (const { day, kind, count } of days) {
    const of = counts.get(day) ?? nothing();
    of[sortOf(kind)] += count;
    counts.set(day, of);
  }
  return Array.from({ length: span }, (_, index) => {
    const day = new Date(today - (span - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    const of = counts.get(day) ?? nothing();
    return { day, counts: of, total: SORTS.reduce((sum, sort) => sum + of[sort], 0) };
  });
};

/** What is stored, by sort, the largest first. */
export const storedBySort = (
  stored: readonly AdminStored[],
): { sort: Sort; count: number; bytes: number }[] =>
  SORTS.map((sort) => {
    const own = stored.filter(({ kind }) => sortOf(kind) === sort);
    return {
      sort,
      count: own.reduce((sum, { count }) => sum + count, 0),
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.bytes - a.bytes);

/** A round number at or above the highest stack, whose half is round too: the top of the scale. */
export const topOf = (stacks: readonly Stack[]): number => {
  const most = Math.max(1, ...stacks.map(({ total }) => total));
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 3, 4, 6, 8, 10].map((step) => step * power).find((top) => top >= most) ?? most;
};

/** Where each sort of a stack lies, in parts of the whole height, from the foot. */
export const layersOf = ({ counts }: Stack, top: number): { sort: Sort; from: number; size: number }[] => {
  let from = 0;
  return SORTS.flatMap((sort) => {
    const size = counts[sort] / top;
    const layer = { sort, from, size };
    from += size;
    return size > 0 ? [layer] : [];
  });
};

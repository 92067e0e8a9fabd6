/** Where a reader of a timeline stands, and where to next. Pure. */
import type { LineRow } from '../rows/tables.ts';

/** The first line of somebody else after `from` that came after `newAfter` (Unix seconds); its id, or undefined. `from` undefined: from the first. */
export const nextNew = (
  lines: readonly Pick<LineRow, 'id' | 'at' | 'author' | 'deletedBy'>[],
  from: string | undefined,
  newAfter: number,
  self: string | undefined,
): string | undefined =>
  lines
    .slice(from === undefined ? 0 : lines.findIndex(({ id }) => id === from) + 1)
    .find(({ at, author, deletedBy }) => at > newAfter && author !== self && deletedBy === undefined)?.id;

/** Who is nearest to a line that went away: the next one that is still there, else the one before. */
export const survivorOf = (
  before: readonly string[],
  gone: string,
  there: ReadonlySet<string>,
): string | undefined => {
  if (there.has(gone)) return gone;
  const at = before.indexOf(gone);
  if (at === -1) return undefined;
  const isThere = (id: string): boolean => there.has(id);
  return before.slice(at + 1).find(isThere) ?? before.slice(0, at).findLast(isThere);
};

/** The line a page away: the farthest whose top is at most `page` px from that of the one at `at`, but always another one. `tops` from the first line on. */
export const pageStep = (tops: readonly number[], at: number, page: number, by: 1 | -1): number => {
  const here = tops[at] ?? 0;
  let to = at;
  while (tops[to + by] !== undefined && Math.abs((tops[to + by] ?? 0) - here) <= page) to += by;
  return to === at && tops[at + by] !== undefined ? at + by : to;
};

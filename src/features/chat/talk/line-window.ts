/** A window on a conversation's lines: at most `WINDOW` of them, moved along its rows. Pure but for reading. */
import type { City } from '#client/city/city.ts';
import type { Cursor } from '#client/store/table.ts';
import { beforeLine, compareLines, lineCursor, lines } from '../rows/tables.ts';
import type { LineRow } from '../rows/tables.ts';

export const WINDOW = 240;
export const PAGE = 60;

/** Lines oldest first; `atEnd`: the newest line of all is among them. */
export interface LineWindow {
  readonly lines: readonly LineRow[];
  readonly atEnd: boolean;
}

type Rows = Pick<City, 'part'>;

/** In the order of rows. */
export const isLater = (line: LineRow, than: LineRow): boolean => compareLines(line, than) > 0;

/** Unix seconds of the oldest line on this device; undefined for none. */
export const oldestTime = async (rows: Rows, group: string): Promise<number | undefined> =>
  (await rows.part(lines, { part: group, after: { order: -1, id: '' }, limit: 1 }))[0]?.at;

/** The newest page. */
export const newestWindow = async (rows: Rows, group: string, limit = PAGE): Promise<LineWindow> => ({
  lines: (await rows.part(lines, { part: group, limit })).reverse(),
  atEnd: true,
});

/** A page before and after a place in time. */
export const windowAround = async (rows: Rows, group: string, place: Cursor): Promise<LineWindow> => {
  const [before, after] = await Promise.all([
    rows.part(lines, { part: group, before: place, limit: PAGE }),
    rows.part(lines, { part: group, after: place, limit: WINDOW - PAGE }),
  ]);
  return { lines: [...before.reverse(), ...after.reverse()], atEnd: after.length < WINDOW - PAGE };
};

/** The rows before the window, newest first. */
export const rowsBefore = (rows: Rows, group: string, { lines: shown }: LineWindow): Promise<LineRow[]> =>
  rows.part(lines, { part: group, before: shown[0] && lineCursor(shown[0]), limit: PAGE });

/** The window with older rows (newest first) in front; its far end is let go. */
export const withOlder = (window: LineWindow, older: readonly LineRow[]): LineWindow => {
  const all = [...[...older].reverse(), ...window.lines];
  return { lines: all.slice(0, WINDOW), atEnd: window.atEnd && all.length <= WINDOW };
};

/** The window moved a page towards the newest line. */
export const withNewer = async (rows: Rows, group: string, window: LineWindow): Promise<LineWindow> => {
  const last = window.lines.at(-1);
  if (!last) return newestWindow(rows, group);
  const newer = await rows.part(lines, { part: group, after: lineCursor(last), limit: PAGE });
  return { lines: [...window.lines, ...newer.reverse()].slice(-WINDOW), atEnd: newer.length < PAGE };
};

/**
 * The same window as the rows are now. `following`: the reader is at its end, so new lines come in and the oldest go;
 * else what the reader sees stays, and what does not fit is left for later.
 */
export const refreshed = async (
  rows: Rows,
  group: string,
  window: LineWindow,
  following: boolean,
): Promise<LineWindow> => {
  const first = window.lines[0];
  if (!first || (window.atEnd && window.lines.length < PAGE)) return newestWindow(rows, group);
  const after = beforeLine(first);
  if (!window.atEnd) {
    const limit = window.lines.length;
    return { lines: (await rows.part(lines, { part: group, after, limit })).reverse(), atEnd: false };
  }
  const all = (await rows.part(lines, { part: group, after })).reverse();
  if (following) return { lines: all.slice(-WINDOW), atEnd: true };
  return { lines: all.slice(0, WINDOW), atEnd: all.length <= WINDOW };
};

/** The next window with the rows that have not changed as they were, so that nobody draws them anew; the old one if nothing has. */
export const keepSame = (old: LineWindow, next: LineWindow): LineWindow => {
  const known = new Map(old.lines.map((line) => [line.id, line]));
  const lines = next.lines.map((line) => {
    const before = known.get(line.id);
    return before && JSON.stringify(before) === JSON.stringify(line) ? before : line;
  });
  const isSame =
    old.atEnd === next.atEnd &&
    old.lines.length === lines.length &&
    lines.every((line, index) => line === old.lines[index]);
  return isSame ? old : { lines, atEnd: next.atEnd };
};

/** How many lines of others came after this one, up to 100. */
export const countAfter = async (
  rows: Rows,
  group: string,
  after: LineRow,
  self: string | undefined,
): Promise<number> =>
  (await rows.part(lines, { part: group, after: lineCursor(after), limit: 100 })).filter(
    (line) => line.author !== self && line.deletedBy === undefined && !line.leaving,
  ).length;

/** Reading a thread from its rows. */
import type { City } from '#client/city/city.ts';
import { compareLines, lines, replies } from '../rows/tables.ts';
import type { LineRow } from '../rows/tables.ts';

/** A thread shows at most this many lines. */
export const THREAD_MAX = 300;
const MOST_STEPS = 50;

type Rows = Pick<City, 'get' | 'getMany' | 'part'>;

/** The first line of the thread a line stands in: chat lines name only the line before them, so steps may be many. */
export const threadRootOf = async (rows: Rows, line: LineRow): Promise<string> => {
  const seen = new Set<string>();
  let at: LineRow = line;
  for (let step = 0; step < MOST_STEPS; step++) {
    const above = at.root ?? at.replyTo;
    if (above === undefined || seen.has(above)) return at.id;
    seen.add(above);
    const next = await rows.get(lines, above);
    if (!next) return above;
    at = next;
  }
  return at.id;
};

/** The first line and everything below it that is here, oldest first. */
export const readThread = async (rows: Rows, root: string): Promise<LineRow[]> => {
  const ids = new Set([root]);
  for (const id of ids) {
    if (ids.size >= THREAD_MAX) break;
    const below = await rows.part(replies, { part: id, limit: THREAD_MAX });
    below.forEach(({ line }) => ids.add(line));
  }
  const found = await rows.getMany(lines, [...ids]);
  return found.filter((line) => line !== undefined).sort(compareLines);
};

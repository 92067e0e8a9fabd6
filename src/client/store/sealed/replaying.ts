/** Bringing rows to where the log is, over any number of projections that stand at different places. */
import type { LocalEvent } from '../local-events.ts';
import { Overlay } from '../overlay.ts';
import { projectEvents } from '../projecting.ts';
import type { ProjectionFailed } from '../projecting.ts';
import type { Projection } from '../projection.ts';
import type { Stretch } from './log-book.ts';
import type { LogForgetter } from './log-forgetter.ts';
import type { ProgressBook } from './progress-book.ts';
import type { RowShelf } from './row-shelf.ts';

export interface Replayed {
  readonly shelf: RowShelf;
  readonly progress: ProgressBook;
  readonly projections: readonly Projection[];
  readonly failed: ProjectionFailed;
  readonly forgetter: Pick<LogForgetter, 'want'>;
}

/** Projects a stretch of the log for everyone who does not know of it yet; gives those whose rows changed. */
export const replay = async (
  { shelf, progress, projections, failed, forgetter }: Replayed,
  { from, events }: Stretch,
): Promise<Projection[]> => {
  const to = from + events.length - 1;
  const moved: Projection[] = [];
  for (let cursor = progress.lowest(projections); cursor < to; cursor = progress.lowest(projections)) {
    const behind = progress.at(cursor, projections);
    const next = nextCursor(progress, projections, cursor, to);
    const known = events.slice(cursor + 1 - from, next + 1 - from);
    const overlay = new Overlay(shelf);
    await projectEvents(overlay, behind, known.filter(isThere), failed);
    const changes = await overlay.changes();
    forgetter.want(changes.forgotten);
    await shelf.write(changes);
    progress.advance(behind, next);
    moved.push(...behind);
  }
  return moved;
};

/** Where somebody further ahead waits, or the end. */
const nextCursor = (
  progress: ProgressBook,
  projections: readonly Projection[],
  cursor: number,
  end: number,
): number => {
  const ahead = projections.filter((one) => !progress.at(cursor, [one]).length);
  return ahead.length === 0 ? end : Math.min(end, progress.lowest(ahead));
};

const isThere = (event: LocalEvent | undefined): event is LocalEvent => event !== undefined;

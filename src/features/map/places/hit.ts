/** What lies under a point of the screen. */
import type { Box } from '../geo/clip.ts';
import type { Mark } from './scene.ts';

const FINGER = 8;

const holds = (box: Box, x: number, y: number, slack: number): boolean =>
  x >= box.left - slack && x <= box.right + slack && y >= box.top - slack && y <= box.bottom + slack;

const area = ({ left, right, top, bottom }: Box): number => (right - left) * (bottom - top);

/** The smallest mark at the point, captions included; marks a finger's breadth away count when nothing is nearer. */
export const markAt = (marks: readonly Mark[], x: number, y: number): Mark | null => {
  for (const slack of [0, FINGER]) {
    const hits = marks.filter(
      (mark) =>
        holds(mark.box, x, y, slack) || (mark.caption !== null && holds(mark.caption.box, x, y, slack / 2)),
    );
    if (hits.length > 0) return hits.reduce((best, mark) => (area(mark.box) < area(best.box) ? mark : best));
  }
  return null;
};

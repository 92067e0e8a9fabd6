/** How long the lines of a private talk stay: a rumor that everybody of it sees as a line (NIP-40 on what is said from then on). */
import { DAY, HOUR, MINUTE } from '#shared/time.ts';
import type { Draft, NostrEvent } from '../event.ts';
import * as kinds from '../kinds.ts';
import { tagValue } from '../tags.ts';

/** What can be chosen, in seconds; 0: for good. */
export const STAYS: readonly number[] = [0, MINUTE, HOUR, DAY, 7 * DAY, 30 * DAY];

const AFTER = 'after';

/** Kind 20016; `after` in seconds, 0: lines stay for good again. */
export const makeDisappearing = (group: string, after: number): Draft => ({
  kind: kinds.DISAPPEARING,
  content: '',
  tags: [
    ['h', group],
    [AFTER, String(after)],
  ],
});

/** Seconds for which lines stay, 0: for good. Undefined for another kind and for less than a minute or more than thirty days. */
export const parseDisappearing = (event: Pick<NostrEvent, 'kind' | 'tags'>): number | undefined => {
  const text = tagValue(event, AFTER);
  if (event.kind !== kinds.DISAPPEARING || text === undefined || !/^\d{1,7}$/.test(text)) return undefined;
  const after = Number(text);
  return after === 0 || (after >= MINUTE && after <= 30 * DAY) ? after : undefined;
};

/** Until when a wrap is kept for a line that ends at `end` (Unix seconds): never shorter, and not as telling. `random` in 0–1. */
export const wrapEnd = (end: number, stays: number, random: number): number =>
  end + Math.floor(random * Math.min(2 * DAY, Math.max(HOUR, stays / 2)));

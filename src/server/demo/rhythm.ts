/** When people talk: more in the evening, hardly at night, always in the time of their own place. */
import { DAY, HOUR, MINUTE } from '#shared/time.ts';
import type { Random } from './random.ts';

/** How far back talk goes, in seconds. */
export const TALK_SPAN = 90 * DAY;

// Midnight to midnight, local.
const hours = [2, 1, 0.5, 0.3, 0.3, 1, 3, 6, 8, 7, 6, 6, 8, 7, 5, 5, 6, 8, 10, 12, 13, 12, 8, 4];

/** Seconds after local midnight at which people start to talk. */
export const drawHour = (random: Random): number => random.weighted(hours) * HOUR + random.int(0, HOUR - 1);

/** A moment of the last 90 days (Unix seconds) in the place's own daytime; `recency` > 1 prefers the last weeks. */
export const drawMoment = (random: Random, now: number, longitude: number, recency = 1.5): number => {
  const offset = Math.round(longitude / 15) * HOUR;
  const about = now - TALK_SPAN * random.next() ** recency;
  const midnight = Math.floor((about + offset) / DAY) * DAY - offset;
  const moment = midnight + drawHour(random);
  return moment < now - MINUTE ? moment : moment - DAY;
};

/** Seconds until the next line of a conversation: mostly a minute or so, sometimes after a pause for life. */
export const drawPause = (random: Random): number =>
  random.chance(0.1)
    ? random.int(40 * MINUTE, 4 * HOUR)
    : Math.round(15 - Math.log(1 - random.next()) * 2.5 * MINUTE);

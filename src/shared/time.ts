/** Where a module reads the time: seconds since 1970 (Unix), so that tests can hold it still. */
export interface Clock {
  now(): number;
}

/** The machine's own clock, in whole Unix seconds. */
export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) };

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const YEAR = 365 * DAY;

/** Times and rates that are only means: two digits and a plain unit, because more would be a lie. */
import { m } from '#messages/paraglide/messages.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const compact = new Intl.NumberFormat(undefined, {
  notation: 'compact',
  compactDisplay: 'long',
  minimumSignificantDigits: 2,
  maximumSignificantDigits: 2,
});

const rounded = (count: number): number => Number(count.toPrecision(2));

/** A mean time of so many seconds in words, for the middle of a sentence: “25 seconds”, “a moment”. */
export const roughTime = (seconds: number): string => {
  if (seconds < 1.5) return m.ui_rough_moment();
  if (seconds < 90) return m.ui_rough_seconds({ count: rounded(Math.round(seconds)) });
  if (seconds < 90 * MINUTE) return m.ui_rough_minutes({ count: rounded(Math.round(seconds / MINUTE)) });
  if (seconds < 36 * HOUR) return m.ui_rough_hours({ count: rounded(Math.round(seconds / HOUR)) });
  if (seconds < YEAR) return m.ui_rough_days({ count: rounded(Math.round(seconds / DAY)) });
  const years = rounded(Math.round(seconds / YEAR));
  if (years <= 1) return m.ui_rough_year();
  return years < 1000 ? m.ui_rough_years({ count: years }) : m.ui_rough_ages();
};

/** A count a second in words: “9.1 million/s”. */
export const roughRate = (rate: number): string => m.ui_rough_rate({ count: roughCount(rate) });

/** A count in words: “9.1 million”. */
export const roughCount = (count: number): string =>
  count < 1000 ? String(Math.round(count)) : compact.format(count);

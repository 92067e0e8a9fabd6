/** Times of lines in words. */
import { getLocale } from '#messages/paraglide/runtime.js';

const formats = new Map<string, Intl.DateTimeFormat>();

const formatFor = (key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const name = `${getLocale()} ${key}`;
  const known = formats.get(name) ?? new Intl.DateTimeFormat(getLocale(), options);
  formats.set(name, known);
  return known;
};

const isShowable = (at: number): boolean => at <= 8_000_000_000_000;

/** "14:05" or "2:05 PM"; empty for times no calendar has. `at` in Unix seconds. */
export const clockWords = (at: number): string =>
  isShowable(at) ? formatFor('clock', { timeStyle: 'short' }).format(at * 1000) : '';

/** "Sunday, 22 November 2026 at 14:05", for tooltips and readers. */
export const fullTimeWords = (at: number): string =>
  isShowable(at) ? formatFor('full', { dateStyle: 'full', timeStyle: 'short' }).format(at * 1000) : '';

/** For `<time datetime>`. */
export const machineTime = (at: number): string => (isShowable(at) ? new Date(at * 1000).toISOString() : '');

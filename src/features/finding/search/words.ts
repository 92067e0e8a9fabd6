/** Times and counts of the search in words. */
import { m } from '#messages/paraglide/messages.js';
import { getLocale } from '#messages/paraglide/runtime.js';
import type { When } from './question.ts';

const isShowable = (at: number): boolean => Math.abs(at) <= 8_000_000_000_000;

/** "14:05" today, "14 Mar" this year, else with the year; empty for times no calendar has. `at` in Unix seconds. */
export const whenWords = (at: number, now: Date, locale: string = getLocale()): string => {
  if (!isShowable(at)) return '';
  const date = new Date(at * 1000);
  const options: Intl.DateTimeFormatOptions =
    date.toDateString() === now.toDateString()
      ? { timeStyle: 'short' }
      : date.getFullYear() === now.getFullYear()
        ? { day: 'numeric', month: 'short' }
        : { day: 'numeric', month: 'short', year: 'numeric' };
  return new Intl.DateTimeFormat(locale, options).format(date);
};

/** The whole date and time, for tooltips. */
export const fullWords = (at: number, locale: string = getLocale()): string =>
  isShowable(at)
    ? new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at * 1000)
    : '';

/** For `<time datetime>`. */
export const machineTime = (at: number): string => (isShowable(at) ? new Date(at * 1000).toISOString() : '');

/** A filter of time on its chip. */
export const filterWords = (when: When, locale: string = getLocale()): string => {
  if (when.kind !== 'range')
    return {
      any: m.finding_when_any,
      week: m.finding_when_week,
      month: m.finding_when_month,
      year: m.finding_when_year,
    }[when.kind]();
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const words = (text: string): string => (text === '' ? '' : day.format(new Date(`${text}T12:00`)));
  const [from, to] = [words(when.from), words(when.to)];
  if (from === '') return m.finding_when_until({ to });
  return to === '' ? m.finding_when_since({ from }) : m.finding_when_between({ from, to });
};

/** "1 result", "2,345 results". */
export const totalWords = (total: number, locale: string = getLocale()): string =>
  total === 1
    ? m.finding_total_one()
    : m.finding_total({ count: new Intl.NumberFormat(locale).format(total) });

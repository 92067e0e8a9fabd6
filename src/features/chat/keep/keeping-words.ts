/** How far keeping has come, in words. */
import { m } from '#messages/paraglide/messages.js';
import { getLocale } from '#messages/paraglide/runtime.js';

/** A count with its language's marks: “12,400”. */
export const countWords = (count: number): string => new Intl.NumberFormat(getLocale()).format(count);

/** “12,400 lines, back to 3 March 2026”; `oldest` in Unix seconds, undefined before the first page. */
export const farWords = (lines: number, oldest: number | undefined): string =>
  oldest === undefined
    ? m.chat_keep_beginning()
    : m.chat_keep_far({ count: countWords(lines), date: dayWords(oldest) });

/** “3 March 2026”; `at` in Unix seconds. */
export const dayWords = (at: number): string =>
  new Intl.DateTimeFormat(getLocale(), { day: 'numeric', month: 'long', year: 'numeric' }).format(at * 1000);

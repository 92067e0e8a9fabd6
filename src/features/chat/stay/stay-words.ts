/** How long lines stay, in words. */
import { m } from '#messages/paraglide/messages.js';
import { DAY, HOUR, MINUTE } from '#shared/time.ts';

const many = (count: number, one: string, more: string): string => (count === 1 ? one : more);

/** "1 minute", "7 days"; seconds that no choice has are rounded to the unit below. */
export const stayWords = (seconds: number): string => {
  if (seconds === 0) return m.chat_stay_off();
  if (seconds < HOUR) {
    const count = Math.round(seconds / MINUTE);
    return many(count, m.chat_stay_minute(), m.chat_stay_minutes({ count }));
  }
  if (seconds < DAY) {
    const count = Math.round(seconds / HOUR);
    return many(count, m.chat_stay_hour(), m.chat_stay_hours({ count }));
  }
  const count = Math.round(seconds / DAY);
  return many(count, m.chat_stay_day(), m.chat_stay_days({ count }));
};

/** What a person has set, as a line of the talk says it. */
export const staySentence = (name: string, seconds: number): string =>
  seconds === 0 ? m.chat_stay_set_off({ name }) : m.chat_stay_set({ name, time: stayWords(seconds) });

/** How long a place can be silent, and how that is said. */
import { FOR_GOOD } from '#client/wake/wants.ts';
import { m } from '#messages/paraglide/messages.js';
import { DAY, HOUR } from '#shared/time.ts';

export const MUTES = ['hour', 'hours', 'morning', 'week', 'good'] as const;
export type Mute = (typeof MUTES)[number];

const MORNING = 8;
/** Before this hour the night still belongs to the day before. */
const NIGHT_ENDS = 4;

const tomorrowMorning = (now: Date): Date => {
  const morning = new Date(now);
  if (now.getHours() >= NIGHT_ENDS) morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING, 0, 0, 0);
  return morning;
};

/** The end of a silence that begins now: Unix seconds. */
export const muteUntil = (mute: Mute, now: Date): number => {
  const seconds = Math.floor(now.getTime() / 1000);
  switch (mute) {
    case 'hour':
      return seconds + HOUR;
    case 'hours':
      return seconds + 8 * HOUR;
    case 'morning':
      return Math.floor(tomorrowMorning(now).getTime() / 1000);
    case 'week':
      return seconds + 7 * DAY;
    case 'good':
      return FOR_GOOD;
  }
};

export const muteWords: Readonly<Record<Mute, () => string>> = {
  hour: m.notifications_mute_hour,
  hours: m.notifications_mute_hours,
  morning: m.notifications_mute_morning,
  week: m.notifications_mute_week,
  good: m.notifications_mute_good,
};

const sameDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const otherDay = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });

/** “Muted until Mon 08:00”. */
export const mutedWords = (until: number, now: Date): string => {
  if (until === FOR_GOOD) return m.notifications_muted_good();
  const end = new Date(until * 1000);
  const format = end.toDateString() === now.toDateString() ? sameDay : otherDay;
  return m.notifications_muted_until({ time: format.format(end) });
};

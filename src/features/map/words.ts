/** Numbers and times of the map in words. */
import { DAY, HOUR, MINUTE } from '#shared/time.ts';
import { m } from '#messages/paraglide/messages.js';

/** "34 members"; nothing where the number is not known (0). */
export const membersInWords = (members: number): string =>
  members <= 0 ? '' : members === 1 ? m.map_members_one() : m.map_members_many({ count: members });

/** "active 3 hours ago" for a Unix time in seconds, "quiet so far" without one. */
export const activityInWords = (lastActivity: number | undefined, now: number, locale?: string): string => {
  if (lastActivity === undefined) return m.map_quiet();
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const past = Math.max(0, now - lastActivity);
  const when =
    past < HOUR
      ? format.format(-Math.floor(past / MINUTE), 'minute')
      : past < DAY
        ? format.format(-Math.floor(past / HOUR), 'hour')
        : past < 60 * DAY
          ? format.format(-Math.floor(past / DAY), 'day')
          : format.format(-Math.floor(past / (30 * DAY)), 'month');
  return m.map_active({ when });
};

/** A country's name in the reader's language for a two-letter code; the code when there is none. */
export const countryInWords = (code: string, locale?: string): string => {
  try {
    return new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
};

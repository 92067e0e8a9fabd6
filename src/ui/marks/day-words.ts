/** Words for a day, as a heading in a timeline. */

/** What the catalogue says for the two days that have names of their own. */
export interface NearDays {
  readonly today: string;
  readonly yesterday: string;
}

/** "Today", "Yesterday", "Friday 14 March", and with its year when that is another one. In local time. */
export function dayWords(at: Date, now: Date, locale: string, near: NearDays): string {
  if (Number.isNaN(at.getTime())) return '';
  const age = dayNumber(now) - dayNumber(at);
  if (age === 0) return near.today;
  if (age === 1) return near.yesterday;
  const sameYear = at.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

/** Days since the epoch in local time; daylight saving neither adds nor loses one. */
function dayNumber(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
}

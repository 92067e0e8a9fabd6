/** The months of a conversation, to go to one of them. Pure. */

interface MonthChoice {
  /** 0…11 */
  readonly month: number;
  /** Unix seconds at which it begins here. */
  readonly at: number;
  /** Nothing can have been said in it. */
  readonly isOut: boolean;
}

export interface YearChoice {
  readonly year: number;
  readonly months: readonly MonthChoice[];
}

const MOST_YEARS = 20;
const startOf = (year: number, month: number): number => new Date(year, month, 1).getTime() / 1000;

/** All years from `now` back to `oldest` (Unix seconds), the newest first, each with twelve months; in local time. */
export const yearsBack = (oldest: number, now: number): YearChoice[] => {
  const last = new Date(now * 1000).getFullYear();
  const first = Math.max(last - MOST_YEARS, new Date(Math.min(oldest, now) * 1000).getFullYear());
  return Array.from({ length: last - first + 1 }, (_, back): YearChoice => {
    const year = last - back;
    const months = Array.from({ length: 12 }, (_each, month): MonthChoice => {
      const at = startOf(year, month);
      return { month, at, isOut: at > now || startOf(year, month + 1) <= oldest };
    });
    return { year, months };
  });
};

/** `2026-03-14` here as Unix seconds of its midnight; undefined for anything else. */
export const parseDay = (text: string): number | undefined => {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (!year || !month || !day) return undefined;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  return date.getMonth() === Number(month) - 1 ? date.getTime() / 1000 : undefined;
};

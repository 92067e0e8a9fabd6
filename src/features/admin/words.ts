/** How the operator's page says things. */
import { m } from '#messages/paraglide/messages.js';
import { getLocale } from '#messages/paraglide/runtime.js';
import type { AdminJob, ReportType } from '#protocol/admin/admin.ts';
import type { LineFailure } from './desk/line.ts';
import type { Sort } from './numbers/stacks.ts';

/** A number with the language's own separators. */
export const countWords = (count: number): string => new Intl.NumberFormat(getLocale()).format(count);

/** Large numbers short: 12K. */
export const shortWords = (count: number): string =>
  new Intl.NumberFormat(getLocale(), { notation: 'compact', maximumFractionDigits: 1 }).format(count);

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Bytes in the largest fitting unit. */
export const sizeWords = (bytes: number): string => {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const unit = UNITS[step] ?? 'byte';
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 3 } as const;
  return new Intl.NumberFormat(getLocale(), options).format(bytes / 1000 ** step);
};

/** Seconds in the largest unit of which there is at least one. */
export const durationWords = (seconds: number): string => {
  const steps = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [unit, length] = steps.find(([, least]) => seconds >= least) ?? (['second', 1] as const);
  const options = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(getLocale(), options).format(Math.floor(seconds / length));
};

/** A moment: its time today, else its day and time. Unix seconds. */
export const timeWords = (at: number, now = new Date()): string => {
  const date = new Date(at * 1000);
  const isToday = date.toDateString() === now.toDateString();
  return new Intl.DateTimeFormat(getLocale(), {
    ...(isToday ? {} : { dateStyle: 'medium' }),
    timeStyle: 'short',
  }).format(date);
};

/** A day of the plot (`2026-11-22`, UTC). */
export const dayWords = (day: string, style: 'short' | 'long'): string =>
  new Intl.DateTimeFormat(getLocale(), {
    timeZone: 'UTC',
    month: style,
    day: 'numeric',
    ...(style === 'long' ? { weekday: 'long' } : {}),
  }).format(new Date(`${day}T12:00:00Z`));

const SORTS: Readonly<Record<Sort, () => string>> = {
  lines: m.admin_sort_lines,
  reactions: m.admin_sort_reactions,
  letters: m.admin_sort_letters,
  places: m.admin_sort_places,
  other: m.admin_sort_other,
};
export const sortWords = (sort: Sort): string => SORTS[sort]();

const TYPES: Readonly<Record<ReportType, () => string>> = {
  nudity: m.admin_type_nudity,
  malware: m.admin_type_malware,
  profanity: m.admin_type_profanity,
  illegal: m.admin_type_illegal,
  spam: m.admin_type_spam,
  impersonation: m.admin_type_impersonation,
  other: m.admin_type_other,
};
/** Why something was reported. */
export const typesWords = (types: readonly ReportType[]): string =>
  types.map((type) => TYPES[type]()).join(' · ');

/** What a job is called; one that we don't know keeps its own name. */
export const jobName = (name: string): string => {
  if (name === 'statistics') return m.admin_job_statistics();
  if (name === 'retention') return m.admin_job_retention();
  return name === 'backup' ? m.admin_job_backup() : name;
};

/** How a job is doing. */
export const jobWords = ({ state, startedAt, endedAt = startedAt }: AdminJob): string => {
  if (state === 'running') return m.admin_job_running({ time: timeWords(startedAt) });
  const time = timeWords(endedAt);
  return state === 'done' ? m.admin_job_done({ time }) : m.admin_job_failed({ time });
};

/** Why a request came to nothing. */
export const troubleWords = ({ code, message }: LineFailure): string => {
  switch (code) {
    case 'offline':
      return m.admin_trouble_offline();
    case 'unsigned':
      return m.admin_trouble_unsigned();
    case 'rate-limited':
      return m.admin_trouble_hasty();
    case 'forbidden':
      return m.admin_trouble_forbidden();
    default:
      return m.admin_trouble_other({ words: message });
  }
};

/** What a person asks for: words and filters; as a question to the store and as an address. */
import type { SearchQuestion } from '#client/store/searching.ts';

/** Days are `YYYY-MM-DD` in local time, both included. */
export type When =
  | { readonly kind: 'any' | 'week' | 'month' | 'year' }
  | { readonly kind: 'range'; readonly from: string; readonly to: string };

export interface Wish {
  readonly text: string;
  /** A place's id. */
  readonly place?: string | undefined;
  /** A public key. */
  readonly person?: string | undefined;
  readonly when: When;
}

export const ANY_TIME: When = { kind: 'any' };
export const NO_WISH: Wish = { text: '', when: ANY_TIME };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAYS_BACK = { week: 7, month: 30, year: 365 };

/** Unix seconds (`now` too), both inclusive; a range whose ends are the wrong way round is turned. */
export const boundsOf = (when: When, now: number): { readonly since?: number; readonly until?: number } => {
  if (when.kind === 'any') return {};
  if (when.kind !== 'range') {
    const today = new Date(now * 1000);
    const start = new Date(today.getFullYear(), today.getMonth(), today.getDate() - DAYS_BACK[when.kind]);
    return { since: seconds(start) };
  }
  const [from, to] = [dayStart(when.from), dayStart(when.to)];
  const [first, last] = from && to && from > to ? [to, from] : [from, to];
  return {
    ...(first && { since: seconds(first) }),
    ...(last && {
      until: seconds(new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1)) - 1,
    }),
  };
};

/** The question for the store. */
export const questionOf = (
  { text, place, person, when }: Wish,
  tables: readonly string[],
  limit: number,
  now: number,
): SearchQuestion => ({
  text,
  tables,
  limit,
  ...(place !== undefined && { group: place }),
  ...(person !== undefined && { author: person }),
  ...boundsOf(when, now),
});

/** `/search` with the wish in it: `q` words, `in` a place, `by` a person, `when`. */
export const searchAddress = ({ text, place, person, when }: Partial<Wish>): string => {
  const query = new URLSearchParams();
  if (text) query.set('q', text);
  if (place !== undefined) query.set('in', place);
  if (person !== undefined) query.set('by', person);
  if (when?.kind === 'range') query.set('when', `${when.from}..${when.to}`);
  else if (when && when.kind !== 'any') query.set('when', when.kind);
  const search = query.toString();
  return search === '' ? '/search' : `/search?${search}`;
};

/** Reads an address's query; what cannot be read is left out. */
export const parseSearchAddress = (query: URLSearchParams): Wish => {
  const place = query.get('in');
  const person = query.get('by');
  return {
    text: query.get('q') ?? '',
    when: parseWhen(query.get('when') ?? ''),
    ...(place && { place }),
    ...(person && /^[0-9a-f]{64}$/.test(person) && { person }),
  };
};

const parseWhen = (text: string): When => {
  if (text === 'week' || text === 'month' || text === 'year') return { kind: text };
  const [from = '', to = '', ...rest] = text.split('..');
  const isRange = rest.length === 0 && isDayOrNone(from) && isDayOrNone(to) && from + to !== '';
  return isRange ? { kind: 'range', from, to } : ANY_TIME;
};

const isDayOrNone = (text: string): boolean => text === '' || dayStart(text) !== undefined;

/** Local midnight; undefined for what no calendar has. */
const dayStart = (text: string): Date | undefined => {
  if (!DAY.test(text)) return undefined;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date : undefined;
};

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

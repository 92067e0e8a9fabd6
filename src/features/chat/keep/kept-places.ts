/** Which places' talk is kept whole on this device, and how far that has come: what is remembered from visit to visit. */
import { isGroupId } from '#protocol/groups.ts';
import { isRecord } from '#shared/json.ts';
import { DAY } from '#shared/time.ts';

export interface KeptPlace {
  readonly id: string;
  readonly name: string;
  /** Unix seconds; when this pass began, from the newest line backwards. */
  readonly begunAt: number;
  /** Unix seconds; the pass goes on from here. */
  readonly until: number;
  /** Unix seconds; what is older was fetched by an earlier pass. 0: nothing was. */
  readonly since: number;
  /** Unix seconds; the oldest moment that this or an earlier pass has reached. Absent before the first page. */
  readonly oldest?: number;
  readonly isDone: boolean;
}

/** A place's relay takes lines that are late by this much (seconds): every pass looks so far back before the one before. */
const LATE = 8 * DAY;

/** A place whose talk nobody has asked for yet. */
export const beginKeeping = (id: string, name: string, now: number): KeptPlace => ({
  id,
  name,
  begunAt: now,
  until: now,
  since: 0,
  isDone: false,
});

/** The next pass over a place that was fetched whole: what was said since. */
export const keepUp = (place: KeptPlace, now: number): KeptPlace => ({
  ...place,
  begunAt: now,
  until: now,
  since: Math.max(1, place.begunAt - LATE),
  isDone: false,
});

/** After a page that reached back to `oldest`; undefined: there was nothing in it. */
export const turnPage = (place: KeptPlace, oldest: number | undefined): KeptPlace => {
  if (oldest === undefined) return { ...place, isDone: true };
  const reached = Math.min(oldest, place.oldest ?? Infinity);
  // The bound is inclusive, so that a second cut in two by a page is whole again; a page of that second alone moves on.
  const until = oldest >= place.until ? place.until - 1 : oldest;
  return { ...place, until, oldest: reached, isDone: until < place.since || until < 0 };
};

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const parsePlace = (value: unknown): KeptPlace[] => {
  if (!isRecord(value)) return [];
  const { id, name, begunAt, until, since, oldest, isDone } = value;
  if (typeof id !== 'string' || !isGroupId(id) || typeof name !== 'string') return [];
  if (!isTime(begunAt) || !isTime(until) || !isTime(since)) return [];
  return [
    { id, name, begunAt, until, since, isDone: isDone === true, ...(isTime(oldest) ? { oldest } : {}) },
  ];
};

/** What was remembered, the malformed left out; each place once. */
export const parseKeptPlaces = (value: unknown): readonly KeptPlace[] => {
  const places = Array.isArray(value) ? value.flatMap(parsePlace) : [];
  return [...new Map(places.map((place) => [place.id, place])).values()];
};

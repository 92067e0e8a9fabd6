/** What the city may wake this device for: filters made from places and from what the person wants to be told of them. */
import type { Filter } from '#protocol/filters.ts';
import { GIFT_WRAP, LINE_KINDS } from '#protocol/kinds.ts';
import { PUSH_LIMITS } from '#protocol/push.ts';
import type { PushWant } from '#protocol/push.ts';
import type { NoticeLevel } from '../store/local-events.ts';

/** Muted until the person says otherwise. */
export const FOR_GOOD = Number.MAX_SAFE_INTEGER;

/** A place as far as notices go. */
export interface NoticedPlace {
  readonly id: string;
  readonly level: NoticeLevel;
  /** Unix seconds; 0 for not muted, `FOR_GOOD` for ever. */
  readonly mutedUntil: number;
}

/** Letters and calls from person to person. */
const LETTERS = 1;
/** Kinds and the person's own key stand in every want of places. */
const FIXED_VALUES = LINE_KINDS.length + 1;

interface Bundle {
  readonly level: NoticeLevel;
  readonly after: number;
  readonly ids: string[];
}

const bundled = (places: readonly NoticedPlace[], now: number): Bundle[] => {
  const bundles = new Map<string, Bundle>();
  for (const { id, level, mutedUntil } of places) {
    if (level === 'nothing' || mutedUntil === FOR_GOOD) continue;
    const after = mutedUntil > now ? mutedUntil : 0;
    const key = `${level} ${after}`;
    const bundle = bundles.get(key) ?? { level, after, ids: [] };
    bundles.set(key, bundle);
    bundle.ids.push(id);
  }
  return [...bundles.values()];
};

/** What of a place's talk is told: every line, or those that name the person (replies do). */
const placesFilter = (level: NoticeLevel, me: string, ids: readonly string[]): Filter => ({
  kinds: LINE_KINDS,
  '#h': [...ids].sort(),
  ...(level === 'mentions' ? { '#p': [me] } : {}),
});

/** Cuts bundles to what a city takes: the places named first stay. */
const fitting = (bundles: readonly Bundle[]): Bundle[] => {
  let left = PUSH_LIMITS.values - 2 * LETTERS;
  return [...bundles]
    .sort((a, b) => a.after - b.after || a.level.localeCompare(b.level))
    .slice(0, PUSH_LIMITS.wants - LETTERS)
    .flatMap((bundle) => {
      const ids = bundle.ids.slice(0, Math.max(0, left - FIXED_VALUES));
      left -= FIXED_VALUES + ids.length;
      return ids.length > 0 ? [{ ...bundle, ids }] : [];
    });
};

/** The filters of the places alone that hold at a time (Unix seconds), as a look at the relay asks them. */
export const placeFilters = (places: readonly NoticedPlace[], me: string, now: number): Filter[] =>
  fitting(bundled(places, now))
    .filter(({ after }) => after === 0)
    .map(({ level, ids }) => placesFilter(level, me, ids));

/** Everything that shall wake the device of `me`; muted places from the end of their silence on. Equal wishes give equal wants. */
export const wantsOf = (places: readonly NoticedPlace[], me: string, now: number): PushWant[] => [
  { filter: { kinds: [GIFT_WRAP], '#p': [me] } },
  ...fitting(bundled(places, now)).map(({ level, after, ids }) => ({
    filter: placesFilter(level, me, ids),
    ...(after > 0 ? { after } : {}),
  })),
];

/** Places and their life put together for the map and the search. Types only from features: this is on the first screen's way. */
import type { ConversationRow } from '#features/chat/index.ts';
import type { Place } from '#features/groups/index.ts';
import type { PlaceOnMap } from '#features/map/index.ts';
import { MINUTE } from '#shared/time.ts';

/** A line within this many seconds makes a place "live". */
const LIVE_FOR = 10 * MINUTE;

/** Places that have a cell, with when they were last spoken in. `now` in Unix seconds. */
export const placesOnMap = (
  places: readonly Place[],
  activity: Readonly<Record<string, ConversationRow>>,
  now: number,
): PlaceOnMap[] =>
  places.flatMap(({ id, name, about, geohash, members, own }) => {
    if (geohash === undefined) return [];
    const lastActivity = activity[id]?.lastAt || undefined;
    const live = (lastActivity ?? 0) > now - LIVE_FOR;
    return [{ id, name, about, geohash, members, own, lastActivity, live }];
  });

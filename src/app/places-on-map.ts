/** Places and their life put together for the map, the search and my own list. */
import { previewText } from '#features/chat/index.ts';
import type { ConversationRow } from '#features/chat/index.ts';
import type { MyPlaceRow, Place } from '#features/groups/index.ts';
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
  places.flatMap(({ id, name, geohash, members, own }) => {
    if (geohash === undefined) return [];
    const lastActivity = activity[id]?.lastAt || undefined;
    return [{ id, name, geohash, members, own, lastActivity, live: (lastActivity ?? 0) > now - LIVE_FOR }];
  });

/** My places for the Messages screen, newest talk first. */
export const myPlaceRows = (
  mine: readonly Place[],
  activity: Readonly<Record<string, ConversationRow>>,
  nameOf: (pubkey: string) => string,
): MyPlaceRow[] =>
  mine
    .map(({ id, name }): MyPlaceRow => {
      const row = activity[id];
      if (!row?.lastAt) return { id, name };
      const said = previewText(row.lastText, nameOf);
      return { id, name, last: `${nameOf(row.lastAuthor)}: ${said}`, unread: row.unread, at: row.lastAt };
    })
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0));

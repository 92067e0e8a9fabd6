/** What is new in the places that a wake may tell of. Pure: a card, what a relay said, what was told before. */
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import { DELETE_EVENT, DELETION } from '#protocol/kinds.ts';
import { parseDeletion, parseLine } from '#protocol/messages.ts';
import type { Line } from '#protocol/messages.ts';
import { isExpired } from '#protocol/tags.ts';
import { MINUTE } from '#shared/time.ts';
import { shunsLine } from './card.ts';
import type { WakeCard, WakePlace } from './card.ts';
import { placeFilters } from './wants.ts';

/** New lines of one place, oldest first. */
export interface PlaceNews {
  readonly place: WakePlace;
  readonly lines: readonly Line[];
}

/** Others' clocks, and lines on their way while the person looked: so many seconds before that still count as new. */
const SLACK = 2 * MINUTE;
/** Lines that a look asks for at most, of each sort of place. */
const MOST_LINES = 60;
const MOST_DELETIONS = 100;

/** From when on (Unix seconds) lines are new to somebody who saw the city last then. */
const newFrom = ({ seenUpTo }: WakeCard): number => Math.max(0, seenUpTo - SLACK);

/** What to ask a relay that nobody proves a key to; none where every place is silent or closed. */
export const newsFilters = (card: WakeCard, now: number): readonly Filter[] => {
  const open = card.places.filter(({ isClosed }) => !isClosed);
  const since = newFrom(card);
  const lines = placeFilters(open, card.pubkey, now).map((filter): Filter => ({
    ...filter,
    since,
    limit: MOST_LINES,
  }));
  const named = [...new Set(lines.flatMap((filter) => filter['#h'] ?? []))];
  if (named.length === 0) return [];
  return [...lines, { kinds: [DELETION, DELETE_EVENT], '#h': named, since, limit: MOST_DELETIONS }];
};

/** Ids that their author, or an admin by the relay's leave, has taken away. */
const takenAway = (events: readonly NostrEvent[]): ((line: Line) => boolean) => {
  const gone = new Set<string>();
  for (const event of events)
    for (const id of parseDeletion(event))
      gone.add(event.kind === DELETE_EVENT ? id : `${id} ${event.pubkey}`);
  return ({ id, author }) => gone.has(id) || gone.has(`${id} ${author}`);
};

/** The places with something new, the newest last. `told`: lines that a notification has told of before. */
export const newsIn = (
  card: WakeCard,
  events: readonly NostrEvent[],
  told: ReadonlySet<string>,
  now: number,
): readonly PlaceNews[] => {
  const isGone = takenAway(events);
  const from = newFrom(card);
  const isShunned = shunsLine(card);
  const places = new Map(card.places.map((place) => [place.id, place]));
  const found = new Map<string, Line[]>();
  for (const event of events) {
    const line = parseLine(event);
    const place = line && places.get(line.group);
    if (!line || !place || isExpired(event, now)) continue;
    if (line.author === card.pubkey || told.has(line.id) || isGone(line)) continue;
    if (isShunned(line)) continue;
    if (line.at < from || line.at <= place.readUpTo) continue;
    found.set(place.id, [...(found.get(place.id) ?? []), line]);
  }
  const news = [...found].flatMap(([id, lines]) => {
    const place = places.get(id);
    return place ? [{ place, lines: lines.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)) }] : [];
  });
  return news.sort((a, b) => (a.lines.at(-1)?.at ?? 0) - (b.lines.at(-1)?.at ?? 0));
};

/** The line to show of several: the newest that names the person, else the newest. */
export const lineToShow = ({ lines }: PlaceNews, me: string): Line | undefined =>
  lines.findLast(({ mentions }) => mentions.includes(me)) ?? lines.at(-1);

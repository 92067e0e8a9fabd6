/** Questions answered the simple way: look at every event. What the store answers is held against it. */
import { eachToken } from '#shared/words/tokens.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { newestFirst } from '#protocol/event.ts';
import { isEmptyFilter, matchesFilter } from '#protocol/filters.ts';
import type { Filter } from '#protocol/filters.ts';
import * as kinds from '#protocol/kinds.ts';
import { isExpired } from '#protocol/tags.ts';
import { canRead } from '#server/relay/access.ts';
import type { Access } from '#server/relay/access.ts';
import { CELLS, KINDS, NOW, PEOPLE, PLACES, TOPICS, WORDS } from './population.ts';
import type { Chance } from './chance.ts';

const searched = new Set([kinds.PROFILE, kinds.NOTE, kinds.CHAT_LINE, kinds.POLL]);

const tokensOf = (text: string): string[] => {
  const tokens: string[] = [];
  eachToken(text, (token) => tokens.push(token));
  return tokens;
};

const textOf = ({ kind, content }: NostrEvent): string => {
  if (!searched.has(kind)) return '';
  if (kind !== kinds.PROFILE) return content;
  return content.startsWith('{') ? (JSON.parse(content) as { name: string }).name : '';
};

const known = new WeakMap<NostrEvent, ReadonlySet<string>>();
const wordsOf = (event: NostrEvent): ReadonlySet<string> => {
  const words = known.get(event) ?? new Set(tokensOf(textOf(event)));
  known.set(event, words);
  return words;
};

/** Every word, the last one perhaps longer. Only for searches as `randomFilter` makes them. */
const fits = (search: string, event: NostrEvent): boolean => {
  const wanted = search.split(' ').flatMap(tokensOf);
  const words = wordsOf(event);
  return wanted.every((word, n) =>
    n === wanted.length - 1 && /^[a-z]{2,}$/.test(word)
      ? [...words].some((each) => each.startsWith(word))
      : words.has(word),
  );
};

/** What somebody with these keys is shown of what a filter asks, newest first; the limit aside. */
export const matching = (
  events: readonly NostrEvent[],
  filter: Filter,
  keys: ReadonlySet<string>,
  access: Access,
): NostrEvent[] =>
  events.filter(
    (event) =>
      matchesFilter(filter, event) &&
      (filter.search === undefined || fits(filter.search, event)) &&
      !isExpired(event, NOW) &&
      canRead(event, keys, access),
  );

/** The answer to several filters: each within its limit, together newest first, each event once. */
export const answer = (
  events: readonly NostrEvent[],
  filters: readonly Filter[],
  most: number,
  keys: ReadonlySet<string>,
  access: Access,
): NostrEvent[] => {
  const found = filters
    .filter((filter) => !isEmptyFilter(filter))
    .flatMap((filter) =>
      matching(events, filter, keys, access).slice(0, Math.min(filter.limit ?? most, most)),
    );
  return [...new Set(found)].sort(newestFirst);
};

const NOWHERE = '9'.repeat(64);

/** Any filter, mostly such that something matches. */
export const randomFilter = (chance: Chance, events: readonly NostrEvent[]): Filter => {
  const one = <T>(make: () => T, odds: number): T[] => (chance.below(odds) === 0 ? [make()] : []);
  const time = () =>
    chance.pick([NOW - chance.below(6000), chance.pick(events).created_at, 0, 2 ** 31, 2 ** 52]);
  const ids = () => chance.some([...chance.some(events, 9).map(({ id }) => id), NOWHERE], 9);
  const tag = (): [`#${string}`, string[]] =>
    chance.pick<() => [`#${string}`, string[]]>([
      () => ['#h', chance.some([...PLACES, 'nowhere'], 3)],
      () => ['#p', chance.some(PEOPLE, 3)],
      () => ['#t', chance.some([...TOPICS, 'none'], 3)],
      () => ['#g', chance.some(CELLS, 2)],
      () => ['#d', chance.some([...PLACES, 'devices', ''], 3)],
      () => ['#e', ids()],
      () => ['#T', ['news']],
    ])();
  const entries: (readonly [string, unknown])[] = [
    ...one(() => ['ids', ids()] as const, 9),
    ...one(() => ['authors', chance.below(20) === 0 ? [] : chance.some(PEOPLE, 4)] as const, 3),
    ...one(() => ['kinds', chance.below(20) === 0 ? [] : chance.some(KINDS, 5)] as const, 2),
    ...one(tag, 2),
    ...one(tag, 4),
    ...one(() => ['since', time()] as const, 5),
    ...one(() => ['until', time()] as const, 5),
    ...one(() => ['limit', chance.pick([0, 1, 2, 7, 40, 10_000])] as const, 2),
    ...one(() => ['search', chance.some(WORDS, 2).join(' ')] as const, 12),
  ];
  return Object.fromEntries(entries) as Filter;
};

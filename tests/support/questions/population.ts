/** A small city full of everything that questions must tell apart: places of every sort, letters, requests, what has expired. */
import type { Geohash } from '#shared/geohash.ts';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { GroupDirectory } from '#server/groups/directory.ts';
import type { GroupState } from '#server/groups/state.ts';
import type { Chance } from './chance.ts';

export const NOW = 1_780_000_000;
const SPAN = 5000;

const hex = (length: number, prefix: string, n: number): string =>
  (prefix + n.toString(16).padStart(8, '0'))
    .padEnd(length, (((n * 2654435761) % 16) >>> 0).toString(16))
    .slice(0, length);

export const PEOPLE = Array.from({ length: 24 }, (_, n) => hex(64, 'a', n));
export const PLACES = Array.from({ length: 12 }, (_, n) => `place${n}`);
export const WORDS = [
  'ferry',
  'ferries',
  'pier',
  'old',
  'Café',
  'cafeteria',
  'tide',
  'gull',
  'gulls',
  '北京',
  '喜欢',
  'x',
];
export const CELLS = ['u', 'u3', 'u33', 'u33d', 'v', 'v1'];
export const TOPICS = ['news', 'art', "o'brien", '\\', 'Ünïcode'];
export const KINDS = [
  kinds.PROFILE,
  kinds.NOTE,
  kinds.LEGACY_DIRECT_MESSAGE,
  kinds.REACTION,
  kinds.CHAT_LINE,
  kinds.GIFT_WRAP,
  kinds.POLL,
  kinds.PUT_USER,
  kinds.CREATE_INVITE,
  kinds.JOIN_REQUEST,
  kinds.DELETE_GROUP,
  kinds.APP_DATA,
  kinds.GROUP_METADATA,
  kinds.GROUP_ADMINS,
  kinds.GROUP_MEMBERS,
  kinds.GROUP_PINS,
];

/** Every second place is somehow not for everybody; each has its own few people. */
const placeOfNumber = (n: number): GroupState => ({
  id: PLACES[n] ?? '',
  createdBy: PEOPLE[n] ?? '',
  createdAt: 1,
  updatedAt: 1,
  profile: {
    name: `Place ${n}`,
    about: '',
    geohash: 'u33' as Geohash,
    modes: {
      private: n % 4 === 1 || n % 6 === 3,
      restricted: false,
      closed: false,
      hidden: n % 6 === 3 || n === 10,
    },
  },
  members: new Map(
    [n, n + 1, n + 7].map((who, place) => [
      PEOPLE[who % PEOPLE.length] ?? '',
      {
        roles: place === 0 ? ['admin'] : place === 1 ? ['moderator'] : [],
        joinedAt: 1,
        addedBy: PEOPLE[n] ?? '',
      },
    ]),
  ),
  invites: new Map(),
  pins: [],
  parent: undefined,
  childOrder: [],
  deleted: n === 5 || n === 9,
});

/** The places; the last name is of none. */
export const makeDirectory = (): GroupDirectory => {
  const directory = new GroupDirectory();
  for (let n = 0; n < PLACES.length - 1; n++) directory.put(placeOfNumber(n));
  return directory;
};

const tagsOf = (chance: Chance, kind: number, known: readonly NostrEvent[]): string[][] => {
  const tags: string[][] = [];
  // What is asked of a place is asked of one that there is.
  const place = chance.pick(kinds.isGroupAction(kind) ? PLACES.slice(0, -1) : PLACES);
  if (kinds.isGroupState(kind))
    tags.push(['d', place], ...CELLS.slice(0, chance.below(4)).map((cell) => ['g', cell]));
  else if (kind === kinds.APP_DATA) tags.push(['d', chance.pick(['devices', 'settings', ''])]);
  else if (kinds.isGroupAction(kind) || chance.below(3) > 0) tags.push(['h', place]);
  if (kind === kinds.JOIN_REQUEST && chance.below(2) === 0) tags.push(['code', 'sesame']);
  for (let n = chance.below(3); n > 0; n--) tags.push(['p', chance.pick(PEOPLE)]);
  for (let n = chance.below(3); n > 0; n--) tags.push(['t', chance.pick(TOPICS)]);
  const about = known.length > 0 && chance.below(3) === 0 ? chance.pick(known) : undefined;
  if (about) tags.push(['e', about.id, '', 'reply']);
  if (chance.below(9) === 0) tags.push(['expiration', String(NOW + chance.pick([-5, -1, 0, 1, 99]))]);
  if (chance.below(9) === 0) tags.push(['t'], ['longer', 'x'], ['T', 'news']);
  return tags;
};

const contentOf = (chance: Chance, kind: number): string => {
  const text = Array.from({ length: 1 + chance.below(4) }, () => chance.pick(WORDS)).join(' ');
  return kind === kinds.PROFILE && chance.below(4) > 0 ? JSON.stringify({ name: text, about: text }) : text;
};

/** So many events, many of them in the same second. */
export const makeEvents = (chance: Chance, count: number): NostrEvent[] => {
  const events: NostrEvent[] = [];
  for (let n = 0; n < count; n++) {
    const kind = chance.pick(KINDS);
    events.push({
      id: hex(64, chance.pick(['0', '7', 'f']), n),
      pubkey: chance.pick(PEOPLE),
      kind,
      created_at: NOW - chance.below(SPAN),
      tags: tagsOf(chance, kind, events),
      content: contentOf(chance, kind),
      sig: '0'.repeat(128),
    });
  }
  return events;
};

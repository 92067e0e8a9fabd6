/**
 * One large old place: a harbour district where people of all the demo's languages have talked for more than a year.
 * Day by day from seeds of its own, so that it can be taken up again at any day without signing what was before.
 */
import { DAY, HOUR, MINUTE } from '#shared/time.ts';
import { encodeGeohash } from '#shared/geohash.ts';
import type { NostrEvent } from '#protocol/event.ts';
import { ADMIN_ROLE, makeCreateGroup, makePutUser } from '#protocol/groups.ts';
import { admit, introduce } from '../demo-events.ts';
import { LANGUAGES } from '../languages.ts';
import type { Language } from '../languages.ts';
import { makePeople } from '../people.ts';
import type { Person } from '../people.ts';
import type { CirclePlan } from '../plan.ts';
import { makeRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { drawHour, drawPause } from '../rhythm.ts';
import { signAs } from '../signing.ts';
import { reactTo, speak } from '../talk.ts';
import { drawScript, planted } from './words.ts';
import type { Script } from './words.ts';

/** Days that it goes back. */
export const HARBOUR_DAYS = 400;

export interface HarbourOptions {
  readonly seed: string;
  /** Unix seconds at which it ends. */
  readonly now: number;
  /** How many lines it has, reactions not counted. */
  readonly lines: number;
  /** The first day (0: the oldest) that is told; the founding comes with day 0 only. */
  readonly fromDay?: number;
  /** Set: its people are introduced, with the city's address for their relay lists. */
  readonly relay?: string;
}

const REACTED = 0.12;
const PEOPLE_A_LANGUAGE = 4;
const ENGLISH_PEOPLE = 16;
/** Founded this long before the first day. */
const FOUNDED = 2 * DAY;

const place = { name: 'Altona', latitude: 53.5445, longitude: 9.9385 };

/** The place's id: each size is a place of its own. */
export const harbourId = (lines: number): string => `harbour-${lines}`;

/** When a harbour ends (Unix seconds) whose founding carries this time. */
export const harbourEnd = (founded: number): number => founded + FOUNDED + HARBOUR_DAYS * DAY;

const firstMoment = (now: number): number => now - HARBOUR_DAYS * DAY;

/** The day in which a moment lies. */
export const harbourDay = (now: number, at: number): number =>
  Math.max(0, Math.min(HARBOUR_DAYS - 1, Math.floor((at - firstMoment(now)) / DAY)));

const planOf = (lines: number, language: Language): CirclePlan => ({
  id: harbourId(lines),
  name: 'Altona Old Harbour',
  about:
    'Everything that happens on the quay: ships, high water, lost things, tea at the ferry kiosk. Twenty languages, one crane. Nothing said here is ever thrown away.',
  language,
  topic: 'repair',
  place,
  cell: encodeGeohash(place.latitude, place.longitude, 6),
  modes: { private: false, restricted: false, closed: false, hidden: false },
  lines,
});

/** Lines up to the end of each day: busier at weekends and from month to month, never the same. */
const linesByDay = (seed: string, lines: number): readonly number[] => {
  const random = makeRandom(`${seed}/harbour/days`);
  const weights = Array.from(
    { length: HARBOUR_DAYS },
    (_, day) => (0.6 + 0.8 * random.next()) * (1 + day / HARBOUR_DAYS) * (day % 7 > 4 ? 1.4 : 1),
  );
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight) => Math.round((lines * (sum += weight)) / whole));
};

const peopleOf = (seed: string): ReadonlyMap<Language, readonly Person[]> => {
  const everybody = makePeople(seed);
  return new Map(
    LANGUAGES.map((language) => [
      language,
      (everybody.get(language) ?? []).slice(0, language === 'en' ? ENGLISH_PEOPLE : PEOPLE_A_LANGUAGE),
    ]),
  );
};

const scriptsFor = (random: Random, day: number, count: number): Script[] => {
  const scripts: Script[] = planted.filter(({ ago }) => HARBOUR_DAYS - 1 - ago === day);
  const length = (): number => scripts.reduce((sum, { turns }) => sum + turns.length, 0);
  while (length() < count) scripts.push(drawScript(random));
  return scripts;
};

interface Day {
  readonly options: HarbourOptions;
  readonly day: number;
  readonly count: number;
  readonly people: ReadonlyMap<Language, readonly Person[]>;
  readonly all: readonly Person[];
}

const byTime = (a: NostrEvent, b: NostrEvent): number => a.created_at - b.created_at;

/** Times of a conversation: from an hour of that day on, never beyond the end of all. */
const timesOf = (random: Random, { turns }: Script, midnight: number, end: number): number[] => {
  let clock = midnight + drawHour(random);
  const times = turns.map((_, turn) => (turn === 0 ? clock : (clock += drawPause(random))));
  const late = Math.max(0, clock - end);
  return times.map((time) => time - late);
};

function tellDay({ options, day, count, people, all }: Day): NostrEvent[] {
  const { seed, now, lines } = options;
  const random = makeRandom(`${seed}/harbour/${lines}/${day}`);
  const midnight = firstMoment(now) + day * DAY;
  let left = count;
  const events = scriptsFor(random, day, count).flatMap((script) => {
    const turns = script.turns.slice(0, left);
    left -= turns.length;
    const setting = { plan: planOf(lines, script.language), people: people.get(script.language) ?? all, now };
    const times = timesOf(random, { ...script, turns }, midnight, now - random.int(1, 20) * MINUTE);
    const said = speak(random, setting, { turns, times });
    return said.flatMap((line) => [line, ...reactTo(random, { ...setting, people: all }, line, REACTED)]);
  });
  return events.sort(byTime);
}

function* found({ seed, now, lines }: HarbourOptions, all: readonly Person[]): Generator<NostrEvent> {
  const [founder, ...others] = all;
  if (!founder) return;
  const { id, name, about, cell, modes } = planOf(lines, 'en');
  const at = firstMoment(now) - FOUNDED;
  yield signAs(founder, makeCreateGroup(id, { name, about, geohash: cell, modes }), at);
  yield signAs(founder, admit(id, others), at + HOUR);
  const helper = makeRandom(`${seed}/harbour/helper`).pick(others);
  yield signAs(founder, makePutUser(id, helper.pubkey, [ADMIN_ROLE]), at + 2 * HOUR);
}

/** The harbour's events, day by day and each day in order of time; its people are those of `makePeople`. */
export function* harbourEvents(options: HarbourOptions): Generator<NostrEvent> {
  const { seed, now, lines, fromDay = 0, relay } = options;
  const people = peopleOf(seed);
  const english = people.get('en') ?? [];
  const all = [...english, ...[...people.values()].flat().filter((person) => !english.includes(person))];
  if (fromDay === 0) {
    if (relay !== undefined)
      for (const person of all) yield* introduce(person, firstMoment(now) - FOUNDED, relay);
    yield* found(options, all);
  }
  const until = linesByDay(seed, lines);
  for (let day = fromDay; day < HARBOUR_DAYS; day++) {
    const count = (until[day] ?? 0) - (until[day - 1] ?? 0);
    yield* tellDay({ options, day, count, people, all });
  }
}

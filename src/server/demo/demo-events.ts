/** The demo city as signed events, fit for the server's import door. */
import { DAY, HOUR, MINUTE } from '#shared/time.ts';
import type { Draft, NostrEvent } from '#protocol/event.ts';
import { ADMIN_ROLE, makeCreateGroup, makePutUser } from '#protocol/groups.ts';
import { makeRelayList } from '#protocol/lists.ts';
import { makeProfile } from '#protocol/profiles.ts';
import { makePeople } from './people.ts';
import type { Person } from './people.ts';
import { planCircles } from './plan.ts';
import type { CirclePlan } from './plan.ts';
import { makeRandom } from './random.ts';
import type { Random } from './random.ts';
import { TALK_SPAN } from './rhythm.ts';
import { signAs } from './signing.ts';
import { talkOf } from './talk.ts';

export interface DemoOptions {
  /** The same seed and time make the same city. */
  readonly seed: string;
  /** Unix seconds; talk ends minutes before it. */
  readonly now: number;
  readonly groups?: number;
  /** The city's address for the people's relay lists. */
  readonly relay?: string;
}

const DEFAULT_GROUPS = 2200;
const DEFAULT_RELAY = 'ws://localhost:3000';
const LIVE_CIRCLES = 30;
const MOST_PEOPLE = 26;

/** A person's profile and relay list. */
export function* introduce(person: Person, at: number, relay: string): Generator<NostrEvent> {
  const { name, about } = person;
  yield signAs(person, makeProfile({ name, ...(about ? { about } : {}) }), at);
  yield signAs(person, makeRelayList(relay), at);
}

/** Kind 9000 for many at once: NIP-29 allows several `p` tags. */
export const admit = (group: string, people: readonly Person[]): Draft => {
  const drafts = people.map(({ pubkey }) => makePutUser(group, pubkey));
  return { ...makePutUser(group, ''), tags: [['h', group], ...drafts.flatMap(({ tags }) => tags.slice(1))] };
};

const peopleFor = (random: Random, pool: readonly Person[], lines: number): Person[] =>
  random
    .shuffle(pool)
    .slice(0, Math.min(MOST_PEOPLE, 4 + Math.round(1.7 * Math.sqrt(lines)) + random.int(0, 3)));

function* found(
  random: Random,
  plan: CirclePlan,
  people: readonly Person[],
  at: number,
): Generator<NostrEvent> {
  const [founder, ...others] = people;
  if (!founder) return;
  yield signAs(
    founder,
    makeCreateGroup(plan.id, { name: plan.name, about: plan.about, geohash: plan.cell, modes: plan.modes }),
    at,
  );
  if (others.length > 0) yield signAs(founder, admit(plan.id, others), at + random.int(1, 50) * MINUTE);
  const helpers = plan.lines > 40 || plan.modes.restricted ? others.slice(0, random.int(1, 2)) : [];
  for (const { pubkey } of helpers)
    yield signAs(founder, makePutUser(plan.id, pubkey, [ADMIN_ROLE]), at + random.int(2, 20) * HOUR);
}

/**
 * Everything the demo city says, in an order in which each event may be judged by those before it: people first, then
 * circle by circle its founding, its people, its talk. Deterministic but for `now`.
 */
export function* demoEvents(options: DemoOptions): Generator<NostrEvent> {
  const { seed, now, groups = DEFAULT_GROUPS, relay = DEFAULT_RELAY } = options;
  const everybody = makePeople(seed);
  const random = makeRandom(`${seed}/times`);
  for (const people of everybody.values())
    for (const person of people) yield* introduce(person, now - TALK_SPAN - random.int(1, 300) * DAY, relay);
  for (const [rank, plan] of planCircles(seed, groups).entries()) {
    const own = makeRandom(`${seed}/talk/${plan.id}`);
    const people = peopleFor(own, everybody.get(plan.language) ?? [], plan.lines);
    yield* found(own, plan, people, now - TALK_SPAN - own.int(2, 200) * DAY);
    yield* talkOf(own, { plan, people, now, isLive: rank < LIVE_CIRCLES });
  }
}

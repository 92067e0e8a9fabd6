/** Random histories of places: what people and thieves may try, in an order that chance decides; the same for the same seed. */
import type { Draft, Tag } from '#protocol/event.ts';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import { makePlace } from './places.ts';

/** A small generator of chance (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** True so often. */
  is(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  /** Some of a list, in its order. */
  some<T>(list: readonly T[], share = 0.3): T[] {
    return list.filter(() => this.is(share));
  }

  shuffle<T>(list: readonly T[]): T[] {
    return list
      .map((value) => ({ value, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value);
  }
}

/** Who and where. */
export interface Cast {
  /** Public keys. */
  readonly people: readonly string[];
  readonly places: readonly string[];
}

/** Somebody's deed; `draft` is made when it is done, since it may name what was done before. */
export interface Deed {
  readonly author: string;
  readonly place: string;
  draft(done: readonly { readonly id: string }[]): Draft;
}

const ROLES = ['admin', 'moderator', 'gardener'];
const CODES = ['one', 'two', 'three'];
const MODES = ['private', 'restricted', 'closed', 'hidden'];

const action = (kind: number, place: string, ...tags: readonly Tag[]): Draft => ({
  kind,
  tags: [['h', place], ...tags],
  content: '',
});

/** Sometimes two, sometimes with a role that nobody may give. */
const peopleTags = (chance: Chance, { people }: Cast, withRoles: boolean): Tag[] =>
  Array.from({ length: chance.is(0.15) ? 2 : 1 }, () => [
    'p',
    chance.pick(people),
    ...(withRoles ? chance.some(ROLES, 0.35) : []),
  ]);

const edit = (chance: Chance, { places }: Cast, place: string): Draft =>
  action(
    kinds.EDIT_METADATA,
    place,
    ['name', `Place ${place}`],
    ...chance.some(MODES, 0.25).map((mode) => [mode]),
    ...(chance.is(0.4) ? [['parent', chance.pick(places)]] : []),
    ...chance.some(places, 0.4).map((child) => ['child', child]),
  );

/** Anything that a 9000–9024 may be. */
const anything = (
  chance: Chance,
  cast: Cast,
  place: string,
  done: readonly { readonly id: string }[],
): Draft => {
  const target = done.length > 0 && chance.is(0.9) ? chance.pick(done).id : 'f'.repeat(64);
  const roll = chance.below(100);
  if (roll < 24) return action(kinds.PUT_USER, place, ...peopleTags(chance, cast, true));
  if (roll < 32) return action(kinds.REMOVE_USER, place, ...peopleTags(chance, cast, false));
  if (roll < 42) return edit(chance, cast, place);
  if (roll < 46) return groups.makeDeleteEvent(place, target);
  if (roll < 47) return groups.makeDeleteGroup(place);
  if (roll < 54)
    return groups.makeInvite(place, chance.pick(CODES), chance.is(0.7) ? { uses: 1 + chance.below(2) } : {});
  if (roll < 58) return action(kinds.UPDATE_PINS, place, ['e', target]);
  if (roll < 72) return groups.makeJoinRequest(place, chance.is(0.6) ? chance.pick(CODES) : undefined);
  if (roll < 77) return action(kinds.JOIN_REQUEST, place, ...peopleTags(chance, cast, true));
  if (roll < 82) return groups.makeLeaveRequest(place);
  if (roll < 86) return action(kinds.LEAVE_REQUEST, place, ...peopleTags(chance, cast, false));
  if (roll < 92) return action(kinds.PROMOTE_ADMIN, place, ...peopleTags(chance, cast, true));
  if (roll < 96) return action(kinds.DEMOTE_ADMIN, place, ...peopleTags(chance, cast, false));
  return action(kinds.FIRST_MODERATION + chance.below(25), place, ...peopleTags(chance, cast, true));
};

/** A history: places are founded first or late, everything else in between, all in an order that chance decides. */
export const makeHistory = (chance: Chance, cast: Cast, length: number): Deed[] => {
  const foundings = cast.places.map((place): Deed => ({
    author: chance.pick(cast.people),
    place,
    draft: () => {
      const draft = makePlace(place, Object.fromEntries(chance.some(MODES, 0.3).map((mode) => [mode, true])));
      return chance.is(0.3)
        ? { ...draft, tags: [...draft.tags, ['parent', chance.pick(cast.places)]] }
        : draft;
    },
  }));
  const early = foundings.filter(() => chance.is(0.8));
  const founders = early.map(({ author }) => author);
  const deeds = Array.from({ length }, (): Deed => {
    const place = chance.pick(cast.places);
    // Those with power do more, or histories would be full of refusals.
    const author = founders.length > 0 && chance.is(0.5) ? chance.pick(founders) : chance.pick(cast.people);
    return { author, place, draft: (done) => anything(chance, cast, place, done) };
  });
  return [...early, ...chance.shuffle([...foundings.filter((each) => !early.includes(each)), ...deeds])];
};

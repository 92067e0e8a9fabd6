/**
 * Random histories in random order against an oracle that knows nothing of how places are kept: it looks at who was who
 * before a deed and who is who after it. `HISTORIES` says how many.
 */
import { expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import * as kinds from '#protocol/kinds.ts';
import { Chance, makeHistory } from '../../../tests/support/histories.ts';
import { keyOf, Town } from '../../../tests/support/town.ts';
import { replay } from './directory.ts';
import { isCanonical } from './evolve.ts';

const HISTORIES = Number(process.env['HISTORIES'] ?? 1500);
const PEOPLE = ['anna', 'ben', 'carl', 'dora', 'eve', 'finn'].map(keyOf);
const PLACES = ['well', 'rim', 'basin'];

/** Who is who in a place, as plain sets. */
interface Standing {
  readonly there: boolean;
  readonly admins: ReadonlySet<string>;
  readonly moderators: ReadonlySet<string>;
  readonly members: ReadonlySet<string>;
}

const standingIn = (town: Town, place: string): Standing => {
  const state = town.places.get(place);
  const people = [...(state?.members ?? [])];
  const having = (role: string) =>
    new Set(people.filter(([, { roles }]) => roles.includes(role)).map(([pubkey]) => pubkey));
  return {
    there: state !== undefined,
    admins: having('admin'),
    moderators: having('moderator'),
    members: new Set(people.map(([pubkey]) => pubkey)),
  };
};

const added = (before: ReadonlySet<string>, after: ReadonlySet<string>): string[] =>
  [...after].filter((each) => !before.has(each));

/** What is wrong with a deed's outcome, in words; undefined: nothing. */
const flawOf = (before: Standing, after: Standing, deed: NostrEvent): string | undefined => {
  const author = deed.pubkey;
  const named = (tag: string) => deed.tags.filter(([name]) => name === tag).map(([, value]) => value);
  const founds = deed.kind === kinds.CREATE_GROUP && !before.there;
  const isAdmin = before.admins.has(author);
  const isModerator = before.moderators.has(author);
  const risen = added(before.admins, after.admins);
  const raised = deed.tags.filter(
    ([name, , ...roles]) =>
      name === 'p' &&
      (deed.kind === kinds.PROMOTE_ADMIN || (deed.kind === kinds.PUT_USER && roles.includes('admin'))),
  );
  const raisedKeys = raised.map(([, key]) => key);
  if (founds)
    return risen.join() === author && after.members.size === 1 ? undefined : 'a founding that lets others in';
  if (risen.length > 0 && !isAdmin) return 'somebody became an admin without an admin’s hand';
  if (risen.some((key) => !raisedKeys.includes(key))) return 'somebody became an admin whom nobody raised';
  const leaves = deed.kind === kinds.LEAVE_REQUEST;
  const fallen = [...added(after.admins, before.admins), ...added(after.moderators, before.moderators)];
  if (fallen.some((key) => !isAdmin && !(leaves && key === author)))
    return 'somebody with a role fell by another’s hand';
  if (added(before.moderators, after.moderators).length > 0 && !isAdmin)
    return 'a moderator that no admin made';
  const out = added(after.members, before.members);
  if (out.some((key) => !isAdmin && !isModerator && !(leaves && key === author)))
    return 'somebody put another out';
  const into = added(before.members, after.members);
  const joins = deed.kind === kinds.JOIN_REQUEST;
  if (into.some((key) => !isAdmin && !isModerator && !(joins && key === author)))
    return 'somebody let another in';
  if (into.some((key) => key !== author && !named('p').includes(key)))
    return 'somebody came in whom nobody named';
  return after.there && before.admins.size > 0 && after.admins.size === 0
    ? 'a place without an admin'
    : undefined;
};

const hasCircle = (town: Town): boolean =>
  PLACES.some((place) => {
    const seen = new Set<string>();
    for (let id: string | undefined = place; id !== undefined; id = town.places.get(id)?.parent?.id) {
      if (seen.has(id)) return true;
      seen.add(id);
    }
    return false;
  });

/** Places that others name though they are hidden or gone. */
const givenAway = (town: Town): string[] =>
  PLACES.flatMap((place) => (town.places.get(place)?.deleted === false ? [place] : []))
    .flatMap((place) => [...town.said(place, 'parent'), ...town.said(place, 'child')])
    .filter((named) => {
      const state = town.places.get(named);
      return !state || state.deleted || state.profile.modes.hidden;
    });

const tell = (seed: number, deed: NostrEvent, flaw: string): string =>
  `seed ${seed}: ${flaw} by ${JSON.stringify({ kind: deed.kind, by: PEOPLE.indexOf(deed.pubkey), tags: deed.tags })}`;

/** Lives a history; what went wrong, and how much was accepted. */
const live = (
  seed: number,
): { readonly flaws: string[]; readonly accepted: number; readonly risen: number } => {
  const chance = new Chance(seed);
  const town = new Town();
  const flaws: string[] = [];
  let risen = 0;
  for (const deed of makeHistory(chance, { people: PEOPLE, places: PLACES }, 45)) {
    const before = new Map(PLACES.map((place) => [place, standingIn(town, place)]));
    const event = town.event(deed.author, deed.draft(town.accepted));
    town.now += chance.below(3);
    const answer = town.take({ ...event, created_at: town.now - chance.below(100) });
    for (const [place, standing] of before) {
      const after = standingIn(town, place);
      const touched = answer === 'accepted' && place === deed.place;
      if (!touched && JSON.stringify([...after.members]) !== JSON.stringify([...standing.members]))
        flaws.push(tell(seed, event, `${place} changed though nothing was accepted there`));
      const flaw = touched ? flawOf(standing, after, event) : undefined;
      if (flaw !== undefined) flaws.push(tell(seed, event, flaw));
      if (touched) risen += added(standing.admins, after.admins).length;
    }
  }
  if (hasCircle(town)) flaws.push(`seed ${seed}: a circle of parents`);
  if (givenAway(town).length > 0) flaws.push(`seed ${seed}: ${givenAway(town).join()} was given away`);
  const canonical = town.accepted.filter(({ kind }) => isCanonical(kind));
  const again = replay(canonical, (event) => event.tags.find(([name]) => name === 'h')?.[1]);
  expect(again, `seed ${seed}`).toEqual(new Map([...town.places.all()].map((state) => [state.id, state])));
  return { flaws, accepted: town.accepted.length, risen };
};

test(
  `in ${HISTORIES} random histories nobody becomes an admin but by an admin's hand`,
  { timeout: 600_000 },
  () => {
    let [accepted, risen] = [0, 0];
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const lived = live(seed);
      expect(lived.flaws).toEqual([]);
      accepted += lived.accepted;
      risen += lived.risen;
    }
    // The histories are about something: deeds succeed, and admins do raise others.
    expect(accepted / HISTORIES).toBeGreaterThan(8);
    expect(risen / HISTORIES).toBeGreaterThan(2);
  },
);

test('the oracle sees what it is for', () => {
  const set = (...names: string[]) => new Set(names);
  const before = {
    there: true,
    admins: set('anna'),
    moderators: set('ben'),
    members: set('anna', 'ben', 'carl'),
  };
  const deed = (pubkey: string, kind: number, ...tags: string[][]): NostrEvent => ({
    ...{ id: '', sig: '', content: '', created_at: 0 },
    ...{ pubkey, kind, tags: [['h', 'well'], ...tags] },
  });
  const put = (who: string) => deed(who, kinds.PUT_USER, ['p', 'carl', 'admin']);
  const raised = { ...before, admins: set('anna', 'carl') };
  expect(flawOf(before, raised, put('anna'))).toBeUndefined();
  expect(flawOf(before, raised, put('ben'))).toMatch(/without an admin/);
  expect(flawOf(before, raised, deed('anna', kinds.EDIT_METADATA))).toMatch(/whom nobody raised/);
  expect(
    flawOf(before, { ...before, admins: set() }, deed('ben', kinds.DEMOTE_ADMIN, ['p', 'anna'])),
  ).toMatch(/fell/);
  const without = { ...before, members: set('anna', 'ben') };
  expect(flawOf(before, without, deed('ben', kinds.REMOVE_USER, ['p', 'carl']))).toBeUndefined();
  expect(flawOf(before, without, deed('dora', kinds.REMOVE_USER, ['p', 'carl']))).toMatch(/put another out/);
});

/**
 * Random histories on the real server, watched by one who was never in, one who comes and goes, and one without a key:
 * none is ever shown a line of a place that is closed to them at that moment. `PRIVATE_HISTORIES` says how many. The
 * oracle is a naive reading of what the server accepted; it shares nothing with how the server keeps places.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NostrEvent } from '#protocol/event.ts';
import type { Filter } from '#protocol/filters.ts';
import * as groups from '#protocol/groups.ts';
import * as kinds from '#protocol/kinds.ts';
import type { City } from '#server/city.ts';
import { Client, makePerson } from '../support/client.ts';
import type { Person } from '../support/client.ts';
import { Chance, makeHistory } from '../support/histories.ts';
import { makeLine, makePlace } from '../support/places.ts';
import { idsByReconciling } from '../support/reconciling.ts';
import { startTestCity } from '../support/server.ts';

const HISTORIES = Number(process.env['PRIVATE_HISTORIES'] ?? 12);
const AT_ONCE = 4;
const LENGTH = 24;
/** Fewer than a connection may have: asking needs some too. */
const MOST_OPEN = 14;

let city: City;
beforeAll(async () => {
  city = await startTestCity();
});
afterAll(() => city.close());

/** A place as somebody sees it who only reads what was accepted. */
interface Seen {
  closed: boolean;
  ended: boolean;
  readonly members: Set<string>;
}

/** What a reader of accepted events knows: nothing but flags, ends, and who was put in or out. */
class Oracle {
  readonly places = new Map<string, Seen>();
  readonly lines: NostrEvent[] = [];

  hear(event: NostrEvent): void {
    const place = event.tags.find(([name]) => name === 'h')?.[1] ?? '';
    const has = (name: string): boolean => event.tags.some(([tag]) => tag === name);
    const named = event.tags.flatMap(([name, key = '']) => (name === 'p' ? [key] : []));
    if (event.kind === kinds.CREATE_GROUP)
      this.places.set(place, { closed: false, ended: false, members: new Set([event.pubkey]) });
    const seen = this.places.get(place);
    if (!seen) return;
    if (event.kind === kinds.CREATE_GROUP || event.kind === kinds.EDIT_METADATA)
      seen.closed = has('private') || has('hidden');
    if (event.kind === kinds.PUT_USER) for (const key of named) seen.members.add(key);
    if (event.kind === kinds.REMOVE_USER) for (const key of named) seen.members.delete(key);
    if (event.kind === kinds.DELETE_GROUP) seen.ended = true;
    if (event.kind === kinds.NOTE) this.lines.push(event);
  }

  /** Lines that must not be shown to a key now. */
  secretTo(key: string | undefined): Set<string> {
    return new Set(
      this.lines
        .filter(({ tags }) => {
          const seen = this.places.get(tags[0]?.[1] ?? '');
          return !seen || seen.ended || (seen.closed && (key === undefined || !seen.members.has(key)));
        })
        .map(({ id }) => id),
    );
  }
}

/** Somebody who tries every way there is. */
class Watcher {
  readonly key: string | undefined;
  readonly client: Client;
  #live: { readonly events: NostrEvent[]; heard: number }[] = [];

  private constructor(client: Client, key: string | undefined) {
    this.client = client;
    this.key = key;
  }

  static async come(person?: Person): Promise<Watcher> {
    const client = await Client.connect(city.relayUrl);
    if (person) await client.prove(person);
    return new Watcher(client, person?.pubkey);
  }

  /** Opens questions; those that are refused or ended are opened anew the next time. */
  async listen(filters: readonly Filter[]): Promise<void> {
    for (const filter of filters) {
      if (this.#live.length >= MOST_OPEN) return;
      const live = await this.client.follow({ ...filter, limit: 0 }).catch(() => undefined);
      if (live) this.#live.push({ events: live.events, heard: 0 });
    }
  }

  /** Ids that came live since the last time. */
  async heard(): Promise<string[]> {
    await this.client.settled();
    return this.#live.flatMap((live) => {
      const fresh = live.events.slice(live.heard).map(({ id }) => id);
      live.heard = live.events.length;
      return fresh;
    });
  }

  /** Ids that any question brings up now, by REQ and by NEG; and those of `secrets` that COUNT admits to. */
  async ask(filters: readonly Filter[], secrets: readonly string[]): Promise<string[]> {
    const shown: string[] = [];
    for (const filter of filters) {
      shown.push(...(await this.client.find(filter).catch(() => [])).map(({ id }) => id));
      if (filter.search === undefined)
        shown.push(...(await idsByReconciling(this.client, filter).catch(() => [])));
    }
    if (secrets.length === 0) return shown;
    for (const filter of [{ ids: secrets }, { ids: secrets, search: 'whisper' }])
      if ((await this.client.count(filter).catch(() => 0)) > 0) shown.push(...secrets);
    return shown;
  }
}

const questionsAbout = (
  places: readonly string[],
  authors: readonly string[],
  word: string,
  lines: readonly NostrEvent[],
): Filter[] => [
  { '#h': places },
  ...places.map((place): Filter => ({ '#h': [place], kinds: [kinds.NOTE] })),
  { authors, kinds: [kinds.NOTE] },
  { kinds: [kinds.NOTE], '#t': [word] },
  { search: word },
  { search: word, kinds: [kinds.NOTE], '#h': places },
  ...(lines.length > 0 ? [{ ids: lines.map(({ id }) => id) }, { '#e': lines.map(({ id }) => id) }] : []),
];

interface Told {
  readonly leaks: string[];
  readonly lines: number;
  /** How often a line was looked for by somebody who may not see it. */
  readonly tries: number;
  /** How often a watcher saw a line that they may see. */
  readonly seen: number;
}

const live = async (seed: number): Promise<Told> => {
  const chance = new Chance(seed);
  const word = `whisper${seed}`;
  const places = [`p${seed}a`, `p${seed}b`];
  const cast = Array.from({ length: 5 }, makePerson);
  const byKey = new Map(cast.map((person) => [person.pubkey, person]));
  const [inAndOut, outsider] = [cast[4], makePerson()];
  if (!inAndOut) throw new Error('nobody comes and goes');
  const all = [...byKey.keys()];
  const oracle = new Oracle();
  const hand = await Client.connect(city.relayUrl);
  const watchers = [await Watcher.come(outsider), await Watcher.come(inAndOut), await Watcher.come()];
  const told = { leaks: [] as string[], lines: 0, tries: 0, seen: 0 };
  const questions = () => questionsAbout(places, all, word, oracle.lines);
  const judge = (watcher: Watcher, shown: readonly string[], way: string): void => {
    const secrets = oracle.secretTo(watcher.key);
    told.tries += secrets.size;
    for (const id of shown) {
      if (secrets.has(id)) told.leaks.push(`seed ${seed}: ${id} by ${way}`);
      else if (oracle.lines.some((line) => line.id === id)) told.seen += 1;
    }
  };
  const askAll = () =>
    Promise.all(
      watchers.map(async (watcher) =>
        judge(watcher, await watcher.ask(questions(), [...oracle.secretTo(watcher.key)]), 'asking'),
      ),
    );
  const publish = async (event: NostrEvent): Promise<void> => {
    const [accepted] = await hand.publish(event);
    if (accepted) oracle.hear(event);
    await admins.client.settled();
    for (const answer of admins.take()) oracle.hear(answer);
  };
  const admins = await overhear(places, cast);
  const founder = cast[0];
  if (!founder) throw new Error('nobody founds');
  await publish(
    founder.sign(
      makePlace(places[0] ?? '', { private: true, closed: chance.is(0.5), hidden: chance.is(0.3) }),
    ),
  );
  await publish(founder.sign(groups.makePutUser(places[0] ?? '', inAndOut.pubkey)));
  for (const watcher of watchers) await watcher.listen([...questions(), {}]);
  let said = 0;
  for (const deed of makeHistory(chance, { people: all, places }, LENGTH)) {
    const author = byKey.get(deed.author);
    if (!author) continue;
    if (chance.is(0.6)) await publish(author.sign(deed.draft(oracle.lines)));
    else await publish(chance.pick(cast).sign(makeLine(deed.place, `${word} line ${++said}`, [['t', word]])));
    await Promise.all(watchers.map(async (watcher) => judge(watcher, await watcher.heard(), 'listening')));
    if (chance.is(0.1)) for (const watcher of watchers) await watcher.listen(questions().slice(0, 2));
    if (!chance.is(0.12)) continue;
    await askAll();
  }
  await askAll();
  for (const client of [hand, admins.client, ...watchers.map((each) => each.client)]) client.close();
  return { ...told, lines: oracle.lines.length };
};

/** The city's own answers (9000, 9001): heard by one who has everybody's keys, so that none is missed. */
const overhear = async (places: readonly string[], cast: readonly Person[]) => {
  const client = await Client.connect(city.relayUrl);
  for (const person of cast) await client.prove(person);
  const { events } = await client.follow({
    authors: [city.pubkey],
    kinds: [kinds.PUT_USER, kinds.REMOVE_USER],
    limit: 0,
  });
  let taken = 0;
  return {
    client,
    take: (): NostrEvent[] => {
      const fresh = events.slice(taken);
      taken = events.length;
      return fresh.filter(({ tags }) => places.includes(tags.find(([name]) => name === 'h')?.[1] ?? ''));
    },
  };
};

test(
  `in ${HISTORIES} random histories no private line is shown to who is outside`,
  { timeout: 3_600_000 },
  async () => {
    const sum = { lines: 0, tries: 0, seen: 0 };
    for (let seed = 1; seed <= HISTORIES; seed += AT_ONCE) {
      const seeds = Array.from({ length: Math.min(AT_ONCE, HISTORIES - seed + 1) }, (_, i) => seed + i);
      for (const told of await Promise.all(seeds.map(live))) {
        expect(told.leaks).toEqual([]);
        sum.lines += told.lines;
        sum.tries += told.tries;
        sum.seen += told.seen;
      }
    }
    // The histories are about something.
    expect(sum.lines).toBeGreaterThan(HISTORIES * 2);
    expect(sum.tries).toBeGreaterThan(HISTORIES * 10);
    expect(sum.seen).toBeGreaterThan(HISTORIES);
  },
);

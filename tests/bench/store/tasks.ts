/** What is asked of our store once a hundred thousand events are in it. */
import { finalizeEvent, generateSecretKey } from 'nostr-tools/pure';
import { makeRandom } from '../../../src/server/demo/random.ts';
import { atMost, percentile } from '../rows.ts';
import type { BenchRow } from '../rows.ts';
import type { StoreGround } from './ground.ts';
import { QUERIES } from './queries.ts';
import type { Digests, Position, Timed } from './reading.worker.ts';
import { TOWN_BEGINS, Town, townTime } from './town.ts';
import type { TownPlan } from './town.ts';
import { drawRank } from './words.ts';

const READS = 400;
const LIST_STARTS = 5;
const SIGNED = 2000;
const VERIFY_ROUNDS = 3;
/** Each question's middle time counts: this machine does other things in between. */
const SEARCH_ROUNDS = 3;
const BOXES = 600;
const PLACES = 100_000;
const LEAST = { replay: 50_000, rebuild: 15_000, verify: 2 };

const ms = (timed: readonly Timed[]): number[] => timed.map((one) => one.ms);
const median = (values: readonly number[]): number => percentile(values, 0.5);
const p95 = (values: readonly number[]): number => percentile(values, 0.95);

const middle = (some: Timed[]): Timed => some.sort((a, b) => a.ms - b.ms)[some.length >> 1] as Timed;

/** Throws when something was measured that was not there. */
const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`the bench measured nothing: ${what}`);
};

/** A worker that has never read anything, for one task. */
const inFreshWorker = async <T>(ground: StoreGround, work: (name: string) => Promise<T>): Promise<T> => {
  const name = `reading ${Math.random()}`;
  await ground.start(name, 'reading');
  try {
    return await work(name);
  } finally {
    await ground.ask(name, 'close');
    await ground.stop(name);
  }
};

const positions = (groups: readonly string[], events: number): Position[] => {
  const random = makeRandom('positions');
  return Array.from({ length: READS }, (_, at) => {
    const group = groups[drawRank(random, groups.length)] ?? '';
    return at % 2
      ? { group }
      : { group, before: TOWN_BEGINS + random.next() * (townTime(events) - TOWN_BEGINS) };
  });
};

const lineRows = async (ground: StoreGround, profile: string, what: string, at: readonly Position[]) => {
  const timed = await inFreshWorker(ground, async (name) => {
    await ground.ask(name, 'open', profile);
    return ground.ask<Timed[]>(name, 'lines', at);
  });
  must(timed.filter(({ count }) => count === 50).length > READS / 4, 'lines');
  return [
    atMost(`last 50 ${what}, median`, median(ms(timed)), 'ms', 4, 0),
    atMost(`last 50 ${what}, p95`, p95(ms(timed)), 'ms', 16, 0),
  ];
};

const unreadRows = async (ground: StoreGround, profile: string, groups: readonly string[]) => {
  const timed = await inFreshWorker(ground, async (name) => {
    await ground.ask(name, 'open', profile);
    return ground.ask<Timed[]>(name, 'unread', [...groups, ...groups]);
  });
  must(timed.filter(({ count }) => count > 0).length > groups.length, 'unread');
  return [atMost('unread of a conversation, p95', p95(ms(timed)), 'ms', 1, 0)];
};

const listRow = async (ground: StoreGround, profile: string): Promise<BenchRow> => {
  const starts: Timed[] = [];
  for (let start = 0; start < LIST_STARTS; start++)
    starts.push(await inFreshWorker(ground, (name) => ground.ask<Timed>(name, 'openList', profile)));
  must(
    starts.every(({ count }) => count > 100),
    'conversations',
  );
  return atMost('key to the list of conversations, new worker', median(ms(starts)), 'ms', 100, 0);
};

/** Reading among what the town left, and in one conversation of as many lines. */
export const readingRows = async (
  ground: StoreGround,
  {
    town,
    events,
    profile,
    long,
  }: Readonly<Record<'profile' | 'long', string>> & { town: TownPlan; events: number },
): Promise<BenchRow[]> => {
  const { groups } = new Town(town);
  const [one = ''] = new Town({ ...town, groups: 1, onlyLines: true }).groups;
  return [
    ...(await lineRows(
      ground,
      profile,
      `of ${groups.length} conversations, anywhere`,
      positions(groups, events),
    )),
    ...(await lineRows(ground, long, `of one with ${events} lines, anywhere`, positions([one], events))),
    ...(await unreadRows(ground, profile, groups)),
    await listRow(ground, profile),
  ];
};

export const searchRows = async (ground: StoreGround, profile: string): Promise<BenchRow[]> => {
  const { opened, timed } = await inFreshWorker(ground, async (name) => {
    const loaded = await ground.ask<Timed>(name, 'openSearch', profile);
    const rounds: Timed[][] = [];
    for (let round = 0; round < SEARCH_ROUNDS; round++)
      rounds.push(await ground.ask<Timed[]>(name, 'search', QUERIES));
    return {
      opened: loaded,
      timed: QUERIES.map((_, at) => middle(rounds.map((round) => round[at] as Timed))),
    };
  });
  must(timed.filter(({ count }) => count > 0).length >= QUERIES.length / 2, 'searches');
  return [
    atMost('search index, from the disk to its first answer', opened.ms, 'ms', 300, 0),
    atMost(`search, ${QUERIES.length} different, median`, median(ms(timed)), 'ms', 5, 0),
    atMost(`search, ${QUERIES.length} different, p95`, p95(ms(timed)), 'ms', 5, 0),
  ];
};

export const mapRows = async (ground: StoreGround): Promise<BenchRow[]> => {
  const times = await inFreshWorker(ground, (name) => ground.ask<number[]>(name, 'boxes', PLACES, BOXES));
  const row = `places in a box of a city, ${PLACES} places`;
  return [
    atMost(`${row}, median`, median(times), 'ms', 0.1, 0),
    { row: `${row}, p95`, value: p95(times), unit: 'ms', ok: true },
  ];
};

const atLeast = (row: string, { ms: took, count }: Timed, least: number): BenchRow => {
  const value = Math.round((count / took) * 1000);
  return { row, value, unit: 'events/s', target: `≥ ${least}`, ok: value >= least };
};

/** Replaying the log and rebuilding all rows out of it. Throws when a rebuilt row differs from the live one. */
export const replayRows = async (
  ground: StoreGround,
  profile: string,
  events: number,
): Promise<BenchRow[]> => {
  const replayed: Timed[] = [];
  for (let round = 0; round < 3; round++)
    replayed.push(await inFreshWorker(ground, (name) => ground.ask<Timed>(name, 'replay', profile)));
  const { before, rebuilt, after } = await inFreshWorker(ground, async (name) => {
    await ground.ask(name, 'open', profile);
    return {
      before: await ground.ask<Digests>(name, 'digests'),
      rebuilt: await ground.ask<Timed>(name, 'rebuild'),
      after: await ground.ask<Digests>(name, 'digests'),
    };
  });
  must(replayed.every(({ count }) => count === events) && rebuilt.count === events, 'replay');
  for (const [table, rows] of Object.entries(before))
    if (after[table] !== rows)
      throw new Error(`rebuilt rows of ${table} differ: ${rows} live, ${after[table]} rebuilt`);
  return [
    atLeast('replay: log decrypted and parsed, in order', middle(replayed), LEAST.replay),
    atLeast('all rows rebuilt, equal to the live ones', rebuilt, LEAST.rebuild),
  ];
};

const signedEvents = () => {
  const town = new Town({ seed: 'signed', groups: 20, people: 50, backlog: 0 });
  const keys = Array.from({ length: 20 }, () => generateSecretKey());
  return town
    .deliver(SIGNED)
    .slice(0, SIGNED)
    .map(({ event: { kind, created_at, tags, content } }, at) => {
      const { id, pubkey, sig, ...rest } = finalizeEvent(
        { kind, created_at, tags: tags.map((tag) => [...tag]), content },
        keys[at % keys.length] as Uint8Array,
      );
      return { ...rest, id, pubkey, sig };
    });
};

export const verifyRow = async (ground: StoreGround): Promise<BenchRow> => {
  const events = signedEvents();
  const rounds = await inFreshWorker(ground, async (name) => {
    const pairs: [number, number][] = [];
    for (let round = 0; round <= VERIFY_ROUNDS; round++) {
      const ours = await ground.ask<Timed>(name, 'verify', 'ours', events);
      pairs.push([ours.ms, (await ground.ask<Timed>(name, 'verify', 'pure', events)).ms]);
    }
    return pairs.slice(1);
  });
  const ratio = median(rounds.map(([ours, pure]) => pure / ours));
  const rate = (at: 0 | 1): number => SIGNED / (median(rounds.map((round) => round[at])) / 1000);
  return {
    row: 'signatures checked',
    value: Math.round(rate(0)),
    unit: 'events/s',
    peer: `nostr-tools/pure, ${Math.round(rate(1))}/s`,
    ratio,
    target: `≥ ${LEAST.verify}×`,
    ok: ratio >= LEAST.verify,
  };
};

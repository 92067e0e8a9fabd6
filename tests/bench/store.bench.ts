/**
 * The sealed store beside plaintext stores, in one run: keeping 100,000 events with a tenth of them twice, then what a person feels
 * among them. `npm run bench -- store:reading` runs one part; parts: ingest, reading, search, map, replay, verify.
 */
import { readFileSync } from 'node:fs';
import type { BenchContext, BenchRow } from './rows.ts';
import { openGround } from './store/ground.ts';
import type { StoreGround } from './store/ground.ts';
import { counted, race, rateOf } from './store/race.ts';
import type { Cost, Race } from './store/race.ts';
import { mapRows, readingRows, replayRows, searchRows, verifyRow } from './store/tasks.ts';
import type { TownPlan } from './store/town.ts';

const EVENTS = 100_000;
const SLICES = 10;
const TOWN: TownPlan = { seed: 'store', groups: 200, people: 2000, backlog: 40_000 };
const LONG: TownPlan = { ...TOWN, groups: 1, onlyLines: true };

/** Workers, and the databases of ours: a worker's name is its profile's. */
const OURS = 'town';
const LONG_TALK = 'long talk';
const PEERS = [
  { name: 'nostr-idb', least: 2.5, what: 'its commit awaited, no full text' },
  { name: 'sqlite', least: 2, what: 'OPFS, FTS5' },
] as const;
const PACKAGES = { 'nostr-idb': 'nostr-idb', sqlite: '@sqlite.org/sqlite-wasm' };

const versionOf = (name: keyof typeof PACKAGES): string => {
  const file = readFileSync(`node_modules/${PACKAGES[name]}/package.json`, 'utf8');
  return `${PACKAGES[name]} ${(JSON.parse(file) as { version: string }).version}`;
};

const CLOCKS: readonly (readonly [keyof Cost, string])[] = [
  ['wall', 'kept a second'],
  ['cpu', 'kept a second of all processes’ CPU'],
];

const ingestRows = (run: Race): BenchRow[] =>
  PEERS.flatMap(({ name, least, what }) =>
    CLOCKS.map(([clock, unit]): BenchRow => {
      const [ours, theirs] = [rateOf(run, OURS, clock), rateOf(run, name, clock)];
      return {
        row: unit,
        value: Math.round(ours),
        unit: 'events/s',
        peer: `${versionOf(name)}, ${what}: ${Math.round(theirs)}/s`,
        ratio: ours / theirs,
        target: `≥ ${least}×`,
        ok: ours / theirs >= least,
      };
    }),
  );

/** Fills our store alone, where a part that reads is run by itself. */
const fill = async (ground: StoreGround, name: string, town: TownPlan): Promise<void> => {
  await ground.start(name, 'ours');
  for (let slice = 1; slice <= SLICES; slice++) {
    await ground.ask(name, 'prepare', town, EVENTS / SLICES);
    await ground.ask(name, 'take', slice === SLICES);
  }
  await ground.stop(name);
};

const ingest = async (ground: StoreGround): Promise<BenchRow[]> => {
  const names = [OURS, ...PEERS.map(({ name }) => name)];
  for (const name of names) await ground.start(name, name === OURS ? 'ours' : name);
  const run = await race(ground, { town: TOWN, slice: EVENTS / SLICES, slices: SLICES, names });
  const held = await ground.ask<number>(OURS, 'held');
  if (held !== EVENTS) throw new Error(`ours kept ${held} of ${EVENTS} events`);
  for (const name of names) await ground.stop(name);
  const calm = run.slices.filter(({ isCalm }) => isCalm).length;
  return [
    {
      row: `slices with nobody else at work (load ${run.load.toFixed(1)})`,
      value: calm,
      unit: `of ${SLICES}, ${counted(run).length} counted`,
      ok: true,
    },
    ...ingestRows(run),
  ];
};

const PARTS: Readonly<Record<string, (ground: StoreGround) => Promise<BenchRow[]>>> = {
  ingest,
  reading: async (ground) => {
    await fill(ground, LONG_TALK, LONG);
    return readingRows(ground, { town: TOWN, events: EVENTS, profile: OURS, long: LONG_TALK });
  },
  search: (ground) => searchRows(ground, OURS),
  map: mapRows,
  replay: (ground) => replayRows(ground, OURS, EVENTS),
  verify: async (ground) => [await verifyRow(ground)],
};
/** Parts that need our store filled. */
const FILLED = ['reading', 'search', 'replay'];

/** The app itself is not built for it. */
export const needsApp = false;

export const run = async ({ chromium, parts = [] }: BenchContext): Promise<BenchRow[]> => {
  const unknown = parts.filter((part) => !(part in PARTS));
  if (unknown.length)
    throw new Error(`No part ${unknown.join(', ')}; there are: ${Object.keys(PARTS).join(', ')}`);
  const wanted = Object.keys(PARTS).filter((part) => parts.length === 0 || parts.includes(part));
  const ground = await openGround(chromium);
  try {
    if (!wanted.includes('ingest') && wanted.some((part) => FILLED.includes(part)))
      await fill(ground, OURS, TOWN);
    const rows: BenchRow[] = [];
    for (const part of wanted) {
      const some = (await PARTS[part]?.(ground)) ?? [];
      // It all takes minutes: whoever waits sees what there is so far.
      for (const { row, value, unit, ratio = '' } of some)
        console.error(`${part}: ${row} ${value.toPrecision(4)} ${unit} ${ratio}`);
      rows.push(...some);
    }
    return rows;
  } finally {
    await ground.end();
  }
};
